package dev.gnomon.guest;

/**
 * The record of an object that descriptors refer to, by which the shim answers calls on it. Written by the engine while no
 * guest of the host runs, kept up to date by the shim, never read by the engine.
 *
 * <pre>
 *   0     +---------------------------------------------------+
 *         | kind (4) | flags (4) | status flags (4)           |
 *   12    | poll bits: always (4) | while readable (4)        |
 *   20    |            while writable (4)                     |
 *   24    | begin (4) | end (4): what is left in the mirror   |
 *   32    | mirror (8): its bytes from the block's start      |
 *   40    | room (8) | room that makes writable (8)           |
 *   56    | value of a counter (8)                            |
 *   64    | local address (4) | remote address (4)            |
 *   72    | local port (2) | remote port (2)                  |
 *   76    | domain (2) | type (2) | protocol (2) | 2 free     |
 *   84    | unit of room (4)                                  |
 *   128   +---------------------------------------------------+
 * </pre>
 *
 * <p>C twin: {@code native/include/gnomon/object.h}, which says what each means.
 */
public final class ObjectDescriptor {
    public static final int RECORD_BYTES = 128;

    /** What the descriptors of a process record count in. */
    public static final int UNIT_BYTES = 64;

    public static final int MIRROR_BYTES = 65536;

    public static final int KIND_OFFSET = 0;
    public static final int FLAGS_OFFSET = 4;
    public static final int STATUS_FLAGS_OFFSET = 8;
    public static final int EVENTS_OFFSET = 12;
    public static final int READABLE_EVENTS_OFFSET = 16;
    public static final int WRITABLE_EVENTS_OFFSET = 20;
    public static final int BEGIN_OFFSET = 24;
    public static final int END_OFFSET = 28;
    public static final int MIRROR_OFFSET = 32;
    public static final int ROOM_OFFSET = 40;
    public static final int WRITABLE_ROOM_OFFSET = 48;
    public static final int VALUE_OFFSET = 56;
    public static final int LOCAL_ADDRESS_OFFSET = 64;
    public static final int REMOTE_ADDRESS_OFFSET = 68;
    public static final int LOCAL_PORT_OFFSET = 72;
    public static final int REMOTE_PORT_OFFSET = 74;
    public static final int DOMAIN_OFFSET = 76;
    public static final int TYPE_OFFSET = 78;
    public static final int PROTOCOL_OFFSET = 80;
    public static final int ROOM_UNIT_OFFSET = 84;

    public static final int KIND_OPAQUE = 0;
    public static final int KIND_STREAM = 1;
    public static final int KIND_DATAGRAM = 2;
    public static final int KIND_LISTENER = 3;
    public static final int KIND_COUNTER = 4;
    public static final int KIND_EPOLL = 5;

    public static final int SOCKET = 0x1;
    public static final int COMPLETE = 0x2;
    public static final int END = 0x4;
    public static final int READS = 0x8;
    public static final int WRITES = 0x10;
    public static final int READ_EFFECTS = 0x20;
    public static final int WRITE_EFFECTS = 0x40;
    public static final int NOTES_FULL = 0x80;
    public static final int NAMED = 0x100;
    public static final int CONNECTED = 0x200;
    public static final int NO_ERROR = 0x400;
    public static final int CONTROL = 0x800;
    public static final int SEMAPHORE = 0x1000;
    public static final int PAIRED = 0x2000;

    // A datagram in a mirror; its bytes follow.
    public static final int DATAGRAM_SOURCE_ADDRESS_OFFSET = 0;
    public static final int DATAGRAM_SOURCE_PORT_OFFSET = 4;
    public static final int DATAGRAM_BYTES_OFFSET = 8;
    public static final int DATAGRAM_HEADER_BYTES = 16;

    private ObjectDescriptor() {}
}
