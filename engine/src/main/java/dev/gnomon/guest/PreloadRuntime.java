package dev.gnomon.guest;

import dev.gnomon.jna.NativeFile;
import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Guests under the shim, injected or preloaded: one arena, one zygote, a futex pair between each guest thread and its
 * worker.
 *
 * <p>Everything that guests open lies in memory files, which the zygote holds for them, so that no death of any process
 * leaves a file behind.
 */
public final class PreloadRuntime implements GuestRuntime {
    private static final System.Logger LOG = System.getLogger(PreloadRuntime.class.getName());

    private final GuestRuntimeConfiguration configuration;
    private final Processors processors;
    private final Arena arena;
    private final List<WorkerWord> workers = new ArrayList<>();
    private final List<Handover> handovers = new ArrayList<>();
    private final Zygote zygote;
    private final String zygotePath;
    private final List<String> notices = new ArrayList<>();
    private final boolean fifo;
    private boolean closed;

    private PreloadRuntime(GuestRuntimeConfiguration configuration) throws IOException {
        this.configuration = configuration;
        this.processors = Processors.allowed();
        this.fifo = configuration.fifo() && allowsFifo();
        this.arena = Arena.create(configuration);
        for (int index = 0; index < configuration.workers(); index++) {
            WorkerWord worker = new WorkerWord(
                    arena,
                    index,
                    configuration.pinning() ? processors.ofWorker(index) : WorkerWordDescriptor.ANY_PROCESSOR);
            if (fifo) {
                worker.guestPriority(RealTimePolicy.GUEST_PRIORITY);
            }
            boolean spinning = configuration.pinning() && configuration.spinning() && !fifo;
            workers.add(worker);
            handovers.add(new Handover(
                    worker,
                    spinning
                            ? processors.ofSpinningGuests(index, configuration.workers())
                            : WorkerWordDescriptor.ANY_PROCESSOR));
        }
        List<NativeFile> carried = new ArrayList<>();
        try (NativeFile program = NativeFile.fromJar("gnomon-zygote");
                NativeFile shim = openShim(configuration);
                NativeFile image = NativeFile.fromJar("gnomon-shim.image")) {
            for (String name : configuration.carriedFiles()) {
                carried.add(NativeFile.fromJar(name));
            }
            this.zygote = Zygote.start(
                    arena,
                    program,
                    shim,
                    image,
                    carried,
                    permitted(configuration),
                    configuration.dataDirectory(),
                    () -> workers.forEach(WorkerWord::wake));
            this.zygotePath = "/proc/" + zygote.processId() + "/fd/";
        } catch (IOException e) {
            arena.close();
            throw e;
        } finally {
            carried.forEach(NativeFile::close);
        }
    }

    private boolean allowsFifo() {
        if (!configuration.pinning()) {
            notices.add("workers and guests do not run under SCHED_FIFO: they are not bound to processors");
            return false;
        }
        Optional<String> refusal = RealTimePolicy.refusal(configuration.workers(), processors.count());
        refusal.or(RealTimePolicy::danger).ifPresent(notices::add);
        return refusal.isEmpty();
    }

    private static NativeFile openShim(GuestRuntimeConfiguration configuration) throws IOException {
        return configuration.shim().isPresent()
                ? NativeFile.fromPath(configuration.shim().get())
                : NativeFile.fromJar("libgnomon-shim.so");
    }

    /**
     * Creates the arena and starts the zygote.
     *
     * @throws IOException where the kernel refuses what cannot be done without
     */
    public static PreloadRuntime open(GuestRuntimeConfiguration configuration) throws IOException {
        PreloadRuntime runtime = new PreloadRuntime(configuration);
        runtime.notices().forEach(notice -> LOG.log(System.Logger.Level.WARNING, notice));
        return runtime;
    }

    /** What the kernel refused of the guests' surroundings, a sentence each; empty where nothing. */
    public List<String> notices() {
        List<String> all = new ArrayList<>(notices);
        all.addAll(zygote.notices());
        return all;
    }

    /** Whether workers and guests run under {@code SCHED_FIFO}. */
    public boolean isFifo() {
        return fifo;
    }

