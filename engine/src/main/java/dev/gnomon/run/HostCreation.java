package dev.gnomon.run;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.call.CallFamilies;
import dev.gnomon.call.SystemCallTable;
import dev.gnomon.definition.Definition;
import dev.gnomon.definition.ExperimentalOptions;
import dev.gnomon.definition.HostAddresses;
import dev.gnomon.definition.HostDefinition;
import dev.gnomon.definition.ProcessDefinition;
import dev.gnomon.definition.QueueDiscipline;
import dev.gnomon.definition.StraceLoggingMode;
import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestRuntime;
import dev.gnomon.host.EarlyStarts;
import dev.gnomon.host.GuestSide;
import dev.gnomon.host.Host;
import dev.gnomon.host.HostSettings;
import dev.gnomon.host.Internet;
import dev.gnomon.host.LaunchedProcess;
import dev.gnomon.kernel.Credentials;
import dev.gnomon.kernel.SpecialPaths;
import dev.gnomon.network.Interface;
import dev.gnomon.network.NetworkConfiguration;
import dev.gnomon.network.QueueDisciplineKind;
import dev.gnomon.trace.CallCounters;
import dev.gnomon.trace.CallTrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** Makes the simulated hosts of a definition. What only programs need is made for hosts that start one, and for no other. */
final class HostCreation {
    /** Wall time that a guest may compute without any call. */
    private static final long STUCK_LIMIT_NANOS = 120_000_000_000L;

    private static final int[] NO_TARGETS = {};

    private final Definition definition;
    private final RunDirectory directory;
    private final GuestRuntime runtime;
    private final Internet internet;
    private final RunRecorder recorder;
    private final Outcomes outcomes;
    private final Captures captures;
    private final CallCounters[] counters;

    /** @param counters of each worker */
    HostCreation(
            Definition definition,
            RunDirectory directory,
            GuestRuntime runtime,
            Internet internet,
            RunRecorder recorder,
            Outcomes outcomes,
            Captures captures,
            CallCounters[] counters) {
        this.definition = definition;
        this.directory = directory;
        this.runtime = runtime;
        this.internet = internet;
        this.recorder = recorder;
        this.outcomes = outcomes;
        this.captures = captures;
        this.counters = counters;
    }

    /** Adds all hosts, in the order of the definition. */
    void createAll(List<Host> hosts) throws IOException {
        SpecialPaths specialPaths =
                SystemFiles.write(directory, definition, Internet.NAME_SERVER_TEXT, runtime.guestDataDirectory());
        Credentials credentials = Credentials.of((Integer) Files.getAttribute(directory.root(), "unix:uid"), (Integer)
                Files.getAttribute(directory.root(), "unix:gid"));
        SystemCallTable calls = CallFamilies.all((thread, address) ->
                hostOf(hosts, thread.process().kernel().hostName()).startThread(thread, address));
        ExperimentalOptions experimental = definition.experimental();
        EarlyStarts[] earlyStarts = Stream.generate(
                        () -> new EarlyStarts(definition.general().preparedImages()
                                && experimental.straceLoggingMode() == StraceLoggingMode.OFF))
                .limit(counters.length)
                .toArray(EarlyStarts[]::new);
        boolean charges = definition.general().modelUnblockedSyscallLatency();
        Mechanisms mechanisms = new Mechanisms(runtime.canTrace());
        HostSettings settings = new HostSettings(
                definition.general().bootstrapEndNanos(),
                charges ? experimental.unblockedSyscallLatencyNanos() : 0,
                charges ? experimental.unblockedVdsoLatencyNanos() : 0,
                experimental.maxUnappliedCpuLatencyNanos(),
                STUCK_LIMIT_NANOS);
        HostAddresses addresses = new HostAddresses(definition.hosts());
        Map<ProcessDefinition, LaunchedProcess.Plan> plans = new IdentityHashMap<>();
        for (int index = 0; index < definition.hosts().size(); index++) {
            HostDefinition host = definition.hosts().get(index);
            Host simulated = new Host(
                    index,
                    configurationOf(host),
                    host.startsPrograms() ? Optional.of(guestSide(index, host.name())) : Optional.empty(),
                    settings,
                    recorder,
                    internet,
                    Seeds.generator(definition.general().seed(), "host " + host.name()),
                    calls,
                    credentials,
                    specialPaths,
                    traceMode(experimental.straceLoggingMode()),
                    counters[index % counters.length]);
            hosts.add(simulated);
            mechanisms.warnOfFallback(simulated, host.processes());
            if (host.options().pcapEnabled()) {
                capture(simulated, host);
            }
            for (ProcessDefinition process : host.processes()) {
                // Hosts of one description have their processes in common.
                LaunchedProcess.Plan plan = plans.get(process);
                if (plan == null) {
                    plan = planOf(process, mechanisms, addresses);
                    plans.put(process, plan);
                    outcomes.expect(plan, process);
                }
                simulated.plan(plan);
            }
            simulated.prepareStarts(earlyStarts[index % counters.length]);
        }
    }

