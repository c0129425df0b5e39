package dev.gnomon.run;

import dev.gnomon.call.CallFamilies;
import dev.gnomon.call.SystemCallTable;
import dev.gnomon.definition.Definition;
import dev.gnomon.definition.ExperimentalOptions;
import dev.gnomon.definition.HostDefinition;
import dev.gnomon.definition.ProcessDefinition;
import dev.gnomon.definition.QueueDiscipline;
import dev.gnomon.definition.ResolvedDefinition;
import dev.gnomon.definition.StraceLoggingMode;
import dev.gnomon.graph.Routes;
import dev.gnomon.guest.ArenaDescriptor;
import dev.gnomon.guest.GuestRuntime;
import dev.gnomon.guest.GuestRuntimeConfiguration;
import dev.gnomon.guest.PreloadRuntime;
import dev.gnomon.host.Host;
import dev.gnomon.host.HostSettings;
import dev.gnomon.host.Internet;
import dev.gnomon.host.LaunchedProcess;
import dev.gnomon.kernel.Credentials;
import dev.gnomon.kernel.SpecialPaths;
import dev.gnomon.network.Interface;
import dev.gnomon.network.NetworkConfiguration;
import dev.gnomon.network.QueueDisciplineKind;
import dev.gnomon.network.dns.NameTable;
import dev.gnomon.simulation.Rounds;
import dev.gnomon.trace.CallTrace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Runs a definition from its first event to its results: the engine's entrance. */
public final class Simulation {
    /**
     * Virtual time that a round spans at most. Progress is told and a cancellation seen between rounds; where hosts
     * cannot reach each other a round would otherwise last for the whole run.
     */
    private static final long LONGEST_ROUND_NANOS = 100_000_000L;

    /** Wall time that a guest may compute without any call. */
    private static final long STUCK_LIMIT_NANOS = 120_000_000_000L;

    private final Definition definition;
    private final RunOptions options;
    private final RunDirectory directory;
    private final int workers;
    private final Outcomes outcomes = new Outcomes();
    private final RunRecorder recorder;
    private final RunObserver observer;
    private final Captures captures = new Captures();
    private final long startWallNanos = System.nanoTime();

    private Simulation(
            Definition definition, RunOptions options, RunDirectory directory, RunObserver observer, int workers) {
        this.definition = definition;
        this.options = options;
        this.directory = directory;
        this.observer = observer;
        this.workers = workers;
        this.recorder = new RunRecorder(observer, options.cancellation(), outcomes);
    }

    /**
     * Runs an experiment. Blocks until it has ended; no process of it is alive then.
     *
     * @throws RunFailedException where the run could not start or broke down
     * @throws InterruptedException where the calling thread was interrupted
     */
    public static RunResult run(Definition definition, RunOptions options, RunObserver observer)
            throws RunFailedException, InterruptedException {
        Definition seeded =
                options.seed().isPresent() ? definition.withSeed(options.seed().getAsLong()) : definition;
        int wanted = options.parallelism().orElse(seeded.general().parallelism());
        int available = Runtime.getRuntime().availableProcessors();
        int workers = Math.max(
                1,
                Math.min(
                        wanted == 0 ? available : wanted,
                        Math.min(seeded.hosts().size(), ArenaDescriptor.WORKER_LIMIT)));
        RunDirectory directory =
                RunDirectory.create(options.dataDirectory(), seeded.general().templateDirectory());
        return new Simulation(seeded, options, directory, observer, workers).run();
    }

    private RunResult run() throws RunFailedException, InterruptedException {
        try {
            directory.write("definition.yaml", definition.text());
            directory.write("resolved.json", ResolvedDefinition.toJson(definition));
            long virtualNanos;
            List<Host> hosts = new ArrayList<>();
            try (GuestRuntime runtime = openRuntime()) {
                virtualNanos = simulate(runtime, hosts);
            } finally {
                captures.close();
                hosts.forEach(Host::finish);
            }
            return conclude(hosts, virtualNanos);
        } catch (IOException | UncheckedIOException e) {
            throw new RunFailedException("the run could not be carried out: " + e.getMessage(), e);
        } catch (IllegalStateException e) {
            throw new RunFailedException("the run broke down: " + e.getMessage(), e);
        }
    }

