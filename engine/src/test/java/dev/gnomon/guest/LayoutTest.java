package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The descriptors here and the headers in native/include/gnomon describe the same bytes. */
class LayoutTest {
    /** What the C program says, by the descriptor and constant that must say the same. */
    private static final Map<String, Class<?>> STRUCTURES = Map.ofEntries(
            Map.entry("gnomon_arena_header", ArenaDescriptor.class),
            Map.entry("gnomon_worker_word", WorkerWordDescriptor.class),
            Map.entry("gnomon_host_header", HostBlockDescriptor.class),
            Map.entry("gnomon_process_record", ProcessRecordDescriptor.class),
            Map.entry("gnomon_object", ObjectDescriptor.class),
            Map.entry("gnomon_datagram", ObjectDescriptor.class),
            Map.entry("gnomon_epoll_ready", EpollTableDescriptor.class),
            Map.entry("gnomon_epoll_table", EpollTableDescriptor.class),
            Map.entry("gnomon_log_entry", LogEntryDescriptor.class),
            Map.entry("gnomon_slot", ThreadSlotDescriptor.class),
            Map.entry("gnomon_copy", CopyDescriptor.class),
            Map.entry("gnomon_range", RangeDescriptor.class));

    /** The constant that gives the size of the structure that the C program tells the size of. */
    private static final Map<Class<?>, String> SIZES = Map.of(
            ThreadSlotDescriptor.class, "SLOT_BYTES",
            CopyDescriptor.class, "COPY_BYTES",
            RangeDescriptor.class, "RANGE_BYTES",
            LogEntryDescriptor.class, "ENTRY_BYTES",
            ObjectDescriptor.class, "DATAGRAM_HEADER_BYTES",
            EpollTableDescriptor.class, "READY_BYTES",
            WorkerWordDescriptor.class, "WORD_BYTES");

    @Test
    void everyOffsetAndConstantIsTheSameInBothLanguages() throws Exception {
        Map<String, Long> native_ = nativeLayout();
        assertThat(native_).hasSizeGreaterThan(150);
        List<String> compared = new ArrayList<>();
        for (Map.Entry<String, Long> one : native_.entrySet()) {
            assertThat(engineValue(one.getKey())).as(one.getKey()).isEqualTo(one.getValue());
            compared.add(one.getKey());
        }
        assertThat(compared).contains("gnomon_slot.transfer", "gnomon_slot.signal.siginfo", "GNOMON_ARENA_MAGIC");
    }

