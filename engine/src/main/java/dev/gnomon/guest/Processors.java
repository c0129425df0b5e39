package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The processors that the engine may use ({@code sched_getaffinity(2)}), in the order in which workers take them: first one of
 * each core, then the cores' further hardware threads.
 */
final class Processors {
    private static final int MASK_BYTES = 1024; // 8192 processors, more than any kernel is built for (NR_CPUS)

    private final List<Integer> order;

    private Processors(List<Integer> order) {
        this.order = order;
    }

    static Processors allowed() {
        List<Integer> cores = new ArrayList<>();
        List<Integer> further = new ArrayList<>();
        ByteBuffer mask = readMask();
        for (int cpu = 0; cpu < mask.limit() * 8; cpu++) {
            if ((mask.get(cpu / 8) >> (cpu % 8) & 1) != 0) {
                (isFirstOfCore(cpu) ? cores : further).add(cpu);
            }
        }
        cores.addAll(further);
        return new Processors(List.copyOf(cores));
    }

    private static ByteBuffer readMask() {
        ByteBuffer mask = ByteBuffer.allocateDirect(MASK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        int filled = SwitchLibrary.gnomon_get_affinity(SwitchLibrary.address(mask), MASK_BYTES);
        if (filled < 0) {
            throw new IllegalStateException("cannot read the allowed processors: " + SwitchLibrary.errorText(-filled));
        }
        return mask.limit(filled);
    }

    /** Documentation/ABI/stable/sysfs-devices-system-cpu: a list such as "0,64" or "0-1". */
    private static boolean isFirstOfCore(int cpu) {
        Path siblings = Path.of("/sys/devices/system/cpu/cpu" + cpu + "/topology/thread_siblings_list");
        try {
            String first = Files.readString(siblings, StandardCharsets.US_ASCII)
                    .strip()
                    .split("[,-]", 2)[0];
            return Integer.parseInt(first) == cpu;
        } catch (IOException | NumberFormatException e) {
            return true; // not told: every processor counts as a core
        }
    }

    int count() {
        return order.size();
    }

    /** The processor of a worker; more workers than processors share them. */
    int ofWorker(int workerIndex) {
        return order.get(workerIndex % order.size());
    }

    /**
     * The processor where a worker's guests run while both spin: one that no worker has, on machines with hardware threads
     * the other one of the worker's core. {@link WorkerWordDescriptor#ANY_PROCESSOR} where there are not two for each worker.
     */
    int ofSpinningGuests(int workerIndex, int workers) {
        return 2 * workers <= order.size() ? order.get(workers + workerIndex) : WorkerWordDescriptor.ANY_PROCESSOR;
    }

    /** Lets the calling thread use all of them again. */
    void release() {
        ByteBuffer mask = ByteBuffer.allocateDirect(MASK_BYTES);
        for (int cpu : order) {
            mask.put(cpu / 8, (byte) (mask.get(cpu / 8) | 1 << (cpu % 8)));
        }
        SwitchLibrary.gnomon_set_affinity(SwitchLibrary.address(mask), MASK_BYTES);
    }
}
