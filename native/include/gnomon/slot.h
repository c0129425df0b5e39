/*
 * A thread slot: the place where one guest thread and the engine meet.
 *
 *   0      +-----------------------------------------------------+
 *          | guest_word, guest_sleeping      engine and guest    |  cache line of its own
 *   64     +-----------------------------------------------------+
 *          | guest_state, phase, call, arguments, result, ids,   |  guest to engine
 *          | what was answered without crossing                  |
 *   256    +-----------------------------------------------------+
 *          | worker, process, what may be answered               |  engine to guest
 *   320    +-----------------------------------------------------+
 *          | reply                           engine to guest     |
 *   384    +-----------------------------------------------------+
 *          | signal delivery, siginfo        engine to guest     |
 *   576    +-----------------------------------------------------+
 *          | siginfo of a fault              guest to engine     |
 *   704    +-----------------------------------------------------+
 *          | records of objects to install   engine to guest     |
 *   1024   +-----------------------------------------------------+
 *          | 32 ranges of 32 bytes           both                |
 *   2048   +-----------------------------------------------------+
 *          | unused                                              |
 *   4096   +-----------------------------------------------------+
 *          | transfer buffer, 65536 bytes    both                |
 *   69632  +-----------------------------------------------------+
 *          | log, 65536 bytes                guest to engine     |
 *   135168 +-----------------------------------------------------+
 *
 * One crossing:
 *   guest   fills the slot; reads guest_word; stores guest_state = CALL with release; adds 1 to its worker's word and wakes
 *           it where it says that it sleeps; looks at guest_word for a while where the worker's word says so; then sleeps
 *           on guest_word (a shared futex) until it differs from what was read.
 *   engine  sees CALL (acquire), repeats what the log says, reads the call, stores the reply, stores guest_state = RUNNING, adds 1 to guest_word and wakes it
 *           where guest_sleeping says that it sleeps.
 * A guest that is reached by notification (host.h: GNOMON_PROCESS_NOTIFIES) does not store its state, and sleeps on no word:
 * it makes the call GNOMON_CALL_NOTIFY, which a seccomp filter turns into a notification (seccomp_unotify(2)), and is back when
 * that is answered. The worker waits for the notification, and stores the state itself when it comes.
 * Who is about to sleep says so first and looks a last time after; who has something to tell changes the word first and
 * looks whether the other sleeps after. All four accesses are sequentially consistent, so one of the two sees the other,
 * and a wake-up is neither lost nor made where nobody sleeps.
 * While guest_state is CALL the slot is the engine's, while it is RUNNING the guest's; nobody else looks. The engine trusts
 * nothing in it: every count, index, offset and length is checked before use.
 *
 * Calls without crossing. Between two crossings virtual time stands still and nothing else happens on the host, so the shim
 * answers what the host's block (host.h, object.h) lets it be sure of, as long as
 *   - the host's flags say so, and no signal waits that is not blocked (pending_signals & ~blocked_signals),
 *   - calls_left is above 0, and unapplied_nanos plus the call's cost does not exceed the host's maximum_unapplied_nanos,
 * and counts: calls_left down, local_calls or local_time_calls up, the cost to unapplied_nanos. What changes an object of the
 * engine goes into the log. After an entry that may have changed another object (the object's flags; every close), what is
 * shown of paired objects, and which of its objects an epoll finds ready first, is no longer sure: such calls cross.
 */
#ifndef GNOMON_SLOT_H
#define GNOMON_SLOT_H

#include "object.h"

#define GNOMON_SLOT_CONTROL_BYTES 4096
#define GNOMON_TRANSFER_BYTES 65536
#define GNOMON_RANGE_LIMIT 32
#define GNOMON_INSTALL_LIMIT 8
#define GNOMON_LOG_BYTES 65536
#define GNOMON_SIGINFO_BYTES 128

/* A number that no call of Linux has, made by the shim's code alone: the page of the thread's slot, the state that it comes to. */
#define GNOMON_CALL_NOTIFY 0x474e

enum gnomon_guest_state {
    GNOMON_STATE_IDLE = 0,    /* the engine opened the slot; no thread has been seen in it */
    GNOMON_STATE_RUNNING = 1, /* the guest's turn; stored by the engine */
    GNOMON_STATE_CALL = 2,    /* the engine's turn; stored by the guest */
    GNOMON_STATE_GONE = 3     /* the thread exits and never touches the slot again; stored by the guest */
};

