package dev.gnomon.host;

import dev.gnomon.call.CallContext;
import dev.gnomon.call.LocalCalls;
import dev.gnomon.call.SystemCallTable;
import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestStartException;
import dev.gnomon.guest.Preparation;
import dev.gnomon.kernel.Credentials;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.KernelEnvironment;
import dev.gnomon.kernel.SpecialPaths;
import dev.gnomon.kernel.signal.SignalInformation;
import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.NetworkConfiguration;
import dev.gnomon.network.NetworkEnvironment;
import dev.gnomon.network.Packet;
import dev.gnomon.network.ScheduledAction;
import dev.gnomon.simulation.EventQueue;
import dev.gnomon.simulation.SimulatedHost;
import dev.gnomon.trace.CallCounters;
import dev.gnomon.trace.CallTrace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** A simulated machine. Everything in it happens on the one worker that runs it. */
public final class Host implements SimulatedHost, EventQueue.Handler, KernelEnvironment, NetworkEnvironment {
    /** The way into the graph. */
    public interface Uplink {
        /** Takes a packet at the end of its transmission. */
        void transmit(Host sender, Packet packet);

        /** Whether an address is anybody's. */
        boolean isReachable(int address);
    }

    private static final long EPOCH_NANOS = START_EPOCH_SECONDS * 1_000_000_000L;

    private final int index;
    private final String name;
    private final HostSettings settings;
    private final HostListener listener;
    private final Uplink uplink;
    /** Null where the host runs no programs. */
    private final GuestSide guests;

    private final RandomGenerator random;
    private final SystemCallTable calls;
    private final CallTrace.Mode traceMode;
    private final EventQueue events = new EventQueue();
    private final RunQueue runQueue = new RunQueue();
    private final HostNetwork network;
    /** Null where the host runs no programs. */
    private final Kernel kernel;

    private final Map<GuestProcess, LaunchedProcess> launched = new HashMap<>(2);
    private final List<LaunchedProcess> processes = new ArrayList<>(1);
    /** The process that starts first, and the start of it that was begun before its time; null for none. */
    private LaunchedProcess first;

    private final List<RunningApplication> applications = new ArrayList<>(0);

    private int nextProcessId = Kernel.FIRST_PROCESS_ID;

    private GuestHostBlock.PendingGuest early;
    private EarlyStarts earlyStarts;
    private long nowNanos;
    private long sequence;
    private LocalCalls localCalls;
    private final CallCounters counters;

    /**
     * @param guests empty where the definition starts no program on the host
     * @param random this host's own generator, a function of the seed and the host's name
     * @param counters of the host's worker
     */
    public Host(
            int index,
            NetworkConfiguration configuration,
            Optional<GuestSide> guests,
            HostSettings settings,
            HostListener listener,
            Uplink uplink,
            RandomGenerator random,
            SystemCallTable calls,
            Credentials credentials,
            SpecialPaths specialPaths,
            CallTrace.Mode traceMode,
            CallCounters counters) {
        this.index = index;
        this.name = configuration.hostName();
        this.guests = guests.orElse(null);
        this.settings = settings;
        this.listener = listener;
        this.uplink = uplink;
        this.random = random;
        this.calls = calls;
        this.traceMode = traceMode;
        this.counters = counters;
        this.network = new HostNetwork(this, configuration);
        this.kernel = guests.isPresent()
                ? new Kernel(this, name, network, credentials, specialPaths, this::processEnded)
                : null;
        guests.map(GuestSide::block).ifPresent(block -> {
            block.setAddress(configuration.address());
            block.setClock(EPOCH_NANOS);
            block.setCosts(
                    settings.unblockedCallNanos(), settings.unblockedTimeCallNanos(), settings.maximumUnappliedNanos());
        });
    }

    @Override
    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

    /** What the host's programs call; null where it runs none. */
    public Kernel kernel() {
        return kernel;
    }

    public HostNetwork network() {
        return network;
    }

    /** The processes that the definition names, in its order. */
    public List<LaunchedProcess> processes() {
        return processes;
    }

    HostSettings settings() {
        return settings;
    }

    HostListener listener() {
        return listener;
    }

    SystemCallTable calls() {
        return calls;
    }

    CallCounters counters() {
        return counters;
    }

    LocalCalls localCalls() {
        if (localCalls == null) {
            localCalls = new LocalCalls(counters);
        }
        return localCalls;
    }

    /** Whether guests answer calls themselves. */
    boolean showsCalls() {
        return guests.block().localCalls();
    }

