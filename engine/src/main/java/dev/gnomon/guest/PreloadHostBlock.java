package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A host's block for guests under the shim. Belongs to the host's worker. */
final class PreloadHostBlock implements GuestHostBlock, GuestObject.Source {
    /** How many processes and threads a host may have at once; far below what the kernel gives out in all. */
    static final int PROCESS_LIMIT = 4096;

    static final int THREAD_LIMIT = 16_384;

    private static final int RECORD_PAGES = ProcessRecordDescriptor.RECORD_BYTES / HostBlockDescriptor.PAGE_BYTES;
    private static final int SLOT_PAGES = ThreadSlotDescriptor.SLOT_BYTES / HostBlockDescriptor.PAGE_BYTES;
    private static final int UNITS_PER_PAGE = HostBlockDescriptor.PAGE_BYTES / ObjectDescriptor.UNIT_BYTES;
    private static final int UNITS_PER_RECORD = ObjectDescriptor.RECORD_BYTES / ObjectDescriptor.UNIT_BYTES;

    private static final String PRELOAD = "LD_PRELOAD=";
    private static final String TUNABLES = "GLIBC_TUNABLES=";

    /** The shim answers rseq(2) by ENOSYS, and glibc is not to try (glibc manual, "POSIX Thread Tunables"). */
    private static final String NO_RSEQ = "glibc.pthread.rseq=0";

    private final PreloadRuntime runtime;
    private final int hostIndex;
    private final int workerIndex;
    private final WorkerWord worker;
    private final Handover handover;
    private final Crossing tracers;
    private final ByteBuffer header;
    private final BlockSpace space;
    private final GuestRandom random;
    private int processCount;
    private int threadCount;

    /** Free object records, by unit; a page of them is opened when they are used up. */
    private int[] freeRecords = new int[4];

    private int freeRecordCount;

    /** The pages of object records, by page number. */
    private final Map<Integer, ByteBuffer> recordPages = new HashMap<>(2);

    PreloadHostBlock(PreloadRuntime runtime, int hostIndex, int workerIndex) {
        this.runtime = runtime;
        this.hostIndex = hostIndex;
        this.workerIndex = workerIndex;
        this.worker = runtime.worker(workerIndex);
        this.handover = runtime.handover(workerIndex);
        this.tracers = new TracerCrossing(
                worker, runtime.arena().address(blockOffset(HostBlockDescriptor.TRACER_WORD_OFFSET)));
        this.header = runtime.arena().buffer(blockOffset(0), HostBlockDescriptor.HEADER_BYTES);
        this.space = new BlockSpace(
                ArenaDescriptor.blockBytes(runtime.configuration().hosts()));
        this.random = new GuestRandom(header);
        header.putInt(HostBlockDescriptor.FLAGS_OFFSET, flags());
        header.putLong(HostBlockDescriptor.MONOTONIC_ORIGIN_NANOS_OFFSET, 0);
        header.putLong(HostBlockDescriptor.MAXIMUM_UNAPPLIED_NANOS_OFFSET, Long.MAX_VALUE);
        setClock(runtime.configuration().virtualStartNanos());
    }

    private int flags() {
        if (runtime.configuration().traceAllCalls()) {
            return HostBlockDescriptor.TRACE_ALL;
        }
        return runtime.configuration().localCalls() ? HostBlockDescriptor.LOCAL_CALLS : 0;
    }

    private long blockOffset(long offset) {
        return ArenaDescriptor.hostBlockOffset(runtime.configuration().hosts(), hostIndex) + offset;
    }

    private long pageOffset(int page) {
        return blockOffset((long) page * HostBlockDescriptor.PAGE_BYTES);
    }

    int index() {
        return hostIndex;
    }

    WorkerWord worker() {
        return worker;
    }

    /** How guests of a mechanism cross, where they do not bring a way of their own. */
    Crossing crossing(Mechanism mechanism) {
        return mechanism == Mechanism.PTRACE ? tracers : handover;
    }

    @Override
    public void setClock(long epochNanos) {
        header.putLong(HostBlockDescriptor.CLOCK_NANOS_OFFSET, epochNanos);
    }

    /** The time last {@linkplain #setClock set}. */
    long clock() {
        return header.getLong(HostBlockDescriptor.CLOCK_NANOS_OFFSET);
    }