/* Why the guest crossed. */
enum gnomon_phase {
    GNOMON_PHASE_NEW_CALL = 0,
    /* The call that the engine had executed natively; native_result is set, ranges hold what memory holds now. */
    GNOMON_PHASE_AFTER_NATIVE = 1,
    /* installed[] is set: descriptor numbers, or installed[0] = -errno. */
    GNOMON_PHASE_AFTER_INSTALL = 2,
    /* A new thread before its first instruction. */
    GNOMON_PHASE_THREAD_START = 3,
    /* A new process (fork, vfork) before its first instruction. */
    GNOMON_PHASE_PROCESS_START = 4,
    /* A program was executed; no instruction of it ran yet, only its loader. arguments[0] = address of the 16 bytes of
     * AT_RANDOM, which also are range 0 (OUT); arguments[1] = address of the initial stack (argc, argv, envp, auxv);
     * arguments[2] = the address of the word that the kernel clears at the exit of this thread as the loader had it set
     * (0 where unknown). */
    GNOMON_PHASE_EXEC_START = 5,
    /* The parent's clone, fork or vfork; native_result = real id or -errno. */
    GNOMON_PHASE_SPAWNED = 6,
    /* The guest's rt_sigreturn: arguments[0] = mask to restore, arguments[1..3] = ss_sp, ss_flags, ss_size of the frame. The
     * result replied is not used. */
    GNOMON_PHASE_SIGNAL_RETURN = 7,
    /* A fault; fault_siginfo is set. Also SIGSYS with si_arch AUDIT_ARCH_I386 for a 32-bit call. Answered by
     * REPLY_RESULT (value not used) with a signal to deliver, or by REPLY_DIE. */
    GNOMON_PHASE_FAULT = 8,
    /* The loader is done, no instruction of the program itself ran yet; only where the zygote was asked to see to this stop.
     * native_result = 0, or -errno where what is read-only cannot be written, so that copies would not come to life. Range 0
     * (IN) holds the registers. Answered by REPLY_RESULT, or by REPLY_COPY. */
    GNOMON_PHASE_ENTRY = 9,
    /* Copies were made, or not: gnomon_copy.result. Answered as ENTRY is. */
    GNOMON_PHASE_COPIES_MADE = 10,
    /* A copy before its first instruction; native_result = 0, or -errno where it could not take its place: it is of no use then.
     * Answered by REPLY_RESULT with reply_parameter[0] = how many struct gnomon_word in the transfer buffer the copy is to
     * store first. */
    GNOMON_PHASE_COPY_START = 11,
    /* A call that the guest's own kernel answers, told of because the process is watched (host.h). Answered by REPLY_NATIVE. */
    GNOMON_PHASE_WATCHED_CALL = 12
};

enum gnomon_reply {
    GNOMON_REPLY_RESULT = 1,             /* the call returns reply_value */
    GNOMON_REPLY_NATIVE = 2,             /* execute the call, return its result */
    GNOMON_REPLY_NATIVE_REPORT = 3,      /* execute the call, cross with AFTER_NATIVE */
    GNOMON_REPLY_NATIVE_PATH = 4,        /* as NATIVE; argument reply_parameter[0] is the string at transfer[reply_parameter[1]] */
    GNOMON_REPLY_NATIVE_PATH_REPORT = 5, /* as NATIVE_PATH, then AFTER_NATIVE */
    /* Occupy descriptor numbers: reply_parameter[0] = count (1 to 8), [1] = close-on-exec (0, 1), [2] = enum gnomon_install,
     * install_objects[n] = what descriptor n is to be in the process record. */
    GNOMON_REPLY_INSTALL = 6,
    GNOMON_REPLY_SPAWN = 7,        /* reply_parameter[0] = page of the thread slot, [1] = of the process record for what is born */
    GNOMON_REPLY_EXEC = 8,         /* execute the execve; on failure AFTER_NATIVE */
    GNOMON_REPLY_EXIT_THREAD = 9,  /* reply_value = status; state GONE, then exit(2) */
    GNOMON_REPLY_EXIT_PROCESS = 10, /* reply_value = status; exit_group(2) */
    GNOMON_REPLY_DIE = 11,         /* reply_parameter[0] = signal to die of by its default action */
    /* Make copies of the process for other hosts: reply_parameter[0] = how many struct gnomon_copy are in the transfer buffer;
     * then COPIES_MADE. Only for a process of one thread. */
    GNOMON_REPLY_COPY = 12
};