    /** {@inheritDoc} Where not, {@link #notices} says why. */
    /** A stand-in for the shim catches nothing, so nothing may stand behind it. */
    private static int permitted(GuestRuntimeConfiguration configuration) {
        return (configuration.namespaces() ? ZygoteProtocolDescriptor.NAMESPACES_ALL : 0)
                | (configuration.shim().isEmpty() ? ZygoteProtocolDescriptor.WALL : 0);
    }

    @Override
    public boolean canInject() throws IOException {
        return (zygote.namespaces() & ZygoteProtocolDescriptor.INJECTS) != 0;
    }

    /** Whether guests have a network namespace of their own, so that none of their packets can reach a real network. */
    public boolean isNetworkSeparate() throws IOException {
        return (zygote.namespaces() & ZygoteProtocolDescriptor.NAMESPACE_NETWORK) != 0;
    }

    @Override
    public Path guestDataDirectory() throws IOException {
        boolean shown = (zygote.namespaces() & ZygoteProtocolDescriptor.DATA_SHOWN) != 0;
        return shown
                ? Path.of(ZygoteProtocolDescriptor.DATA_PATH)
                : configuration.dataDirectory().orElseThrow();
    }

    /** Where guests find the n-th of the {@linkplain GuestRuntimeConfiguration#carriedFiles carried files}. */
    public String carriedPath(int index) {
        if (index < 0 || index >= configuration.carriedFiles().size()) {
            throw new IndexOutOfBoundsException("no such carried file: index=" + index + ", files="
                    + configuration.carriedFiles().size());
        }
        return zygotePath + (ZygoteProtocolDescriptor.FIRST_CARRIED_DESCRIPTOR + index);
    }

    /** Where a worker's guests run while both spin; -1 where they never do. */
    public int spinningProcessorOf(int workerIndex) {
        return configuration.pinning() ? processors.ofSpinningGuests(workerIndex, configuration.workers()) : -1;
    }

    /** The processor of a worker where pinning is on, otherwise -1. */
    public int processorOf(int workerIndex) {
        return worker(workerIndex).cpu();
    }

    GuestRuntimeConfiguration configuration() {
        return configuration;
    }

    Arena arena() {
        return arena;
    }

    Zygote zygote() {
        return zygote;
    }

    String arenaPath() {
        return zygotePath + ZygoteProtocolDescriptor.ARENA_DESCRIPTOR;
    }

    String imagePath() {
        return zygotePath + ZygoteProtocolDescriptor.IMAGE_DESCRIPTOR;
    }

    String shimPath() {
        return zygotePath + ZygoteProtocolDescriptor.SHIM_DESCRIPTOR;
    }

    WorkerWord worker(int workerIndex) {
        return workers.get(workerIndex);
    }

    Handover handover(int workerIndex) {
        return handovers.get(workerIndex);
    }

    /** Whether a worker and its guests spin at the moment; see {@link SpinningDecision}. */
    public boolean isSpinning(int workerIndex) {
        return handover(workerIndex).isSpinning();
    }

    @Override
    public GuestHostBlock openHost(int hostIndex, int workerIndex) {
        if (hostIndex < 0 || hostIndex >= configuration.hosts()) {
            throw new IndexOutOfBoundsException("no such host: host=" + hostIndex + ", hosts=" + configuration.hosts());
        }
        return new PreloadHostBlock(this, hostIndex, workerIndex);
    }

    @Override
    public void addAddress(int ipv4Address) {
        arena.addAddress(ipv4Address);
    }

    @Override
    public void enterWorker(int workerIndex) {
        int cpu = worker(workerIndex).cpu();
        if (cpu >= 0) {
            int result = SwitchLibrary.gnomon_pin_thread(cpu);
            if (result < 0) {
                throw new IllegalStateException(
                        "cannot bind to a processor: cpu=" + cpu + ": " + SwitchLibrary.errorText(-result));
            }
        }
        if (fifo) {
            SwitchLibrary.gnomon_set_priority(RealTimePolicy.WORKER_PRIORITY);
        }
    }

    /** Undoes {@link #enterWorker} for a thread that goes on to do something else. */
    public void leaveWorker() {
        if (fifo) {
            SwitchLibrary.gnomon_set_priority(0);
        }
        processors.release();
    }

    @Override
    public void interruptWorkers() {
        workers.forEach(WorkerWord::interrupt);
    }

    /** Kills every guest and frees everything. Workers must have left their channels before. */
    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            zygote.close();
            arena.close();
        }
    }
}