    // ---- time and events

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public ScheduledAction schedule(long atNanos, Runnable action) {
        return events.addCancellable(Math.max(nowNanos, atNanos), index, sequence++, action);
    }

    @Override
    public void runAt(long atNanos, Runnable action) {
        events.add(Math.max(nowNanos, atNanos), index, sequence++, action);
    }

    /** A number for an event that this host causes elsewhere. */
    public long nextSequence() {
        return sequence++;
    }

    @Override
    public void receive(long timeNanos, int sourceHost, long sourceSequence, Packet packet) {
        events.add(timeNanos, sourceHost, sourceSequence, packet);
    }

    @Override
    public long nextEventNanos() {
        return events.nextTimeNanos();
    }

    @Override
    public void runUntil(long endNanos) {
        while (events.nextTimeNanos() < endNanos) {
            events.handleNext(this);
            runThreads();
        }
    }

    @Override
    public void arrive(long timeNanos, Packet packet) {
        advance(timeNanos);
        network.arrive(packet);
    }

    @Override
    public void act(long timeNanos, Runnable action) {
        advance(timeNanos);
        action.run();
    }

    private void advance(long timeNanos) {
        if (timeNanos > nowNanos) {
            nowNanos = timeNanos;
            if (guests != null) {
                guests.block().setClock(EPOCH_NANOS + nowNanos);
            }
        }
    }

    private void runThreads() {
        for (GuestThread thread = runQueue.poll(); thread != null; thread = runQueue.poll()) {
            thread.dequeued();
            if (thread.state() == GuestThread.State.RUNNABLE) {
                if (thread.process().isStopped()) {
                    thread.makeRunnable();
                } else {
                    thread.turn().run();
                }
            }
        }
    }

    @Override
    public RandomGenerator random() {
        return random;
    }

    @Override
    public void fillRandom(byte[] destination, int length) {
        if (guests == null) {
            // No programs, so nobody goes on with a generator in the host's block.
            byte[] drawn = new byte[length];
            random.nextBytes(drawn);
            System.arraycopy(drawn, 0, destination, 0, length);
        } else {
            guests.block().random().fill(destination, length);
        }
    }

    @Override
    public void showFutexWaiters(int bucket, int waiters) {
        guests.block().setFutexWaiters(bucket, waiters);
    }

    @Override
    public void makeRunnable(GuestThread thread) {
        runQueue.add(thread);
    }

    @Override
    public void transmit(Packet packet) {
        uplink.transmit(this, packet);
    }

    @Override
    public boolean reachable(int address) {
        return uplink.isReachable(address);
    }

    @Override
    public boolean bandwidthUnlimited() {
        return nowNanos < settings.bootstrapEndNanos();
    }

    @Override
    public void warn(String kind, String program, String subject, String message) {
        listener.warn(this, kind, program, subject, message);
    }

    // ---- processes

    /** Plans the start of a process. */
    public void plan(LaunchedProcess.Plan plan) {
        LaunchedProcess process = new LaunchedProcess(plan);
        processes.add(process);
        if (first == null || plan.startNanos() < first.plan().startNanos()) {
            first = process;
        }
        schedule(plan.startNanos(), () -> {
            if (plan.application() == null) {
                start(process);
            } else {
                startApplication(process);
            }
        });
    }

    /** All processes are planned: the first one may be started before its time. */
    public void prepareStarts(EarlyStarts starts) {
        if (first != null
                && first.plan().application() == null
                && !first.plan().program().startsWith(guests.dataDirectory())) {
            earlyStarts = starts;
            starts.add(this);
        }
    }

    /** The plan of the process that starts first. */
    LaunchedProcess.Plan firstPlan() {
        return first.plan();
    }

    /** Whether the first process was started and is no more, or could not be started. */
    boolean firstHasEnded() {
        return first.hasEnded();
    }

    /** Whether the first process's start was not begun yet. */
    boolean isStartableEarly() {
        return first.processId() < 0 && early == null;
    }

    /** Begins to start the first process. False where it cannot be. */
    boolean startEarly(Preparation preparation, int copies) {
        try {
            early = guests.block().begin(requestFor(first.plan(), Kernel.FIRST_PROCESS_ID, preparation, copies));
            return true;
        } catch (GuestStartException e) {
            return false; // it will be refused again in its time
        }
    }

    /** What the first process would be as a copy of another host's. */
    GuestHostBlock.Copy copyWanted() {
        return new GuestHostBlock.Copy(
                guests.block(), requestFor(first.plan(), Kernel.FIRST_PROCESS_ID, Preparation.NONE, 0));
    }