/*
 * A copy to be made of a process, for another host or this. In the copy's slot the transfer buffer holds three strings, one
 * after the other, each with its NUL: working directory, files of standard output and standard error.
 */
struct gnomon_copy {
    uint32_t host;
    uint32_t process_page;
    uint32_t thread_page;
    int32_t result; /* guest writes: the copy's id in the guests' PID namespace, or -errno */
};

/* Eight bytes of memory at any address that are to be changed, be they read-only or not. */
struct gnomon_word {
    uint64_t address;
    uint64_t value;
};

/* What follows GNOMON_REPLY_INSTALL. In any case installed[] holds the numbers, or installed[0] = -errno. */
enum gnomon_install {
    GNOMON_INSTALL_REPORT = 0, /* cross with AFTER_INSTALL; the process record is the engine's to change */
    /* Enter install_objects into the process record, and go on: the call returns installed[0]. The engine reads installed[] at
     * the next crossing, before the log. */
    GNOMON_INSTALL_COMPLETE = 1,
    /* The same for two; they are stored as two int at the address in reply_value (which was written to before), and the call
     * returns 0. */
    GNOMON_INSTALL_COMPLETE_PAIR = 2
};

/* Bits of reply_flags. */
/* With a signal: when its handler returns, the call is made again, instead of returning reply_value. */
#define GNOMON_REPLY_RESTART UINT32_C(1)

/* What gnomon_range.direction may be. */
enum gnomon_direction {
    GNOMON_RANGE_IN = 1,   /* guest's bytes stand in the transfer buffer */
    GNOMON_RANGE_OUT = 2,  /* room for bytes to the guest; what stands in the transfer buffer is not the guest's */
    GNOMON_RANGE_INOUT = 3
};

/* A piece of guest memory that travels with the call. */
struct gnomon_range {
    uint64_t guest_address;    /* guest writes */
    uint32_t length;           /* guest writes; bytes */
    uint32_t transfer_offset;  /* guest writes; from the start of the transfer buffer */
    uint32_t direction;        /* guest writes; enum gnomon_direction */
    /* Engine writes: so many bytes from the range's start are copied to the guest's memory with the reply; for OUT and INOUT.
     * The guest stores 0. */
    uint32_t written;
    uint64_t reserved;
};

struct gnomon_signal_delivery {
    uint32_t number; /* 0: no signal. The shim stores 0 once it took it. */
    uint32_t reserved;
    uint64_t handler;
    uint64_t flags;       /* sa_flags */
    uint64_t restorer;    /* sa_restorer */
    uint64_t saved_mask;  /* what the frame's uc_sigmask holds */
    uint64_t stack_base;  /* alternate stack to switch to; 0: stay on the current one */
    uint64_t stack_bytes;
    uint8_t reserved2[8];
    uint8_t siginfo[GNOMON_SIGINFO_BYTES];
};

/* What the shim answered, in order. */
enum gnomon_log_operation {
    GNOMON_LOG_READ = 1,  /* read, readv, recv*: `requested` bytes with MSG_ `flags` */
    GNOMON_LOG_WRITE = 2, /* write, writev, send*: the payload with MSG_ `flags`, to address and port where named is 1 */
    GNOMON_LOG_EPOLL_WAIT = 3, /* at most `requested` events */
    /* epoll_ctl: `flags` = operation (EPOLL_CTL_*), `address` = the descriptor, `requested` = events, `value` = data */
    GNOMON_LOG_EPOLL_CONTROL = 4,
    GNOMON_LOG_STATUS_FLAGS = 5, /* fcntl(F_SETFL), ioctl(FIONBIO): `flags` = O_NONBLOCK or 0 */
    GNOMON_LOG_CLOSE = 6,        /* the number is free already */
    GNOMON_LOG_SET_OPTION = 7,   /* setsockopt: `flags` = level, `requested` = option, the payload its value */
    GNOMON_LOG_SIGNAL_ACTION = 8 /* rt_sigaction: `requested` = signal, the payload a struct gnomon_signal_action */
};

