package dev.gnomon.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link GuestRuntime} is opened with. Does not change: what differs is another one. */
public final class GuestRuntimeConfiguration {
    /** 2000-01-01T00:00:00Z. */
    public static final long DEFAULT_VIRTUAL_START_NANOS = 946_684_800_000_000_000L;

    private final int hosts;
    private final int workers;
    private boolean pinning = true;
    private boolean spinning = true;
    private boolean fifo;
    private boolean traceAllCalls;
    private boolean localCalls = true;
    private boolean realCounter;
    private boolean patches = true;
    private long virtualStartNanos = DEFAULT_VIRTUAL_START_NANOS;
    private Optional<Path> shim = Optional.empty();
    private List<String> carriedFiles = List.of();
    private boolean namespaces = true;
    private Optional<Path> dataDirectory = Optional.empty();

    private GuestRuntimeConfiguration(int hosts, int workers) {
        if (hosts < 1) {
            throw new IllegalArgumentException("too few hosts: hosts=" + hosts);
        }
        if (workers < 1 || workers > ArenaDescriptor.WORKER_LIMIT) {
            throw new IllegalArgumentException(
                    "workers out of range: workers=" + workers + ", limit=" + ArenaDescriptor.WORKER_LIMIT);
        }
        this.hosts = hosts;
        this.workers = workers;
    }

    /**
     * Everything usual: pinned, not traced, in namespaces, from the year 2000.
     *
     * @param hosts number of simulated hosts, from 1
     * @param workers number of workers, 1 to {@link ArenaDescriptor#WORKER_LIMIT}
     */
    public static GuestRuntimeConfiguration of(int hosts, int workers) {
        return new GuestRuntimeConfiguration(hosts, workers);
    }

    private GuestRuntimeConfiguration with(Consumer<GuestRuntimeConfiguration> change) {
        GuestRuntimeConfiguration changed = new GuestRuntimeConfiguration(hosts, workers);
        changed.pinning = pinning;
        changed.spinning = spinning;
        changed.fifo = fifo;
        changed.traceAllCalls = traceAllCalls;
        changed.localCalls = localCalls;
        changed.realCounter = realCounter;
        changed.patches = patches;
        changed.virtualStartNanos = virtualStartNanos;
        changed.shim = shim;
        changed.carriedFiles = carriedFiles;
        changed.namespaces = namespaces;
        changed.dataDirectory = dataDirectory;
        change.accept(changed);
        return changed;
    }

    public GuestRuntimeConfiguration withPinning(boolean on) {
        return with(changed -> changed.pinning = on);
    }

    public GuestRuntimeConfiguration withSpinning(boolean on) {
        return with(changed -> changed.spinning = on);
    }

    public GuestRuntimeConfiguration withFifo(boolean on) {
        return with(changed -> changed.fifo = on);
    }

    public GuestRuntimeConfiguration withTraceAllCalls(boolean on) {
        return with(changed -> changed.traceAllCalls = on);
    }

    public GuestRuntimeConfiguration withLocalCalls(boolean on) {
        return with(changed -> changed.localCalls = on);
    }

    public GuestRuntimeConfiguration withRealCounter(boolean on) {
        return with(changed -> changed.realCounter = on);
    }

    public GuestRuntimeConfiguration withPatches(boolean on) {
        return with(changed -> changed.patches = on);
    }

    public GuestRuntimeConfiguration withVirtualStartNanos(long nanos) {
        return with(changed -> changed.virtualStartNanos = nanos);
    }

    public GuestRuntimeConfiguration withShim(Path path) {
        return with(changed -> changed.shim = Optional.of(path));
    }

    public GuestRuntimeConfiguration withCarriedFiles(List<String> names) {
        return with(changed -> changed.carriedFiles = List.copyOf(names));
    }

    public GuestRuntimeConfiguration withNamespaces(boolean on) {
        return with(changed -> changed.namespaces = on);
    }

    public GuestRuntimeConfiguration withDataDirectory(Path directory) {
        return with(changed -> changed.dataDirectory = Optional.of(directory));
    }

    /** Number of simulated hosts, from 1. */
    public int hosts() {
        return hosts;
    }

    /** Number of workers, 1 to {@link ArenaDescriptor#WORKER_LIMIT}. */
    public int workers() {
        return workers;
    }

    /** Whether a worker and its guests share one processor, which makes a switch ten times cheaper. */
    public boolean pinning() {
        return pinning;
    }

    /**
     * Whether they may run on two instead and wait for each other spinning, where processors are free and it is found
     * to be faster; needs pinning.
     */
    public boolean spinning() {
        return spinning;
    }

    /**
     * Whether workers and guests run under {@code SCHED_FIFO} where that is permitted and safe; needs pinning, and
     * excludes spinning.
     */
    public boolean fifo() {
        return fifo;
    }

    /** Whether every call crosses, also those that a guest would make on its own. */
    public boolean traceAllCalls() {
        return traceAllCalls;
    }

    /** Whether guests answer calls themselves, as far as they are sure of the answer. */
    public boolean localCalls() {
        return localCalls;
    }

    /** Whether guests read the CPU's own time-stamp counter, for measuring; what they print is then not reproducible. */
    public boolean realCounter() {
        return realCounter;
    }

    /** Whether guests' call sites are patched, so that later calls do not trap. */
    public boolean patches() {
        return patches;
    }

    /** Virtual time at which the run starts, nanoseconds since the Unix epoch. */
    public long virtualStartNanos() {
        return virtualStartNanos;
    }

    /** A shim to load instead of the engine's own. */
    public Optional<Path> shim() {
        return shim;
    }

    /**
     * Names of programs in the engine's jar that guests shall be able to execute by {@link
     * PreloadRuntime#carriedPath}, although they lie in no directory.
     */
    public List<String> carriedFiles() {
        return carriedFiles;
    }

    /** Whether the guests are to have namespaces of their own, where permitted. */
    public boolean namespaces() {
        return namespaces;
    }

    /** The run's, to be shown to guests at a path that is the same in every run. */
    public Optional<Path> dataDirectory() {
        return dataDirectory;
    }
}
