package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Sends messages to other hosts, by clients that are at work at the same time. Ends when all of them have. */
final class Traffic implements Application {
    private static final int SOME_FAILED = 1;

    private final HostNetwork network;
    private final ApplicationControl control;
    private final TrafficSettings settings;
    private final int[] targets;
    private final TrafficClient[] clients;
    private int clientsLeft;
    private long flows;
    private long failures;
    private long messages;
    private long answered;
    private long lost;
    private long bytesSent;
    private long bytesReceived;
    private Map<String, Long> failuresByReason = Map.of();
    private Durations answerTimes;
    private Durations flowTimes;

    Traffic(HostNetwork network, ApplicationControl control, TrafficSettings settings, int[] targets) {
        this.network = network;
        this.control = control;
        this.settings = settings;
        this.targets = targets;
        this.clients = new TrafficClient[settings.clients()];
    }

    HostNetwork network() {
        return network;
    }

    TrafficSettings settings() {
        return settings;
    }

    RandomGenerator random() {
        return network.environment().random();
    }

    @Override
    public void start() {
        clientsLeft = clients.length;
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new TrafficClient(this);
            clients[i].pause(0);
        }
    }

    /** Another host's address: the definition sees to it that there is one. */
    int chooseTarget() {
        int target;
        do {
            target = targets[random().nextInt(targets.length)];
        } while (network.isLocal(target));
        return target;
    }

    void countSent(int bytes) {
        bytesSent += bytes;
    }

    void countReceived(int bytes) {
        bytesReceived += bytes;
    }

    void countLost() {
        lost++;
    }

    void countMessage(boolean wasAnswered, long nanos) {
        messages++;
        if (wasAnswered) {
            answered++;
            if (answerTimes == null) {
                answerTimes = new Durations();
            }
            answerTimes.add(nanos);
        }
    }

    void countFlow(long nanos) {
        flows++;
        if (flowTimes == null) {
            flowTimes = new Durations();
        }
        flowTimes.add(nanos);
    }

    void countFailure(String why) {
        failures++;
        if (failuresByReason.isEmpty()) {
            failuresByReason = new TreeMap<>();
        }
        failuresByReason.merge(why, 1L, Long::sum);
    }

    void clientEnded() {
        if (--clientsLeft == 0) {
            control.exit(status());
        }
    }

    private int status() {
        return failures == 0 ? 0 : SOME_FAILED;
    }

    @Override
    public int shutDown() {
        return status();
    }

    @Override
    public void close() {
        for (TrafficClient client : clients) {
            if (client != null) {
                client.close();
            }
        }
    }

    @Override
    public String summary() {
        String reasons = failuresByReason.entrySet().stream()
                .map(reason -> reason.getKey() + " " + reason.getValue())
                .collect(Collectors.joining(", "));
        return "flows: " + flows + " completed, " + failures + " failed"
                + (reasons.isEmpty() ? "" : " (" + reasons + ")")
                + "\nmessages: " + messages + " sent, " + answered + " answered, " + lost + " lost"
                + "\nbytes: " + bytesSent + " sent, " + bytesReceived + " received"
                + "\ntime to answer: " + (answerTimes == null ? "none" : answerTimes)
                + "\ntime of flows: " + (flowTimes == null ? "none" : flowTimes) + "\n";
    }
}