/* An entry; its payload follows, and the next begins at the next multiple of eight. */
struct gnomon_log_entry {
    uint16_t operation;
    uint16_t named;
    int32_t descriptor;
    int64_t result; /* what the guest was told: a count, 0 or -errno */
    uint64_t requested;
    uint32_t flags;
    uint32_t payload; /* bytes */
    uint64_t value;
    uint32_t address; /* host byte order */
    uint32_t port;
};

struct gnomon_slot {
    uint32_t guest_word; /* engine adds 1; guest sleeps on it */
    /* Not 0: the guest sleeps on guest_word, or is about to. Guest writes, engine reads after it added 1. */
    uint32_t guest_sleeping;
    uint32_t reserved0[14];

    /* Guest writes, engine reads; guest_state: see above. */
    uint32_t guest_state;
    uint32_t phase;
    int32_t call_number;
    uint32_t range_count;
    int64_t native_result;
    /* Calls answered without crossing since the engine last stored 0 here: time calls, and others. */
    uint32_t local_time_calls;
    uint32_t local_calls;
    uint64_t arguments[6];
    int32_t installed[GNOMON_INSTALL_LIMIT];
    /* In the guest's PID namespace. */
    int32_t real_process_id;
    int32_t real_thread_id;
    /* Where the guest stands, for reports: the instruction after the call, and its stack. */
    uint64_t instruction_pointer;
    uint64_t stack_pointer;
    /* Entries and bytes of the log since the engine last stored 0 here; log_count is stored last, with release. */
    uint32_t log_count;
    uint32_t log_bytes;
    /* Both: the thread's mask of blocked signals (bit n - 1: signal n), which the shim changes for rt_sigprocmask. */
    uint64_t blocked_signals;
    /* How many of the thread's calls trapped, since the engine opened the slot. Guest adds, nobody relies on it. */
    uint64_t trapped_calls;
    uint8_t reserved2[32];

    /* Engine writes before a thread uses the slot, guest reads. */
    uint32_t worker_index;
    uint32_t process_page;
    /* Engine writes, shim reads: what gettid answers. */
    uint32_t thread_id;
    /* Engine writes, shim counts down. */
    int32_t calls_left;
    /* Engine writes, shim adds: virtual time owed for calls that did not block. */
    int64_t unapplied_nanos;
    /* Engine writes, shim reads: signals that wait for this thread or its process. */
    uint64_t pending_signals;
    /* Engine writes and reads: the notification that waits for an answer; 0 for none. */
    uint64_t notification;
    uint8_t reserved3[24];

    /* Engine writes, guest reads. */
    uint32_t reply_kind;
    uint32_t reply_flags;
    int64_t reply_value;
    uint32_t reply_parameter[4];
    uint8_t reserved4[32];
    struct gnomon_signal_delivery signal;

    /* Guest writes, engine reads. */
    uint8_t fault_siginfo[GNOMON_SIGINFO_BYTES];

    /* Engine writes, guest reads. */
    uint32_t install_objects[GNOMON_INSTALL_LIMIT];
    uint8_t reserved5[288];

    struct gnomon_range ranges[GNOMON_RANGE_LIMIT];
    uint8_t reserved6[2048];

    uint8_t transfer[GNOMON_TRANSFER_BYTES];

    /* Guest writes, engine reads: struct gnomon_log_entry, one after the other. */
    uint8_t log[GNOMON_LOG_BYTES];
};

#define GNOMON_THREAD_SLOT_BYTES 135168