    private GuestRuntime openRuntime() throws IOException {
        ExperimentalOptions experimental = definition.experimental();
        return PreloadRuntime.open(
                GuestRuntimeConfiguration.of(definition.hosts().size(), workers)
                        .withDataDirectory(directory.root())
                        .withMechanism(options.mechanism())
                        .withPinning(experimental.useCpuPinning())
                        .withSpinning(experimental.useWorkerSpinning())
                        .withFifo(experimental.useSchedFifo())
                        .withTraceAllCalls(experimental.straceLoggingMode() != StraceLoggingMode.OFF));
    }

    /** Returns the virtual time reached. */
    private long simulate(GuestRuntime runtime, List<Host> hosts) throws IOException, InterruptedException {
        List<HostDefinition> definitions = definition.hosts();
        long[] nodeIds =
                definitions.stream().mapToLong(HostDefinition::networkNodeId).toArray();
        Routes routes = Routes.compute(
                definition.network().graph(), nodeIds, definition.network().useShortestPath());
        int[] nodeOfHost = new int[definitions.size()];
        for (int i = 0; i < nodeOfHost.length; i++) {
            nodeOfHost[i] = routes.nodeIndex(nodeIds[i]);
        }
        Internet internet =
                new Internet(routes, nodeOfHost, definition.general().bootstrapEndNanos());
        long lookahead = Math.min(internet.lookaheadNanos(), LONGEST_ROUND_NANOS);
        OptionalLong runahead = definition.experimental().runaheadNanos();
        if (runahead.isPresent()) {
            lookahead = Math.max(1, Math.min(lookahead, runahead.getAsLong()));
        }
        RunProgressReporter reporter = new RunProgressReporter(
                observer,
                recorder,
                options.cancellation(),
                runtime,
                definition.general().stopNanos(),
                definitions.size(),
                startWallNanos);
        Rounds rounds = new Rounds(workers, lookahead, definition.general().stopNanos(), reporter);
        createHosts(runtime, internet, hosts);
        internet.connect(hosts, rounds::outboxFor, names());
        rounds.run(hosts, index -> new WorkerThread("worker-" + index));
        return reporter.reachedNanos();
    }

    private void createHosts(GuestRuntime runtime, Internet internet, List<Host> hosts) throws IOException {
        SpecialPaths specialPaths =
                SystemFiles.write(directory, definition, Internet.NAME_SERVER_TEXT, runtime.guestDataDirectory());
        Credentials credentials = Credentials.of((Integer) Files.getAttribute(directory.root(), "unix:uid"), (Integer)
                Files.getAttribute(directory.root(), "unix:gid"));
        SystemCallTable calls = CallFamilies.all((thread, address) ->
                hostOf(hosts, thread.process().kernel().hostName()).startThread(thread, address));
        ExperimentalOptions experimental = definition.experimental();
        boolean charges = definition.general().modelUnblockedSyscallLatency();
        HostSettings settings = new HostSettings(
                definition.general().bootstrapEndNanos(),
                charges ? experimental.unblockedSyscallLatencyNanos() : 0,
                charges ? experimental.unblockedVdsoLatencyNanos() : 0,
                experimental.maxUnappliedCpuLatencyNanos(),
                STUCK_LIMIT_NANOS);
        for (int index = 0; index < definition.hosts().size(); index++) {
            HostDefinition host = definition.hosts().get(index);
            Path home = directory.host(host.name());
            Host simulated = new Host(
                    index,
                    configurationOf(host),
                    home,
                    runtime.guestDataDirectory().resolve(directory.relative(home)),
                    settings,
                    recorder,
                    internet,
                    runtime.openHost(index, index % workers),
                    Seeds.generator(definition.general().seed(), "host " + host.name()),
                    calls,
                    credentials,
                    specialPaths,
                    traceMode(experimental.straceLoggingMode()));
            hosts.add(simulated);
            if (host.options().pcapEnabled()) {
                for (Interface networkInterface : List.of(
                        simulated.network().loopback(), simulated.network().external())) {
                    captures.capture(
                            networkInterface,
                            home.resolve(networkInterface.name() + ".pcap"),
                            host.options().pcapCaptureSizeBytes());
                }
            }
            for (ProcessDefinition process : host.processes()) {
                LaunchedProcess.Plan plan = planOf(process);
                outcomes.expect(plan, process);
                simulated.plan(plan);
            }
        }
    }

