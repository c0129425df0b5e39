package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.ScheduledAction;
import dev.gnomon.network.TransportSocket;

/** One flow of a {@link TrafficClient}: its messages, one after the other, with pauses between them. */
abstract class Flow {
    /** Where a flow is in its life. */
    enum Phase {
        CONNECTING,
        SENDING,
        AWAITING,
        PAUSING,
        FINISHING,
        ENDED
    }

    /** Messages and flows of one client are at least so far apart, so that virtual time passes whatever is drawn. */
    static final long LEAST_PAUSE_NANOS = 1_000;

    private static final long BITS_PER_BYTE_SECOND = 8L * 1_000_000_000L;

    protected final TrafficClient client;
    protected final Traffic traffic;
    protected final HostNetwork network;
    private final TransportSocket socket;
    private final long beginNanos;
    private final long rateBitsPerSecond;
    protected Phase phase = Phase.CONNECTING;
    private ScheduledAction waiting;
    private long messagesLeft;
    private long mayGoOnNanos;

    /** Of the message under way. */
    protected long number;

    protected long length;
    protected long response;
    protected long messageNanos;

    Flow(TrafficClient client, TransportSocket socket) {
        this.client = client;
        this.traffic = client.traffic();
        this.network = traffic.network();
        this.socket = socket;
        this.beginNanos = network.nowNanos();
        TrafficSettings settings = traffic.settings();
        this.messagesLeft = Math.max(1, settings.messages().draw(traffic.random()));
        this.rateBitsPerSecond =
                settings.rate().isZero() ? 0 : Math.max(1, settings.rate().draw(traffic.random()));
        socket.readinessListener((ready, bits) -> proceed());
    }

    /** Begins; may end the flow. */
    abstract void open(int address);

    /** Does the next thing that can be done; answers whether there may be more. */
    abstract boolean step();

    /** The last message is done. */
    abstract void finish();

    final void proceed() {
        while (phase != Phase.ENDED && step()) {
            // As far as the socket goes.
        }
    }

    /** Whether the flow's rate lets it send now; where not, it goes on by itself when it does. */
    protected final boolean maySend() {
        if (mayGoOnNanos <= network.nowNanos()) {
            return true;
        }
        if (waiting == null) {
            wait(mayGoOnNanos, this::proceed);
        }
        return false;
    }

    protected final void countSent(int bytes) {
        traffic.countSent(bytes);
        if (rateBitsPerSecond > 0) {
            mayGoOnNanos =
                    Math.max(mayGoOnNanos, network.nowNanos()) + bytes * BITS_PER_BYTE_SECOND / rateBitsPerSecond;
        }
    }

    protected final void nextMessage() {
        TrafficSettings settings = traffic.settings();
        number++;
        length = Math.max(MessageHeader.BYTES, settings.size().draw(traffic.random()));
        response = settings.response().isPresent() ? settings.response().get().draw(traffic.random()) : length;
        messageNanos = network.nowNanos();
        phase = Phase.SENDING;
    }

    /** @param answered whether there was an answer, so that the time it took counts */
    protected final void messageDone(boolean answered) {
        traffic.countMessage(answered, network.nowNanos() - messageNanos);
        if (--messagesLeft == 0) {
            finish();
            return;
        }
        phase = Phase.PAUSING;
        long pause = traffic.settings().pause().draw(traffic.random());
        wait(later(network.nowNanos(), pause), () -> {
            nextMessage();
            proceed();
        });
    }

    static long later(long nowNanos, long pauseNanos) {
        long pause = Math.max(LEAST_PAUSE_NANOS, pauseNanos);
        return pause > Long.MAX_VALUE - nowNanos ? Long.MAX_VALUE : nowNanos + pause;
    }

    private void wait(long untilNanos, Runnable then) {
        waiting = network.environment().schedule(untilNanos, () -> {
            waiting = null;
            then.run();
        });
    }

    protected final void completed() {
        close();
        client.flowEnded(network.nowNanos() - beginNanos);
    }

    /** @param why a name of errno(3), or a word */
    protected final void failed(String why) {
        close();
        client.flowFailed(why);
    }

    /** Closes the socket; nothing happens any more. */
    void close() {
        phase = Phase.ENDED;
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
        socket.close();
    }
}
