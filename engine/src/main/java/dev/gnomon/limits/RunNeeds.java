package dev.gnomon.limits;

import dev.gnomon.application.ApplicationSettings;
import dev.gnomon.application.TrafficSettings;
import dev.gnomon.definition.Definition;
import dev.gnomon.definition.HostDefinition;
import dev.gnomon.definition.ProcessDefinition;
import dev.gnomon.definition.StraceLoggingMode;
import dev.gnomon.guest.Mechanism;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * What a run takes of a machine, as far as its definition tells: what programs start or allocate themselves comes on top.
 *
 * @param hosts simulated machines
 * @param processes real ones that can be alive at the same time: those that start later than others are shut down do not
 *     count beside these; a tracer is one more
 * @param applications inside the engine, without a process
 * @param clients of these: how many flows there can be at the same time
 * @param workers threads that run hosts
 * @param openFiles of the engine
 * @param realTime whether {@code SCHED_FIFO} is asked for
 */
public record RunNeeds(
        int hosts, int processes, int applications, long clients, int workers, long openFiles, boolean realTime) {
    /** Of the engine itself, beside workers: the virtual machine's threads, the zygote and its guardian. */
    private static final int ENGINE_TASKS = 40;

    /** The zygote has a thread for so many processes ({@code native/zygote/nursery.c}). */
    private static final int PROCESSES_A_NURSERY = 192;

    /** Of the engine itself: classes, libraries, pipes, the zygote's. */
    private static final int ENGINE_OPEN_FILES = 64;

    /** 230 were counted, however many guests there were. */
    private static final int ENGINE_MAPPINGS = 1024;

    private static final long ENGINE_BYTES = 160L << 20;
    private static final long ENGINE_HEAP_BYTES = 24L << 20;

    /** Counted with 100,000 hosts. */
    private static final long HOST_HEAP_BYTES = 3L << 10;

    /** With what it says at the end. */
    private static final long APPLICATION_HEAP_BYTES = 2L << 10;

    /** A flow by TCP with both its ends, and nothing under way. */
    private static final long CLIENT_HEAP_BYTES = 10L << 10;

    private static final long PROCESS_HEAP_BYTES = 12L << 10;

    /** Of a tiny, dynamically linked one, all in all: its own pages, page tables, the kernel's. */
    private static final long PROCESS_BYTES = 184L << 10;

    /** A run without anything. */
    public static final RunNeeds LEAST = new RunNeeds(1, 1, 0, 0, 1, ENGINE_OPEN_FILES, false);

    /** @param workers as many as the run will have */
    public static RunNeeds of(Definition definition, int workers) {
        long captures = definition.hosts().stream()
                .filter(host -> host.options().pcapEnabled())
                .count();
        int processes = mostAtOnce(definition);
        long traces = definition.experimental().straceLoggingMode() == StraceLoggingMode.OFF ? 0 : processes;
        return new RunNeeds(
                definition.hosts().size(),
                processes,
                (int) applications(definition).count(),
                applications(definition)
                        .mapToLong(settings -> settings instanceof TrafficSettings traffic ? traffic.clients() : 0)
                        .sum(),
                workers,
                ENGINE_OPEN_FILES + 2 * captures + traces + listeners(definition),
                definition.experimental().useSchedFifo());
    }

    private static Stream<ApplicationSettings> applications(Definition definition) {
        return definition.hosts().stream()
                .flatMap(host -> host.processes().stream())
                .flatMap(process -> process.application().stream());
    }

    /**
     * A descriptor for each process that crosses by notification; one for each hybrid process too, of the process that catches
     * its escaped calls, whose limit is the same.
     */
    private static long listeners(Definition definition) {
        return definition.hosts().stream()
                .flatMap(host -> host.processes().stream())
                .filter(process -> isReachedBy(process, Mechanism.NOTIFY) || isReachedBy(process, Mechanism.HYBRID))
                .count();
    }

    private static boolean isReachedBy(ProcessDefinition process, Mechanism mechanism) {
        return process.application().isEmpty()
                && process.mechanism().filter(mechanism::equals).isPresent();
    }

    private static int mostAtOnce(Definition definition) {
        long[] allStarts = new long[2 * definition.processCount()];
        long[] allEnds = new long[allStarts.length];
        int count = 0;
        for (HostDefinition host : definition.hosts()) {
            for (ProcessDefinition process : host.processes()) {
                int real = process.application().isPresent() ? 0 : isReachedBy(process, Mechanism.PTRACE) ? 2 : 1;
                for (int n = 0; n < real; n++) {
                    allStarts[count] = process.startNanos();
                    allEnds[count] = process.shutdownNanos().orElse(Long.MAX_VALUE);
                    count++;
                }
            }
        }
        long[] starts = Arrays.copyOf(allStarts, count);
        long[] ends = Arrays.copyOf(allEnds, count);
        Arrays.sort(starts);
        Arrays.sort(ends);
        int most = 0;
        int ended = 0;
        for (int started = 0; started < count; started++) {
            while (ends[ended] < starts[started]) {
                ended++;
            }
            most = Math.max(most, started + 1 - ended);
        }
        return most;
    }

    /** Processes and threads, each process having one. */
    long tasks() {
        return (long) processes + processes / PROCESSES_A_NURSERY + workers + ENGINE_TASKS;
    }

    long mappings() {
        return ENGINE_MAPPINGS;
    }

    long heapBytes() {
        return ENGINE_HEAP_BYTES
                + hosts * HOST_HEAP_BYTES
                + processes * PROCESS_HEAP_BYTES
                + applications * APPLICATION_HEAP_BYTES
                + clients * CLIENT_HEAP_BYTES;
    }

    long memoryBytes() {
        return ENGINE_BYTES + heapBytes() + processes * PROCESS_BYTES;
    }
}
