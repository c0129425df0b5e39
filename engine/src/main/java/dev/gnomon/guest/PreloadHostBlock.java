package dev.gnomon.guest;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/** A host's block for guests under the preloaded shim. Belongs to the host's worker. */
final class PreloadHostBlock implements GuestHostBlock {
    private static final String PRELOAD = "LD_PRELOAD=";
    private static final String TUNABLES = "GLIBC_TUNABLES=";

    /** The shim answers rseq(2) by ENOSYS, and glibc is not to try (glibc manual, "POSIX Thread Tunables"). */
    private static final String NO_RSEQ = "glibc.pthread.rseq=0";

    private final PreloadRuntime runtime;
    private final int hostIndex;
    private final int workerIndex;
    private final WorkerWord worker;
    private final Handover handover;
    private final ByteBuffer header;
    private final BitSet processes = new BitSet(HostBlockDescriptor.PROCESS_LIMIT);
    private final BitSet threads = new BitSet(HostBlockDescriptor.THREAD_LIMIT);

    PreloadHostBlock(PreloadRuntime runtime, int hostIndex, int workerIndex) {
        this.runtime = runtime;
        this.hostIndex = hostIndex;
        this.workerIndex = workerIndex;
        this.worker = runtime.worker(workerIndex);
        this.handover = runtime.handover(workerIndex);
        this.header = runtime.arena().buffer(blockOffset(0), HostBlockDescriptor.HEADER_BYTES);
        int flags = runtime.configuration().traceAllCalls()
                ? HostBlockDescriptor.TRACE_ALL
                : HostBlockDescriptor.LOCAL_TIME;
        header.putInt(HostBlockDescriptor.FLAGS_OFFSET, flags);
        header.putLong(HostBlockDescriptor.MONOTONIC_ORIGIN_NANOS_OFFSET, 0);
        setClock(runtime.configuration().virtualStartNanos());
    }

    private long blockOffset(int offset) {
        return ArenaDescriptor.hostBlockOffset(hostIndex) + offset;
    }

    WorkerWord worker() {
        return worker;
    }

    /** Whether the host's guests have a tracer in place of a shim. */
    boolean isTraced() {
        return runtime.configuration().mechanism() == Mechanism.PTRACE;
    }

    /** Where the host's tracers sleep. */
    long tracerWordAddress() {
        return runtime.arena().address(blockOffset(HostBlockDescriptor.TRACER_WORD_OFFSET));
    }

    Handover handover() {
        return handover;
    }

    @Override
    public void setClock(long epochNanos) {
        header.putLong(HostBlockDescriptor.CLOCK_NANOS_OFFSET, epochNanos);
    }

    @Override
    public void setMonotonicOrigin(long epochNanos) {
        header.putLong(HostBlockDescriptor.MONOTONIC_ORIGIN_NANOS_OFFSET, epochNanos);
    }

    @Override
    public StartedGuest start(StartRequest request) throws GuestStartException {
        PreloadProcess process = openProcess();
        if (process == null) {
            throw new GuestStartException("cannot start " + request.program()
                    + ": the host has no room for a process: limit=" + HostBlockDescriptor.PROCESS_LIMIT);
        }
        PreloadChannel thread = openThread(process);
        if (thread == null) {
            process.close();
            throw new GuestStartException("cannot start " + request.program()
                    + ": the host has no room for a thread: limit=" + HostBlockDescriptor.THREAD_LIMIT);
        }
        try {
            runtime.zygote()
                    .spawn(
                            process,
                            new Zygote.Start(
                                    worker.cpu(),
                                    request.program().toString(),
                                    request.workingDirectory().toString(),
                                    "/dev/null",
                                    request.standardOutput().toString(),
                                    request.standardError().toString(),
                                    request.arguments(),
                                    isTraced()
                                            ? request.environment()
                                            : environment(request.environment(), process.index(), thread.index()),
                                    isTraced()
                                            ? Optional.of(new Zygote.Place(hostIndex, process.index(), thread.index()))
                                            : Optional.empty()));
            return new StartedGuest(process, thread);
        } catch (GuestStartException e) {
            thread.close();
            process.close();
            throw e;
        }
    }

    /** The program's environment with what the shim needs; the shim takes it away again. */
    private List<String> environment(List<String> given, int processIndex, int threadIndex) {
        List<String> all = new ArrayList<>(given.size() + 4);
        String preload = PRELOAD + runtime.shimPath();
        String tunables = TUNABLES + NO_RSEQ;
        for (String variable : given) {
            if (variable.startsWith(PRELOAD)) {
                preload += variable.length() > PRELOAD.length() ? ":" + variable.substring(PRELOAD.length()) : "";
            } else if (variable.startsWith(TUNABLES)) {
                tunables += variable.length() > TUNABLES.length() ? ":" + variable.substring(TUNABLES.length()) : "";
            } else {
                all.add(variable);
            }
        }
        all.add(preload);
        all.add(tunables);
        all.add("GNOMON_ARENA=" + runtime.arenaPath());
        all.add("GNOMON_SLOT=" + hostIndex + "," + processIndex + "," + threadIndex);
        return all;
    }

    /** A place for a process; null where all are taken. */
    PreloadProcess openProcess() {
        int index = processes.nextClearBit(0);
        if (index >= HostBlockDescriptor.PROCESS_LIMIT) {
            return null;
        }
        processes.set(index);
        ByteBuffer record = runtime.arena()
                .buffer(
                        blockOffset(HostBlockDescriptor.processRecordOffset(index)),
                        ProcessRecordDescriptor.RECORD_BYTES);
        return new PreloadProcess(this, index, record, runtime.zygote());
    }

    void freeProcess(int index) {
        processes.clear(index);
    }

    /** A slot for a thread; null where all are taken. */
    PreloadChannel openThread(PreloadProcess process) {
        int index = threads.nextClearBit(0);
        if (index >= HostBlockDescriptor.THREAD_LIMIT) {
            return null;
        }
        threads.set(index);
        long offset = blockOffset(HostBlockDescriptor.threadSlotOffset(index));
        ThreadSlot slot = new ThreadSlot(
                runtime.arena().buffer(offset, ThreadSlotDescriptor.SLOT_BYTES),
                runtime.arena().address(offset));
        slot.reset(workerIndex, process.index());
        return new PreloadChannel(this, process, index, slot);
    }

    void freeThread(int index) {
        threads.clear(index);
    }
}
