package dev.gnomon.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link GuestRuntime} is opened with.
 *
 * @param hosts number of simulated hosts, from 1
 * @param workers number of workers, 1 to {@link ArenaDescriptor#WORKER_LIMIT}
 * @param pinning whether a worker and its guests share one processor, which makes a switch ten times cheaper
 * @param spinning whether they may run on two instead and wait for each other spinning, where processors are free and it is
 *     found to be faster; needs pinning
 * @param fifo whether workers and guests run under {@code SCHED_FIFO} where that is permitted and safe; needs pinning, and
 *     excludes spinning
 * @param traceAllCalls whether every call crosses, also those that a guest would make on its own
 * @param localCalls whether guests answer calls themselves, as far as they are sure of the answer
 * @param realCounter whether guests read the CPU's own time-stamp counter, for measuring; what they print is then not
 *     reproducible
 * @param patches whether guests' call sites are patched, so that later calls do not trap
 * @param virtualStartNanos virtual time at which the run starts, nanoseconds since the Unix epoch
 * @param shim a shim to load instead of the engine's own
 * @param carriedFiles names of programs in the engine's jar that guests shall be able to execute by {@link
 *     PreloadRuntime#carriedPath}, although they lie in no directory
 * @param dataDirectory the run's, to be shown to guests at a path that is the same in every run
 * @param namespaces whether the guests are to have namespaces of their own, where permitted
 */
public record GuestRuntimeConfiguration(
        int hosts,
        int workers,
        boolean pinning,
        boolean spinning,
        boolean fifo,
        boolean traceAllCalls,
        boolean localCalls,
        boolean realCounter,
        boolean patches,
        long virtualStartNanos,
        Optional<Path> shim,
        List<String> carriedFiles,
        boolean namespaces,
        Optional<Path> dataDirectory) {

    /** 2000-01-01T00:00:00Z. */
    public static final long DEFAULT_VIRTUAL_START_NANOS = 946_684_800_000_000_000L;

    public GuestRuntimeConfiguration {
        if (hosts < 1) {
            throw new IllegalArgumentException("too few hosts: hosts=" + hosts);
        }
        if (workers < 1 || workers > ArenaDescriptor.WORKER_LIMIT) {
            throw new IllegalArgumentException(
                    "workers out of range: workers=" + workers + ", limit=" + ArenaDescriptor.WORKER_LIMIT);
        }
        carriedFiles = List.copyOf(carriedFiles);
    }

    /** Everything usual: pinned, not traced, in namespaces, from the year 2000. */
    public static GuestRuntimeConfiguration of(int hosts, int workers) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                true,
                true,
                false,
                false,
                true,
                false,
                true,
                DEFAULT_VIRTUAL_START_NANOS,
                Optional.empty(),
                List.of(),
                true,
                Optional.empty());
    }

    public GuestRuntimeConfiguration withPinning(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                on,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withSpinning(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                on,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withFifo(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                on,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withTraceAllCalls(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                on,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withLocalCalls(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                on,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withRealCounter(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                on,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withPatches(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                on,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withVirtualStartNanos(long nanos) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                nanos,
                shim,
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withShim(Path path) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                Optional.of(path),
                carriedFiles,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withCarriedFiles(List<String> names) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                names,
                namespaces,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withNamespaces(boolean on) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                on,
                dataDirectory);
    }

    public GuestRuntimeConfiguration withDataDirectory(Path directory) {
        return new GuestRuntimeConfiguration(
                hosts,
                workers,
                pinning,
                spinning,
                fifo,
                traceAllCalls,
                localCalls,
                realCounter,
                patches,
                virtualStartNanos,
                shim,
                carriedFiles,
                namespaces,
                Optional.of(directory));
    }
}