    private static Map<String, Long> nativeLayout() throws Exception {
        Process process =
                new ProcessBuilder(NativeTarget.shipped("gnomon-layout").toString()).start();
        Map<String, Long> layout = new LinkedHashMap<>();
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            lines.lines().forEach(line -> layout.put(line.split(" ")[0], Long.parseLong(line.split(" ")[1])));
        }
        assertThat(process.waitFor()).isZero();
        return layout;
    }

    private static long engineValue(String name) throws ReflectiveOperationException {
        if (name.startsWith("GNOMON_")) {
            return constant(name.substring("GNOMON_".length()));
        }
        String structure = name.split("\\.")[0];
        Class<?> descriptor = STRUCTURES.get(structure);
        assertThat(descriptor).as("descriptor of " + structure).isNotNull();
        if (name.equals(structure)) {
            return size(descriptor);
        }
        String field = name.substring(structure.length() + 1);
        if (structure.equals("gnomon_datagram")) {
            return value(descriptor, "DATAGRAM_" + constantName(field));
        }
        if (structure.equals("gnomon_epoll_ready")) {
            return value(descriptor, "READY_" + constantName(field));
        }
        if (name.equals("gnomon_slot.log_bytes")) {
            return ThreadSlotDescriptor.LOG_USED_OFFSET;
        }
        if (field.startsWith("signal.")) {
            return ThreadSlotDescriptor.SIGNAL_OFFSET
                    + value(SignalDeliveryDescriptor.class, constantName(field.substring("signal.".length())));
        }
        return value(descriptor, constantName(field));
    }

    private static long size(Class<?> descriptor) throws ReflectiveOperationException {
        return value(descriptor, SIZES.get(descriptor));
    }

    private static String constantName(String field) {
        return field.toUpperCase(Locale.ROOT) + "_OFFSET";
    }

    /** Finds a header's constant by its name in whichever descriptor has it. */
    private static long constant(String name) throws ReflectiveOperationException {
        if (name.startsWith("PHASE_")) {
            return GuestThreadChannel.Phase.valueOf(name.substring("PHASE_".length()))
                    .ordinal();
        }
        if (name.startsWith("LOG_") && !name.equals("LOG_BYTES")) {
            return value(LogEntryDescriptor.class, name.substring("LOG_".length()));
        }
        return switch (name) {
            case "OBJECT_OPAQUE",
                    "OBJECT_STREAM",
                    "OBJECT_DATAGRAM",
                    "OBJECT_LISTENER",
                    "OBJECT_COUNTER",
                    "OBJECT_EPOLL" -> value(ObjectDescriptor.class, "KIND_" + name.substring("OBJECT_".length()));
            case "OBJECT_BYTES" -> ObjectDescriptor.RECORD_BYTES;
            case "OBJECT_UNIT" -> ObjectDescriptor.UNIT_BYTES;
            case "MIRROR_BYTES" -> ObjectDescriptor.MIRROR_BYTES;
            case "EPOLL_TABLE_BYTES" -> EpollTableDescriptor.TABLE_BYTES;
            case "EPOLL_DESCRIPTORS" -> EpollTableDescriptor.DESCRIPTOR_LIMIT;
            case "EPOLL_READY_LIMIT" -> EpollTableDescriptor.READY_LIMIT;
            case "EPOLL_STALE" -> EpollTableDescriptor.STALE;
            case "EPOLL_CROSSES" -> EpollTableDescriptor.CROSSES;
            case "DESCRIPTOR_LIMIT" -> ProcessRecordDescriptor.DESCRIPTOR_LIMIT;
            case "ADDRESS_MULTIPLIER" -> Integer.toUnsignedLong(ArenaDescriptor.ADDRESS_MULTIPLIER);
            case "ARENA_MAGIC" -> ArenaDescriptor.MAGIC;
            case "ARENA_VERSION" -> ArenaDescriptor.VERSION;
            case "HOST_TRACE_ALL" -> HostBlockDescriptor.TRACE_ALL;
            case "HOST_LOCAL_CALLS" -> HostBlockDescriptor.LOCAL_CALLS;
            case "PROCESS_RECORD_BYTES" -> ProcessRecordDescriptor.RECORD_BYTES;
            case "PROCESS_RELATIVE_PATHS_CROSS" -> ProcessRecordDescriptor.RELATIVE_PATHS_CROSS;
            case "PROCESS_NOTIFIES" -> ProcessRecordDescriptor.NOTIFIES;
            case "PROCESS_WATCHED" -> ProcessRecordDescriptor.WATCHED;
            case "THREAD_SLOT_BYTES" -> ThreadSlotDescriptor.SLOT_BYTES;
            case "SIGINFO_BYTES" -> SignalDeliveryDescriptor.SIGINFO_BYTES;
            case "RANGE_IN" -> RangeDescriptor.IN;
            case "RANGE_OUT" -> RangeDescriptor.OUT;
            case "RANGE_INOUT" -> RangeDescriptor.INOUT;
            default ->
                name.startsWith("OBJECT_")
                        ? value(ObjectDescriptor.class, name.substring("OBJECT_".length()))
                        : sameNameAnywhere(name);
        };
    }

    private static long sameNameAnywhere(String name) throws ReflectiveOperationException {
        for (Class<?> descriptor : STRUCTURES.values()) {
            for (Field field : descriptor.getDeclaredFields()) {
                if (field.getName().equals(name) && Modifier.isStatic(field.getModifiers())) {
                    return value(descriptor, name);
                }
            }
        }
        throw new NoSuchFieldException("no descriptor has a constant " + name);
    }

    private static long value(Class<?> descriptor, String name) throws ReflectiveOperationException {
        return ((Number) descriptor.getDeclaredField(name).get(null)).longValue();
    }
}
