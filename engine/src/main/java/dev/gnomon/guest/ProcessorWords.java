package dev.gnomon.guest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What loaders keep of {@code cpuid} and that differs from processor to processor: the second word of leaf 1, with the local APIC's
 * id in its highest byte and the size of a cache line, in eights of bytes, in the second lowest. On which processor a process was
 * when it asked is chance, so any is right.
 */
final class ProcessorWords {
    private static final Pattern ID = Pattern.compile("(?m)^initial apicid\\s*: (\\d+)$");
    private static final Pattern LINE_BYTES = Pattern.compile("(?m)^clflush size\\s*: (\\d+)$");
    private static final int LINE_UNIT = 8;
    private static final int BYTE = 0xff;
    private static final int ID_SHIFT = 24;

    private final Set<Integer> ids = new HashSet<>();
    private int lineUnits = -1;

    private ProcessorWords() {}

    /** Of this machine, as {@code /proc/cpuinfo} shows it. */
    static ProcessorWords read() throws IOException {
        ProcessorWords words = new ProcessorWords();
        String text = Files.readString(Path.of("/proc/cpuinfo"), StandardCharsets.ISO_8859_1);
        Matcher id = ID.matcher(text);
        while (id.find()) {
            words.ids.add(Integer.parseInt(id.group(1)) & BYTE);
        }
        Matcher line = LINE_BYTES.matcher(text);
        if (line.find()) {
            words.lineUnits = Integer.parseInt(line.group(1)) / LINE_UNIT;
        }
        return words;
    }

    /** Whether two aligned pairs of such words differ in nothing but the processor. */
    boolean isChance(long one, long other) {
        return isChance((int) one, (int) other)
                && isChance((int) (one >>> Integer.SIZE), (int) (other >>> Integer.SIZE));
    }

    private boolean isChance(int one, int other) {
        return one == other
                || (one ^ other) << Byte.SIZE == 0
                        && (one >>> Byte.SIZE & BYTE) == lineUnits
                        && ids.contains(one >>> ID_SHIFT)
                        && ids.contains(other >>> ID_SHIFT);
    }
}