    @Override
    public void setMonotonicOrigin(long epochNanos) {
        header.putLong(HostBlockDescriptor.MONOTONIC_ORIGIN_NANOS_OFFSET, epochNanos);
    }

    @Override
    public void setAddress(int address) {
        header.putInt(HostBlockDescriptor.ADDRESS_OFFSET, address);
    }

    @Override
    public void setCosts(long callNanos, long timeCallNanos, long maximumUnappliedNanos) {
        header.putLong(HostBlockDescriptor.CALL_NANOS_OFFSET, callNanos);
        header.putLong(HostBlockDescriptor.TIME_CALL_NANOS_OFFSET, timeCallNanos);
        header.putLong(HostBlockDescriptor.MAXIMUM_UNAPPLIED_NANOS_OFFSET, maximumUnappliedNanos);
    }

    @Override
    public GuestRandom random() {
        return random;
    }

    @Override
    public void setFutexWaiters(int bucket, int waiters) {
        header.putInt(HostBlockDescriptor.FUTEX_WAITERS_OFFSET + bucket * Integer.BYTES, waiters);
    }

    @Override
    public boolean localCalls() {
        return flags() == HostBlockDescriptor.LOCAL_CALLS;
    }

    // ---- objects

    /** A record for an object; null where the block has no room, or no guest would look at it. */
    GuestObject openObject() {
        if (!localCalls()) {
            return null;
        }
        if (freeRecordCount == 0 && !openRecordPage()) {
            return null;
        }
        int unit = freeRecords[--freeRecordCount];
        ByteBuffer records = recordPages.get(unit / UNITS_PER_PAGE);
        return new GuestObject(this, records, unit % UNITS_PER_PAGE * ObjectDescriptor.UNIT_BYTES, unit);
    }

    private boolean openRecordPage() {
        int page = space.allocate(1);
        if (page == BlockSpace.NONE) {
            return false;
        }
        recordPages.put(page, runtime.arena().buffer(pageOffset(page), HostBlockDescriptor.PAGE_BYTES));
        for (int unit = UNITS_PER_PAGE - UNITS_PER_RECORD; unit >= 0; unit -= UNITS_PER_RECORD) {
            closeRecord(page * UNITS_PER_PAGE + unit);
        }
        return true;
    }

    @Override
    public void closeRecord(int unit) {
        if (freeRecordCount == freeRecords.length) {
            freeRecords = Arrays.copyOf(freeRecords, freeRecordCount * 2);
        }
        freeRecords[freeRecordCount++] = unit;
    }

    @Override
    public int openMirror(int bytes) {
        return space.allocate(bytes / HostBlockDescriptor.PAGE_BYTES);
    }

    @Override
    public ByteBuffer mirror(int page, int bytes) {
        return runtime.arena().buffer(pageOffset(page), bytes);
    }

    @Override
    public void closeMirror(int page, int bytes) {
        if (bytes > HostBlockDescriptor.PAGE_BYTES) {
            // What a busy connection filled is not kept for one that may never be.
            SwitchLibrary.gnomon_discard(
                    runtime.arena().address(pageOffset(page) + HostBlockDescriptor.PAGE_BYTES),
                    bytes - HostBlockDescriptor.PAGE_BYTES);
        }
        space.release(page, bytes / HostBlockDescriptor.PAGE_BYTES);
    }

    // ---- processes and threads

    @Override
    public PendingGuest begin(StartRequest request) throws GuestStartException {
        PreloadProcess process = openProcess(request.mechanism());
        if (process == null) {
            throw new GuestStartException("cannot start " + request.program()
                    + ": the host has no room for a process: limit=" + PROCESS_LIMIT);
        }
        PreloadChannel thread = openThread(process);
        if (thread == null) {
            process.close();
            throw new GuestStartException(
                    "cannot start " + request.program() + ": the host has no room for a thread: limit=" + THREAD_LIMIT);
        }
        if (request.preparation() != Preparation.NONE) {
            thread.record(request.preparation());
        }
        try {
            Zygote.Spawn spawn = runtime.zygote()
                    .spawn(
                            process,
                            new Zygote.Start(
                                    request.mechanism(),
                                    hostIndex,
                                    thread.page(),
                                    worker.cpu(),
                                    copiesOf(request),
                                    request.program().toString(),
                                    request.workingDirectory().toString(),
                                    "/dev/null",
                                    request.standardOutput().toString(),
                                    request.standardError().toString(),
                                    request.arguments(),
                                    request.mechanism() == Mechanism.PRELOAD
                                            ? preloading(request.environment(), process.page(), thread.page())
                                            : request.environment()));
            return () -> {
                try {
                    int listener = spawn.await();
                    if (request.mechanism() == Mechanism.NOTIFY) {
                        process.listen(fetchListener(request, listener));
                        thread.crossBy(process.crossing());
                    }
                    return new StartedGuest(process, thread);
                } catch (GuestStartException e) {
                    throw gone(process, thread, e);
                }
            };
        } catch (GuestStartException e) {
            throw gone(process, thread, e);
        }
    }

