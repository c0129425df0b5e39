package dev.gnomon.run;

import dev.gnomon.network.Interface;
import dev.gnomon.trace.PcapWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packet captures of a run. */
final class Captures {
    private final List<PcapWriter> writers = new ArrayList<>();

    void capture(Interface networkInterface, Path file, int snapLengthBytes) throws IOException {
        PcapWriter writer = PcapWriter.create(file, snapLengthBytes);
        writers.add(writer);
        networkInterface.capture(writer);
    }

    /** Writes what is left and closes the files. */
    void close() throws IOException {
        for (PcapWriter writer : writers) {
            writer.close();
        }
        writers.clear();
    }
}
