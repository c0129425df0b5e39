package dev.gnomon.network;

import java.util.Arrays;

/**
 * Packets that the stack gets at one time, and which of them Linux would have merged into one: generic receive offload,
 * {@code tcp_gro_receive} of {@code net/ipv4/tcp_offload.c}.
 *
 * <p>Nothing is merged here. Packets stay as they came, in their order, and each that is continued by a later one of its
 * connection is marked: what a merged segment has happen once, an acknowledgment above all, is left to the last one.
 */
final class ReceiveBatch {
    /** {@code gro_max_size}: bytes of a merged packet, headers included. */
    private static final int LARGEST_MERGED_BYTES = 65_536;

    /** So many packets back the last one of a connection is looked for: {@code GRO_HASH_BUCKETS} times {@code MAX_GRO_SKBS}. */
    private static final int LOOKED_BACK = 64;

    private static final int FLUSHING_FLAGS = Packet.SYN | Packet.RST | Packet.FIN | Packet.PSH;
    private static final int IGNORED_FLAGS = Packet.FIN | Packet.PSH;

    private Packet[] packets = new Packet[16];
    private boolean[] continued = new boolean[16];
    /** Bytes of data of the first of those that would be one packet by now, and bytes of that packet. */
    private int[] segmentBytes = new int[16];

    private int[] mergedBytes = new int[16];
    private int size;

    int size() {
        return size;
    }

    Packet packet(int index) {
        return packets[index];
    }

    /** Whether a later packet of the batch would have been merged into this one. */
    boolean isContinued(int index) {
        return continued[index];
    }

    void add(Packet packet) {
        if (size == packets.length) {
            grow();
        }
        packets[size] = packet;
        continued[size] = false;
        segmentBytes[size] = packet.payloadLength;
        mergedBytes[size] = packet.wireBytes();
        if (packet.protocol == Packet.TCP && packet.payloadLength > 0) {
            merge(packet);
        }
        size++;
    }

    private void merge(Packet packet) {
        for (int index = size - 1; index >= Math.max(0, size - LOOKED_BACK); index--) {
            if (isSameConnection(packets[index], packet)) {
                if (mayFollow(index, packet)) {
                    continued[index] = true;
                    segmentBytes[size] = segmentBytes[index];
                    mergedBytes[size] = mergedBytes[index] + packet.payloadLength;
                }
                return;
            }
        }
    }

    private static boolean isSameConnection(Packet one, Packet other) {
        return one.protocol == Packet.TCP
                && one.sourcePort == other.sourcePort
                && one.destinationPort == other.destinationPort
                && one.sourceAddress == other.sourceAddress
                && one.destinationAddress == other.destinationAddress;
    }

    private boolean mayFollow(int index, Packet packet) {
        Packet last = packets[index];
        return last.payloadLength == segmentBytes[index]
                && last.payloadLength > 0
                && packet.payloadLength <= segmentBytes[index]
                && mergedBytes[index] + packet.payloadLength < LARGEST_MERGED_BYTES
                && last.sequence + last.payloadLength == packet.sequence
                && (last.flags & FLUSHING_FLAGS) == 0
                && ((last.flags ^ packet.flags) & ~IGNORED_FLAGS) == 0
                && hasSameHeader(last, packet);
    }

    private static boolean hasSameHeader(Packet one, Packet other) {
        return one.acknowledgment == other.acknowledgment
                && one.window == other.window
                && one.timestamps == other.timestamps
                && one.timestampValue == other.timestampValue
                && one.timestampEcho == other.timestampEcho
                && Arrays.equals(one.sackEdges, other.sackEdges)
                && one.timeToLive == other.timeToLive
                && one.typeOfService == other.typeOfService;
    }

    void clear() {
        Arrays.fill(packets, 0, size, null);
        size = 0;
    }

    private void grow() {
        int larger = size * 2;
        packets = Arrays.copyOf(packets, larger);
        continued = Arrays.copyOf(continued, larger);
        segmentBytes = Arrays.copyOf(segmentBytes, larger);
        mergedBytes = Arrays.copyOf(mergedBytes, larger);
    }
}
