package dev.gnomon.host;

import dev.gnomon.call.CallContext;
import dev.gnomon.call.SystemCallTable;
import dev.gnomon.guest.GuestHostBlock;
import dev.gnomon.guest.GuestStartException;
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
import dev.gnomon.simulation.Event;
import dev.gnomon.simulation.EventQueue;
import dev.gnomon.simulation.SimulatedHost;
import dev.gnomon.trace.CallTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A simulated machine. Everything in it happens on the one worker that runs it. */
public final class Host implements SimulatedHost, KernelEnvironment, NetworkEnvironment {
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
    private final Path directory;
    private final Path guestDirectory;
    private final HostSettings settings;
    private final HostListener listener;
    private final Uplink uplink;
    private final GuestHostBlock block;
    private final RandomGenerator random;
    private final SystemCallTable calls;
    private final CallTrace.Mode traceMode;
    private final EventQueue events = new EventQueue();
    private final RunQueue runQueue = new RunQueue();
    private final HostNetwork network;
    private final Kernel kernel;
    private final Map<GuestProcess, LaunchedProcess> launched = new HashMap<>();
    private final List<LaunchedProcess> processes = new ArrayList<>();
    private long nowNanos;
    private long sequence;
    private long systemCalls;

    /**
     * @param directory the working directory of the host's programs; exists
     * @param guestDirectory the same as guests find it
     * @param random this host's own generator, a function of the seed and the host's name
     */
    public Host(
            int index,
            NetworkConfiguration configuration,
            Path directory,
            Path guestDirectory,
            HostSettings settings,
            HostListener listener,
            Uplink uplink,
            GuestHostBlock block,
            RandomGenerator random,
            SystemCallTable calls,
            Credentials credentials,
            SpecialPaths specialPaths,
            CallTrace.Mode traceMode) {
        this.index = index;
        this.name = configuration.hostName();
        this.directory = directory;
        this.guestDirectory = guestDirectory;
        this.settings = settings;
        this.listener = listener;
        this.uplink = uplink;
        this.block = block;
        this.random = random;
        this.calls = calls;
        this.traceMode = traceMode;
        this.network = new HostNetwork(this, configuration);
        this.kernel = new Kernel(this, name, network, credentials, specialPaths, this::processEnded);
    }

    @Override
    public int index() {
        return index;
    }

    public String name() {
        return name;
    }

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

    /** Calls that crossed to the engine. */
    public long systemCalls() {
        return systemCalls;
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

    void countSystemCall() {
        systemCalls++;
    }

    // ---- time and events

    @Override
    public long nowNanos() {
        return nowNanos;
    }

    @Override
    public ScheduledAction schedule(long atNanos, Runnable action) {
        Event event = Event.action(Math.max(nowNanos, atNanos), index, sequence++, action);
        events.add(event);
        return event;
    }

    /** A number for an event that this host causes elsewhere. */
    public long nextSequence() {
        return sequence++;
    }

    @Override
    public void receive(Event event) {
        events.add(event);
    }

    @Override
    public long nextEventNanos() {
        return events.nextTimeNanos();
    }

    @Override
    public void runUntil(long endNanos) {
        while (events.nextTimeNanos() < endNanos) {
            Event event = events.poll();
            if (event.timeNanos() > nowNanos) {
                nowNanos = event.timeNanos();
                block.setClock(EPOCH_NANOS + nowNanos);
            }
            Packet packet = event.packet();
            if (packet != null) {
                network.arrive(packet);
            } else {
                Runnable action = event.action();
                event.cancel();
                action.run();
            }
            runThreads();
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
        block.setClock(EPOCH_NANOS);
        LaunchedProcess process = new LaunchedProcess(plan);
        processes.add(process);
        schedule(plan.startNanos(), () -> start(process));
    }

    private void start(LaunchedProcess process) {
        LaunchedProcess.Plan plan = process.plan();
        int processId = kernel.allocateProcessId();
        process.started(processId);
        String output = plan.programName() + "." + processId;
        GuestHostBlock.StartedGuest guest;
        try {
            guest = block.start(new GuestHostBlock.StartRequest(
                    plan.mechanism(),
                    plan.program(),
                    plan.arguments(),
                    plan.environment(),
                    guestDirectory,
                    guestDirectory.resolve(output + ".stdout"),
                    guestDirectory.resolve(output + ".stderr")));
        } catch (GuestStartException e) {
            process.failedToStart(nowNanos, e.getMessage());
            listener.processEnded(this, process);
            return;
        }
        GuestProcess guestProcess = kernel.addProcess(guest.process(), processId, null, plan.programName());
        launched.put(guestProcess, process);
        if (traceMode != CallTrace.Mode.OFF) {
            guestProcess.trace(CallTrace.open(directory.resolve(output + ".strace"), traceMode));
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

    /** The run is over: traces of what still runs are closed. The real processes are the runtime's to kill. */
    public void finish() {
        for (GuestProcess process : kernel.processes()) {
            if (process.trace() != null) {
                process.trace().close();
            }
        }
    }
}