    private NameTable names() {
        NameTable.Builder names = new NameTable.Builder();
        for (HostDefinition host : definition.hosts()) {
            names.add(host.name(), host.ipv4Address());
        }
        return names.build();
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
                experimental.interfaceQueueDiscipline() == QueueDiscipline.FIFO
                        ? QueueDisciplineKind.FIFO
                        : QueueDisciplineKind.ROUND_ROBIN,
                (int) experimental.socketSendBufferBytes(),
                (int) experimental.socketReceiveBufferBytes(),
                experimental.socketSendAutotune(),
                experimental.socketReceiveAutotune());
    }

    private static LaunchedProcess.Plan planOf(ProcessDefinition process) {
        List<String> arguments = new ArrayList<>();
        arguments.add(process.path());
        arguments.addAll(process.arguments());
        List<String> environment = new ArrayList<>();
        process.environment().forEach((key, value) -> environment.add(key + "=" + value));
        return new LaunchedProcess.Plan(
                process.program(),
                process.programName(),
                arguments,
                environment,
                process.startNanos(),
                process.shutdownNanos().orElse(LaunchedProcess.Plan.NO_SHUTDOWN),
                process.shutdownSignal());
    }

    private static CallTrace.Mode traceMode(StraceLoggingMode mode) {
        return switch (mode) {
            case OFF -> CallTrace.Mode.OFF;
            case STANDARD -> CallTrace.Mode.STANDARD;
            case DETERMINISTIC -> CallTrace.Mode.DETERMINISTIC;
        };
    }

    private RunResult conclude(List<Host> hosts, long virtualNanos) throws IOException {
        boolean cancelled = options.cancellation().isCancelled();
        List<ProcessOutcome> processes = new ArrayList<>();
        List<String> failures = new ArrayList<>(recorder.failures());
        long systemCalls = 0;
        long packets = 0;
        for (Host host : hosts) {
            systemCalls += host.systemCalls();
            packets += host.network().loopback().packetsSent()
                    + host.network().external().packetsSent();
            for (LaunchedProcess process : host.processes()) {
                ProcessOutcome outcome = outcomes.of(host, process);
                processes.add(outcome);
                if (!outcome.asExpected() && !cancelled && process.startFailure() == null) {
                    failures.add(outcome.host() + ": " + outcome.program() + "." + outcome.pid()
                            + " was expected to have " + outcome.expected() + ", but has " + outcome.actual());
                }
            }
        }
        String digest = "";
        if (!cancelled) {
            Manifest manifest = Manifest.of(directory.root());
            RunRecord.writeManifest(directory, manifest);
            digest = manifest.digest();
        }
        RunResult result = new RunResult(
                failures.isEmpty() && !cancelled,
                cancelled,
                digest,
                virtualNanos,
                System.nanoTime() - startWallNanos,
                systemCalls,
                packets,
                hosts.size(),
                processes,
                recorder.warnings(),
                failures);
        RunRecord.writeSummary(directory, definition, workers, result);
        return result;
    }
}
