package dev.gnomon.guest;

import java.nio.ByteBuffer;

/**
 * What a host's block shows of one object that descriptors refer to, so that the shim can answer calls on it: a record ({@link
 * ObjectDescriptor}), and the mirror, which holds the first bytes to be read. The engine only writes here; how much of the
 * mirror has been read it knows by repeating the reads on its own object.
 */
public final class GuestObject {
    /** Where the pages of records and mirrors come from. */
    interface Source {
        /** A region for a mirror of so many bytes: its first page; {@link BlockSpace#NONE} where there is no room. */
        int openMirror(int bytes);

        ByteBuffer mirror(int page, int bytes);

        void closeMirror(int page, int bytes);

        void closeRecord(int unit);
    }

    private final Source source;
    private final ByteBuffer records;
    private final int at;
    private final int unit;
    private int mirrorPage = BlockSpace.NONE;
    private int mirrorBytes;
    private ByteBuffer mirror;
    private int begin;
    private int end;
    private boolean closed;

    /**
     * @param records a buffer in which the record lies
     * @param at where in it
     * @param unit where the record lies in the block, in units of {@link ObjectDescriptor#UNIT_BYTES}
     */
    GuestObject(Source source, ByteBuffer records, int at, int unit) {
        this.source = source;
        this.records = records;
        this.at = at;
        this.unit = unit;
        for (int n = 0; n < ObjectDescriptor.RECORD_BYTES; n += Long.BYTES) {
            records.putLong(at + n, 0);
        }
    }

    /** Where the record lies in the block, in units of {@link ObjectDescriptor#UNIT_BYTES}. */
    public int unit() {
        return unit;
    }

    /** Kind, flags, and the status flags of {@code fcntl(F_GETFL)}. */
    public void kind(int kind, int flags, int statusFlags) {
        records.putInt(at + ObjectDescriptor.KIND_OFFSET, kind);
        records.putInt(at + ObjectDescriptor.FLAGS_OFFSET, flags);
        records.putInt(at + ObjectDescriptor.STATUS_FLAGS_OFFSET, statusFlags);
        records.putInt(at + ObjectDescriptor.BEGIN_OFFSET, begin);
        records.putInt(at + ObjectDescriptor.END_OFFSET, end);
    }

    /** Poll bits that hold in any case, while something is left to read, and while there is room enough. */
    public void events(int always, int readable, int writable) {
        records.putInt(at + ObjectDescriptor.EVENTS_OFFSET, always);
        records.putInt(at + ObjectDescriptor.READABLE_EVENTS_OFFSET, readable);
        records.putInt(at + ObjectDescriptor.WRITABLE_EVENTS_OFFSET, writable);
    }

    /**
     * @param room what a write takes
     * @param unitBytes a write takes a multiple of this; at least 1
     * @param writableRoom the room from which on the object is writable
     */
    public void room(long room, int unitBytes, long writableRoom) {
        records.putLong(at + ObjectDescriptor.ROOM_OFFSET, room);
        records.putInt(at + ObjectDescriptor.ROOM_UNIT_OFFSET, unitBytes);
        records.putLong(at + ObjectDescriptor.WRITABLE_ROOM_OFFSET, writableRoom);
    }

    /** The value of a counter. */
    public void value(long value) {
        records.putLong(at + ObjectDescriptor.VALUE_OFFSET, value);
    }

    /** SO_DOMAIN, SO_TYPE, SO_PROTOCOL. */
    public void socket(int domain, int type, int protocol) {
        records.putShort(at + ObjectDescriptor.DOMAIN_OFFSET, (short) domain);
        records.putShort(at + ObjectDescriptor.TYPE_OFFSET, (short) type);
        records.putShort(at + ObjectDescriptor.PROTOCOL_OFFSET, (short) protocol);
    }

    /** IPv4 addresses and ports, as numbers. */
    public void names(int localAddress, int localPort, int remoteAddress, int remotePort) {
        records.putInt(at + ObjectDescriptor.LOCAL_ADDRESS_OFFSET, localAddress);
        records.putInt(at + ObjectDescriptor.REMOTE_ADDRESS_OFFSET, remoteAddress);
        records.putShort(at + ObjectDescriptor.LOCAL_PORT_OFFSET, (short) localPort);
        records.putShort(at + ObjectDescriptor.REMOTE_PORT_OFFSET, (short) remotePort);
    }

    // ---- the mirror

    /** Bytes in the mirror that have not been read. */
    public int mirrored() {
        return end - begin;
    }

    /** So many bytes were read from the object's front. */
    public void consumed(long bytes) {
        begin = bytes >= end - begin ? end : begin + (int) bytes;
        if (begin == end) {
            begin = 0;
            end = 0;
        }
    }

    /** How many bytes can be added to the mirror; 0 where there is no room for one. */
    public int mirrorRoom() {
        return openMirror(ObjectDescriptor.MIRROR_BYTES) ? mirrorBytes - end : 0;
    }

    /** Adds bytes, at most {@link #mirrorRoom}. */
    public void mirror(byte[] bytes, int offset, int length) {
        mirror.put(end, bytes, offset, length);
        end += length;
    }

    /** Adds a datagram, if there is room for it. Returns whether there was. */
    public boolean mirrorDatagram(int sourceAddress, int sourcePort, byte[] bytes, int offset, int length) {
        int needed = datagramBytes(length);
        if (needed > mirrorRoom()) {
            return false;
        }
        mirror.putInt(end + ObjectDescriptor.DATAGRAM_SOURCE_ADDRESS_OFFSET, sourceAddress);
        mirror.putShort(end + ObjectDescriptor.DATAGRAM_SOURCE_PORT_OFFSET, (short) sourcePort);
        mirror.putInt(end + ObjectDescriptor.DATAGRAM_BYTES_OFFSET, length);
        mirror.put(end + ObjectDescriptor.DATAGRAM_HEADER_BYTES, bytes, offset, length);
        end += needed;
        return true;
    }

    /** What a datagram takes of the mirror. */
    public static int datagramBytes(int length) {
        return ObjectDescriptor.DATAGRAM_HEADER_BYTES + (length + 7 & ~7);
    }

    /** The mirror as a table ({@link EpollTableDescriptor}), empty at first; null where there is no room for it. */
    public ByteBuffer table() {
        if (mirror == null && openMirror(EpollTableDescriptor.TABLE_BYTES)) {
            // What lies behind the first page was given back to the system, if it had a use before.
            for (int n = 0; n < HostBlockDescriptor.PAGE_BYTES; n += Long.BYTES) {
                mirror.putLong(n, 0);
            }
        }
        return mirror;
    }

    private boolean openMirror(int bytes) {
        if (mirror != null) {
            return true;
        }
        int page = source.openMirror(bytes);
        if (page == BlockSpace.NONE) {
            return false;
        }
        mirrorPage = page;
        mirrorBytes = bytes;
        mirror = source.mirror(page, bytes);
        records.putLong(at + ObjectDescriptor.MIRROR_OFFSET, (long) page * HostBlockDescriptor.PAGE_BYTES);
        return true;
    }

    /** The object is gone: gives record and mirror back. */
    public void close() {
        if (!closed) {
            closed = true;
            records.putInt(at + ObjectDescriptor.KIND_OFFSET, ObjectDescriptor.KIND_OPAQUE);
            if (mirrorPage != BlockSpace.NONE) {
                source.closeMirror(mirrorPage, mirrorBytes);
            }
            source.closeRecord(unit);
        }
    }
}
