package dev.gnomon.run;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.ExperimentalOptions;
import dev.gnomon.definition.HostDefinition;
import dev.gnomon.definition.ResolvedDefinition;
import dev.gnomon.definition.StraceLoggingMode;
import dev.gnomon.graph.Routes;
import dev.gnomon.guest.ArenaDescriptor;
import dev.gnomon.guest.GuestRuntime;
import dev.gnomon.guest.GuestRuntimeConfiguration;
import dev.gnomon.guest.PreloadRuntime;
import dev.gnomon.host.Host;
import dev.gnomon.host.Internet;
import dev.gnomon.host.LaunchedProcess;
import dev.gnomon.limits.Doctor;
import dev.gnomon.limits.RunNeeds;
import dev.gnomon.network.dns.NameTable;
import dev.gnomon.simulation.Rounds;
import dev.gnomon.trace.CallCounters;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Runs a definition from its first event to its results: the engine's entrance. */
public final class Simulation {
    /**
     * Virtual time that a round spans at most. Progress is told and a cancellation seen between rounds; where hosts
     * cannot reach each other a round would otherwise last for the whole run.
     */
    private static final long LONGEST_ROUND_NANOS = 100_000_000L;

    private final Definition definition;
    private final RunOptions options;
    private final RunDirectory directory;
    private final int workers;
    private final CallCounters[] counters;
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
        this.counters = Stream.generate(CallCounters::new).limit(workers).toArray(CallCounters[]::new);
        this.recorder = new RunRecorder(directory, observer, options.cancellation(), outcomes);
    }

    /**
     * Runs an experiment. Blocks until it has ended; no process of it is alive then.
     *
     * @throws RunFailedException where the run does not fit on this machine, could not start or broke down
     * @throws InterruptedException where the calling thread was interrupted
     */
    public static RunResult run(Definition definition, RunOptions options, RunObserver observer)
            throws RunFailedException, InterruptedException {
        Definition seeded =
                options.seed().isPresent() ? definition.withSeed(options.seed().getAsLong()) : definition;
        int workers = workers(seeded, options.parallelism());
        Optional<String> refusal =
                options.ignoreLimits() ? Optional.empty() : Doctor.refusal(RunNeeds.of(seeded, workers));
        if (refusal.isPresent()) {
            throw new RunFailedException(refusal.get());
        }
        RunDirectory directory =
                RunDirectory.create(options.dataDirectory(), seeded.general().templateDirectory());
        return new Simulation(seeded, options, directory, observer, workers).run();
    }

    /**
     * How many workers a run has.
     *
     * @param parallelism replaces the definition's where present; 0 for as many as there are processors
     */
    public static int workers(Definition definition, OptionalInt parallelism) {
        int wanted = parallelism.orElse(definition.general().parallelism());
        int available = Runtime.getRuntime().availableProcessors();
        int most = Math.min(definition.hosts().size(), ArenaDescriptor.WORKER_LIMIT);
        return Math.max(1, Math.min(wanted == 0 ? available : wanted, most));
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
                        .withPinning(experimental.useCpuPinning())
                        .withRealCounter(options.realCounter())
                        .withLocalCalls(definition.general().localCalls())
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
        definition.hosts().forEach(host -> runtime.addAddress(host.ipv4Address()));
        runtime.addAddress(Internet.NAME_SERVER);
        new HostCreation(definition, directory, runtime, internet, recorder, outcomes, captures, counters)
                .createAll(hosts);
        internet.connect(hosts, rounds::outboxFor, names());
        rounds.run(hosts, index -> new WorkerThread("worker-" + index));
        return reporter.reachedNanos();
    }

    private NameTable names() {
        NameTable.Builder names = new NameTable.Builder();
        for (HostDefinition host : definition.hosts()) {
            names.add(host.name(), host.ipv4Address());
        }
        return names.build();
    }

    private RunResult conclude(List<Host> hosts, long virtualNanos) throws IOException {
        boolean cancelled = options.cancellation().isCancelled();
        CallCounters calls = new CallCounters();
        for (CallCounters worker : counters) {
            calls.add(worker);
        }
        List<ProcessOutcome> processes = new ArrayList<>();
        List<String> failures = new ArrayList<>(recorder.failures());
        long packets = 0;
        for (Host host : hosts) {
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
                calls.crossedCalls(),
                calls.localCalls(),
                packets,
                hosts.size(),
                processes,
                recorder.warnings(),
                failures);
        RunRecord.writeSummary(directory, definition, workers, result, calls);
        return result;
    }
}