_Static_assert(sizeof(struct gnomon_copy) == 16, "layout");
_Static_assert(offsetof(struct gnomon_copy, process_page) == 4, "layout");
_Static_assert(offsetof(struct gnomon_copy, thread_page) == 8, "layout");
_Static_assert(offsetof(struct gnomon_copy, result) == 12, "layout");
_Static_assert(sizeof(struct gnomon_word) == 16, "layout");
_Static_assert(offsetof(struct gnomon_word, value) == 8, "layout");
_Static_assert(sizeof(struct gnomon_range) == 32, "layout");
_Static_assert(offsetof(struct gnomon_range, guest_address) == 0, "layout");
_Static_assert(offsetof(struct gnomon_range, length) == 8, "layout");
_Static_assert(offsetof(struct gnomon_range, transfer_offset) == 12, "layout");
_Static_assert(offsetof(struct gnomon_range, direction) == 16, "layout");
_Static_assert(offsetof(struct gnomon_range, written) == 20, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, number) == 0, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, handler) == 8, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, flags) == 16, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, restorer) == 24, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, saved_mask) == 32, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, stack_base) == 40, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, stack_bytes) == 48, "layout");
_Static_assert(offsetof(struct gnomon_signal_delivery, siginfo) == 64, "layout");
_Static_assert(offsetof(struct gnomon_slot, guest_word) == 0, "layout");
_Static_assert(offsetof(struct gnomon_slot, guest_sleeping) == 4, "layout");
_Static_assert(offsetof(struct gnomon_slot, guest_state) == 64, "layout");
_Static_assert(offsetof(struct gnomon_slot, phase) == 68, "layout");
_Static_assert(offsetof(struct gnomon_slot, call_number) == 72, "layout");
_Static_assert(offsetof(struct gnomon_slot, range_count) == 76, "layout");
_Static_assert(offsetof(struct gnomon_slot, native_result) == 80, "layout");
_Static_assert(offsetof(struct gnomon_slot, local_time_calls) == 88, "layout");
_Static_assert(offsetof(struct gnomon_slot, local_calls) == 92, "layout");
_Static_assert(offsetof(struct gnomon_slot, arguments) == 96, "layout");
_Static_assert(offsetof(struct gnomon_slot, installed) == 144, "layout");
_Static_assert(offsetof(struct gnomon_slot, real_process_id) == 176, "layout");
_Static_assert(offsetof(struct gnomon_slot, real_thread_id) == 180, "layout");
_Static_assert(offsetof(struct gnomon_slot, instruction_pointer) == 184, "layout");
_Static_assert(offsetof(struct gnomon_slot, stack_pointer) == 192, "layout");
_Static_assert(offsetof(struct gnomon_slot, log_count) == 200, "layout");
_Static_assert(offsetof(struct gnomon_slot, log_bytes) == 204, "layout");
_Static_assert(offsetof(struct gnomon_slot, blocked_signals) == 208, "layout");
_Static_assert(offsetof(struct gnomon_slot, trapped_calls) == 216, "layout");
_Static_assert(offsetof(struct gnomon_slot, worker_index) == 256, "layout");
_Static_assert(offsetof(struct gnomon_slot, process_page) == 260, "layout");
_Static_assert(offsetof(struct gnomon_slot, thread_id) == 264, "layout");
_Static_assert(offsetof(struct gnomon_slot, calls_left) == 268, "layout");
_Static_assert(offsetof(struct gnomon_slot, unapplied_nanos) == 272, "layout");
_Static_assert(offsetof(struct gnomon_slot, pending_signals) == 280, "layout");
_Static_assert(offsetof(struct gnomon_slot, notification) == 288, "layout");
_Static_assert(offsetof(struct gnomon_slot, reply_kind) == 320, "layout");
_Static_assert(offsetof(struct gnomon_slot, reply_flags) == 324, "layout");
_Static_assert(offsetof(struct gnomon_slot, reply_value) == 328, "layout");
_Static_assert(offsetof(struct gnomon_slot, reply_parameter) == 336, "layout");
_Static_assert(offsetof(struct gnomon_slot, signal) == 384, "layout");
_Static_assert(offsetof(struct gnomon_slot, fault_siginfo) == 576, "layout");
_Static_assert(offsetof(struct gnomon_slot, install_objects) == 704, "layout");
_Static_assert(offsetof(struct gnomon_slot, ranges) == 1024, "layout");
_Static_assert(offsetof(struct gnomon_slot, transfer) == GNOMON_SLOT_CONTROL_BYTES, "layout");
_Static_assert(offsetof(struct gnomon_slot, log) == 69632, "layout");
_Static_assert(sizeof(struct gnomon_slot) == GNOMON_THREAD_SLOT_BYTES, "layout");
_Static_assert(sizeof(struct gnomon_log_entry) == 48, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, operation) == 0, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, named) == 2, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, descriptor) == 4, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, result) == 8, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, requested) == 16, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, flags) == 24, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, payload) == 28, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, value) == 32, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, address) == 40, "layout");
_Static_assert(offsetof(struct gnomon_log_entry, port) == 44, "layout");

#endif
