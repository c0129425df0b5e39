package dev.gnomon.guest;

/**
 * What engine and zygote say to each other, little-endian.
 *
 * <pre>
 *   engine to zygote                              zygote to engine: events of 24 bytes
 *   0         4         8                         0         4         8         12        16        20        24
 *   +---------+---------+-------------            +---------+---------+---------+---------+---------+---------+
 *   | type    | length  | payload ...             | type    | request | pid     | value   | detail  | zero    |
 *   +---------+---------+-------------            +---------+---------+---------+---------+---------+---------+
 *
 *   payload of EXPECT: a place                                payload of KILL, CHECK, TAKEN
 *   0         4         8         12        16        20      0         4         8
 *   +---------+---------+---------+---------+---------+       +---------+---------+
 *   | request | pid     | host    | process | thread  |       | request | pid     |
 *   +---------+---------+---------+---------+---------+       +---------+---------+
 *
 *   payload of SPAWN: a place with pid 0
 *   0         20        24        28        32          36       40
 *   +---------+---------+---------+---------+-----------+--------+-----------
 *   | place   | cpu     | argc    | envc    | mechanism | copies | strings ...
 *   +---------+---------+---------+---------+-----------+--------+-----------
 * </pre>
 *
 * <p>C twin: {@code native/zygote/zygote-protocol.h}.
 */
final class ZygoteProtocolDescriptor {
    static final int SPAWN = 1;
    static final int KILL = 2;
    static final int CHECK = 3;
    static final int EXPECT = 4;
    static final int TAKEN = 5;

    static final int HELLO = 1;
    static final int NOTICE = 2;
    static final int STARTED = 3;
    static final int FAILED = 4;
    static final int DIED = 5;
    static final int CHECKED = 6;
    static final int LOST = 7;
    static final int UNCAUGHT = 8;

    static final int NAMESPACE_USER = 1;
    static final int NAMESPACE_PID = 2;
    static final int NAMESPACE_MOUNT = 4;
    static final int NAMESPACE_IPC = 8;
    static final int NAMESPACE_NETWORK = 16;
    static final int NAMESPACE_UTS = 32;
    static final int NAMESPACES_ALL = 63;
    static final int DATA_SHOWN = 64;

    /** The kernel lets the zygote trace: the shim can be injected, and guests have tracers. */
    static final int TRACES = 128;

    static final int PRELOAD = 0;
    static final int INJECT = 1;
    static final int PTRACE = 2;
    static final int NOTIFY = 3;
    static final int HYBRID = 4;

    /** Guests are born behind a seccomp filter. */
    static final int WALL = 256;

    /** Where guests find the data directory where {@link #DATA_SHOWN} is said. */
    static final String DATA_PATH = "/gnomon.data";

    static final int NOTICE_NAMESPACES = 1;
    static final int NOTICE_SHARED_MEMORY = 2;
    static final int NOTICE_RANDOMIZE = 3;
    static final int NOTICE_DATA = 4;
    static final int NOTICE_TRACE = 5;
    static final int NOTICE_WALL = 6;

    static final int STEP_REQUEST = 1;
    static final int STEP_FORK = 2;
    static final int STEP_DIRECTORY = 3;
    static final int STEP_INPUT = 4;
    static final int STEP_OUTPUT = 5;
    static final int STEP_ERROR = 6;
    static final int STEP_EXECUTE = 7;
    static final int STEP_TRACE = 8;
    static final int STEP_WALL = 9;
    static final int STEP_NOTIFY = 10;

    static final int LOSS_UNEXPECTED = 1;
    static final int LOSS_32_BITS = 2;
    static final int LOSS_NO_VDSO = 3;
    static final int LOSS_MEMORY = 4;
    static final int LOSS_ESCAPED = 5;
    static final int LOSS_ESCAPED_UNTRACED = 6;
    static final int LOSS_UNCAUGHT = 7;

    /** Descriptors that the zygote keeps for guests to open by its {@code /proc/PID/fd}. */
    static final int ARENA_DESCRIPTOR = 10;

    static final int SHIM_DESCRIPTOR = 11;
    static final int IMAGE_DESCRIPTOR = 12;
    static final int FIRST_CARRIED_DESCRIPTOR = 13;

    static final int REQUEST_HEADER_BYTES = 8;
    static final int PLACE_BYTES = 20;
    static final int SPAWN_HEADER_BYTES = 40;
    static final int REQUEST_LIMIT_BYTES = 8 << 20;

    static final int EVENT_BYTES = 24;
    static final int EVENT_TYPE_OFFSET = 0;
    static final int EVENT_REQUEST_OFFSET = 4;
    static final int EVENT_PID_OFFSET = 8;
    static final int EVENT_VALUE_OFFSET = 12;
    static final int EVENT_DETAIL_OFFSET = 16;

    static int numberOf(Mechanism mechanism) {
        return switch (mechanism) {
            case PRELOAD -> PRELOAD;
            case INJECT -> INJECT;
            case PTRACE -> PTRACE;
            case NOTIFY -> NOTIFY;
            case HYBRID -> HYBRID;
        };
    }

    private ZygoteProtocolDescriptor() {}
}
