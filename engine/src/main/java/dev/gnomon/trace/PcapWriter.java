package dev.gnomon.trace;

import dev.gnomon.network.Packet;
import dev.gnomon.network.PacketCapture;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes packets into a classic pcap file with nanoseconds, link type RAW (101: each record begins with the IPv4 header, as
 * Shadow's captures), little-endian.
 *
 * <p>Times are the programs' clock: the start of a run is 2000-01-01 00:00:00 UTC. A record holds at most the snap length;
 * the packet's true length stands beside it. Format: draft-ietf-opsawg-pcap.
 *
 * <pre>
 * file:   magic 4 | major 2 | minor 2 | 0 4 | 0 4 | snap length 4 | link type 4
 * record: seconds 4 | nanoseconds 4 | captured 4 | original 4 | bytes
 * </pre>
 */
public final class PcapWriter implements PacketCapture, Closeable {
    /** {@code host_options.pcap_capture_size}'s default. */
    public static final int DEFAULT_SNAP_LENGTH_BYTES = 65_535;

    /** 2000-01-01 00:00:00 UTC in seconds since 1970. */
    public static final long START_EPOCH_SECONDS = 946_684_800L;

    private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
    private static final int LINK_TYPE_RAW = 101;
    private static final int FILE_HEADER_BYTES = 24;
    private static final int RECORD_HEADER_BYTES = 16;
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final OutputStream output;
    private final int snapLengthBytes;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int used;

    /**
     * Creates the file, or replaces it.
     *
     * @param snapLengthBytes the most bytes of a packet to keep, at least 1
     */
    public static PcapWriter create(Path file, int snapLengthBytes) throws IOException {
        return new PcapWriter(Files.newOutputStream(file), snapLengthBytes);
    }

    public PcapWriter(OutputStream output, int snapLengthBytes) {
        if (snapLengthBytes < 1) {
            throw new IllegalArgumentException("snap length must be positive: " + snapLengthBytes);
        }
        this.output = output;
        this.snapLengthBytes = snapLengthBytes;
        put32(0, MAGIC_NANOSECONDS);
        put32(4, 2 | 4 << 16);
        put32(16, snapLengthBytes);
        put32(20, LINK_TYPE_RAW);
        used = FILE_HEADER_BYTES;
    }

    /**
     * Appends a packet.
     *
     * @throws UncheckedIOException where the file cannot be written
     */
    @Override
    public void captured(long nanos, Packet packet) {
        int needed = RECORD_HEADER_BYTES + packet.wireBytes();
        if (used + needed > buffer.length) {
            flush();
            if (needed > buffer.length) {
                // Only loopback has packets as large as this.
                buffer = new byte[2 * needed];
            }
        }
        int original = packet.write(buffer, used + RECORD_HEADER_BYTES);
        int kept = Math.min(original, snapLengthBytes);
        long seconds = nanos / NANOS_PER_SECOND;
        put32(used, (int) (START_EPOCH_SECONDS + seconds));
        put32(used + 4, (int) (nanos - seconds * NANOS_PER_SECOND));
        put32(used + 8, kept);
        put32(used + 12, original);
        used += RECORD_HEADER_BYTES + kept;
    }

    private void flush() {
        try {
            output.write(buffer, 0, used);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        used = 0;
    }

    /** Writes what is buffered and closes the file. */
    @Override
    public void close() throws IOException {
        try (output) {
            output.write(buffer, 0, used);
            used = 0;
        }
    }

    private void put32(int at, int value) {
        buffer[at] = (byte) value;
        buffer[at + 1] = (byte) (value >>> 8);
        buffer[at + 2] = (byte) (value >>> 16);
        buffer[at + 3] = (byte) (value >>> 24);
    }
}