    /** So many make the guest stop at its entry point. */
    private static int copiesOf(StartRequest request) {
        return switch (request.preparation()) {
            case NONE -> 0;
            case WATCHED -> 1;
            case COPIED -> request.copies();
        };
    }

    /** Makes room for a copy; null where there is none. */
    PendingCopy openCopy(ProgramImage image, StartRequest request) {
        PreloadProcess process = openProcess(request.mechanism());
        PreloadChannel thread = process == null ? null : openThread(process);
        if (thread == null) {
            if (process != null) {
                process.close();
            }
            return null;
        }
        thread.replay(
                image,
                request.workingDirectory().toString(),
                request.standardOutput().toString(),
                request.standardError().toString());
        process.forkAllowed();
        return new PendingCopy(this, request, process, thread);
    }

    private NotificationListener fetchListener(StartRequest request, int zygoteDescriptor) throws GuestStartException {
        long bytes = ArenaDescriptor.blockBytes(runtime.configuration().hosts());
        try {
            return NotificationListener.fetch(
                    runtime.zygote().processId(),
                    zygoteDescriptor,
                    worker,
                    runtime.arena().address(blockOffset(0)),
                    bytes / HostBlockDescriptor.PAGE_BYTES);
        } catch (IOException e) {
            throw new GuestStartException("cannot start " + request.program() + ": " + e.getMessage());
        } finally {
            runtime.zygote().taken(zygoteDescriptor);
        }
    }

    private static GuestStartException gone(PreloadProcess process, PreloadChannel thread, GuestStartException reason) {
        thread.close();
        process.close();
        return reason;
    }

    /** The program's environment with what the preloaded shim needs; the shim takes it away again. */
    private List<String> preloading(List<String> given, int processPage, int threadPage) {
        List<String> all = new ArrayList<>(given.size() + 5);
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
        all.add("GNOMON_IMAGE=" + runtime.imagePath());
        all.add("GNOMON_SLOT=" + hostIndex + "," + processPage + "," + threadPage);
        return all;
    }

    /** A place for a process; null where all are taken. */
    PreloadProcess openProcess(Mechanism mechanism) {
        int page = processCount < PROCESS_LIMIT ? space.allocate(RECORD_PAGES) : BlockSpace.NONE;
        if (page == BlockSpace.NONE) {
            return null;
        }
        processCount++;
        ByteBuffer record = runtime.arena().buffer(pageOffset(page), ProcessRecordDescriptor.RECORD_BYTES);
        return new PreloadProcess(this, mechanism, page, record, runtime.zygote());
    }

    void freeProcess(int page) {
        processCount--;
        space.release(page, RECORD_PAGES);
    }

    /** A slot for a thread; null where all are taken. */
    PreloadChannel openThread(PreloadProcess process) {
        int page = threadCount < THREAD_LIMIT ? space.allocate(SLOT_PAGES) : BlockSpace.NONE;
        if (page == BlockSpace.NONE) {
            return null;
        }
        threadCount++;
        long offset = pageOffset(page);
        ThreadSlot slot = new ThreadSlot(
                runtime.arena().buffer(offset, ThreadSlotDescriptor.SLOT_BYTES),
                runtime.arena().address(offset));
        slot.reset(workerIndex, process.page());
        return new PreloadChannel(this, process, page, slot);
    }

    void freeThread(int page) {
        threadCount--;
        space.release(page, SLOT_PAGES);
    }
}