    /** The first process's start was begun. */
    void startsAs(GuestHostBlock.PendingGuest guest) {
        early = guest;
    }

    /** A guest has come to its program's entry point. */
    void entryReached(GuestThread thread) {
        if (earlyStarts != null && thread.process().processId() == first.processId()) {
            earlyStarts.entryReached(this, thread.channel().entryPoint());
        }
    }

    private GuestHostBlock.StartRequest requestFor(
            LaunchedProcess.Plan plan, int processId, Preparation preparation, int copies) {
        String output = outputName(plan, processId);
        return new GuestHostBlock.StartRequest(
                plan.mechanism(),
                plan.program(),
                plan.arguments(),
                plan.environment(),
                guests.guestDirectory(),
                guests.guestDirectory().resolve(output + ".stdout"),
                guests.guestDirectory().resolve(output + ".stderr"),
                preparation,
                copies);
    }

    private static String outputName(LaunchedProcess.Plan plan, int processId) {
        return plan.programName() + "." + processId;
    }

    private GuestHostBlock.StartedGuest startNow(LaunchedProcess process) throws GuestStartException {
        Preparation preparation = Preparation.NONE;
        int copies = 0;
        if (process == first && earlyStarts != null) {
            preparation = early == null ? earlyStarts.startedLate(this) : Preparation.NONE;
            copies = earlyStarts.copies(this);
            earlyStarts.topUp();
        }
        if (process != first || early == null) {
            return guests.block().start(requestFor(process.plan(), process.processId(), preparation, copies));
        }
        GuestHostBlock.PendingGuest pending = early;
        early = null;
        earlyStarts.taken();
        return pending.await();
    }

    private void start(LaunchedProcess process) {
        LaunchedProcess.Plan plan = process.plan();
        int processId = kernel.allocateProcessId();
        GuestHostBlock.StartedGuest guest;
        try {
            guest = startNow(process.started(processId));
        } catch (GuestStartException e) {
            process.failedToStart(nowNanos, e.getMessage());
            listener.processEnded(this, process);
            return;
        }
        GuestProcess guestProcess = kernel.addProcess(guest.process(), processId, null, plan.programName());
        launched.put(guestProcess, process);
        if (traceMode != CallTrace.Mode.OFF) {
            guestProcess.trace(
                    CallTrace.open(guests.directory().resolve(outputName(plan, processId) + ".strace"), traceMode));
        }
        listener.processStarted(this, process);
        GuestThread thread = guestProcess.addThread(guest.thread(), processId);
        startThread(thread, 0);
        if (plan.shutdownNanos() != LaunchedProcess.Plan.NO_SHUTDOWN) {
            schedule(plan.shutdownNanos(), () -> {
                if (!process.hasEnded()) {
                    guestProcess.send(
                            SignalInformation.ofSender(plan.shutdownSignal(), SignalInformation.SI_USER, 1, 0));
                }
            });
        }
    }

    private void startApplication(LaunchedProcess process) {
        process.started(kernel == null ? nextProcessId++ : kernel.allocateProcessId());
        listener.processStarted(this, process);
        RunningApplication application = new RunningApplication(this, process);
        applications.add(application);
        application.start();
        LaunchedProcess.Plan plan = process.plan();
        if (plan.shutdownNanos() != LaunchedProcess.Plan.NO_SHUTDOWN) {
            schedule(plan.shutdownNanos(), () -> application.signal(plan.shutdownSignal()));
        }
    }

    void applicationEnded(LaunchedProcess process) {
        listener.processEnded(this, process);
    }

    /** Gives a new thread its turn and queues it. */
    public void startThread(GuestThread thread, long childThreadIdAddress) {
        thread.turn(new GuestTurn(this, thread, new CallContext(thread), childThreadIdAddress));
        thread.makeRunnable();
    }

    private void processEnded(GuestProcess process) {
        LaunchedProcess record = launched.remove(process);
        if (record != null) {
            record.ended(nowNanos, process.waitStatus());
            listener.processEnded(this, record);
        }
    }

    /** The run is over: applications report, traces of what still runs are closed. Real processes are the runtime's to kill. */
    public void finish() {
        applications.forEach(RunningApplication::finish);
        if (kernel == null) {
            return;
        }
        for (GuestProcess process : kernel.processes()) {
            if (process.trace() != null) {
                process.trace().close();
            }
        }
    }
}