    private GuestSide guestSide(int index, String name) throws IOException {
        Path home = directory.host(name);
        GuestHostBlock block = runtime.openHost(index, index % counters.length);
        RandomGenerator random = Seeds.generator(definition.general().seed(), "getrandom " + name);
        block.random().state(random.nextLong(), random.nextLong(), random.nextLong(), random.nextLong() | 1);
        return new GuestSide(
                block, home, runtime.guestDataDirectory().resolve(directory.relative(home)), directory.root());
    }

    private void capture(Host host, HostDefinition described) throws IOException {
        Path home = directory.host(described.name());
        for (Interface networkInterface :
                List.of(host.network().loopback(), host.network().external())) {
            captures.capture(
                    networkInterface,
                    home.resolve(networkInterface.name() + ".pcap"),
                    described.options().pcapCaptureSizeBytes());
        }
    }

    private static Host hostOf(List<Host> hosts, String name) {
        int low = 0;
        int high = hosts.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = hosts.get(middle).name().compareTo(name);
            if (order == 0) {
                return hosts.get(middle);
            }
            if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new IllegalStateException("no such host: " + name);
    }

    private NetworkConfiguration configurationOf(HostDefinition host) {
        ExperimentalOptions experimental = definition.experimental();
        return new NetworkConfiguration(
                host.ipv4Address(),
                host.name(),
                host.bandwidthUpBitsPerSecond(),
                host.bandwidthDownBitsPerSecond(),
                host.options().interruptIntervalNanos(),
                experimental.interfaceQueueDiscipline() == QueueDiscipline.FIFO
                        ? QueueDisciplineKind.FIFO
                        : QueueDisciplineKind.ROUND_ROBIN,
                (int) experimental.socketSendBufferBytes(),
                (int) experimental.socketReceiveBufferBytes(),
                experimental.socketSendAutotune(),
                experimental.socketReceiveAutotune());
    }

    private static LaunchedProcess.Plan planOf(
            ProcessDefinition process, Mechanisms mechanisms, HostAddresses addresses) throws IOException {
        boolean program = process.application().isEmpty();
        List<String> arguments = new ArrayList<>();
        List<String> environment = new ArrayList<>();
        if (program) {
            arguments.add(process.path());
            arguments.addAll(process.arguments());
            process.environment().forEach((key, value) -> environment.add(key + "=" + value));
        }
        return new LaunchedProcess.Plan(
                program ? mechanisms.of(process) : null,
                process.program(),
                process.programName(),
                arguments,
                environment,
                program ? null : applicationOf(process.application().get(), addresses),
                process.startNanos(),
                process.shutdownNanos().orElse(LaunchedProcess.Plan.NO_SHUTDOWN),
                process.shutdownSignal());
    }

    private static LaunchedProcess.ApplicationMaker applicationOf(
            ApplicationSettings settings, HostAddresses addresses) {
        int[] targets = settings instanceof TrafficSettings traffic ? addresses.of(traffic.to()) : NO_TARGETS;
        return (network, control) -> settings.create(network, control, targets);
    }

    private static CallTrace.Mode traceMode(StraceLoggingMode mode) {
        return switch (mode) {
            case OFF -> CallTrace.Mode.OFF;
            case STANDARD -> CallTrace.Mode.STANDARD;
            case DETERMINISTIC -> CallTrace.Mode.DETERMINISTIC;
        };
    }
}
