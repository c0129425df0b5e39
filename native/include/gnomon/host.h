/*
 * One host's block in the arena.
 *
 *   page 0   +-------------------------------------------------+
 *            | host header                                     |
 *   page 1   +-------------------------------------------------+
 *            | regions of whole pages, which the engine gives  |
 *            | out from the block's start, so that what is     |
 *            | used lies close together:                       |
 *            |   process records (below)                       |
 *            |   thread slots (slot.h)                         |
 *            |   pages of 32 object records (object.h)         |
 *            |   bytes and tables of objects (object.h)        |
 *   end      +-------------------------------------------------+
 *
 * A region is named by its first page's number in the block. The engine gives regions out and takes them back; a slot belongs
 * to one thread of one process until the engine gives it to another.
 *
 * Who owns the block: while a thread of the host runs guest code, that thread's shim; otherwise the host's worker. No two
 * threads of a host run at once. The engine keeps its own state of everything: what stands here is shown to the guests, and
 * what a guest leaves here is checked.
 */
#ifndef GNOMON_HOST_H
#define GNOMON_HOST_H

#include "arena.h"

#define GNOMON_PAGE_BYTES 4096

/* Bits of gnomon_host_header.flags. */
/* Every call crosses, for the system call trace: also those that the guest would execute itself. */
#define GNOMON_HOST_TRACE_ALL UINT32_C(1)
/* The shim answers calls without crossing, as far as it is sure of the answer. */
#define GNOMON_HOST_LOCAL_CALLS UINT32_C(2)

#define GNOMON_FUTEX_BUCKETS 64

struct gnomon_host_header {
    /* Engine writes, shim reads. CLOCK_REALTIME of the host, nanoseconds since the Unix epoch. */
    int64_t clock_nanos;
    /* Engine writes, shim reads. CLOCK_REALTIME at which the host's CLOCK_MONOTONIC was 0; with 0 the clocks are equal. */
    int64_t monotonic_origin_nanos;
    /* Engine writes, shim reads. */
    uint32_t flags;
    uint32_t address; /* the host's IPv4 address in host byte order */
    /* Engine writes, shim reads. What a call that does not block costs in virtual time, a time call, and how much of it may
     * be owed before the thread has to cross (slot.h: unapplied_nanos). */
    int64_t call_nanos;
    int64_t time_call_nanos;
    int64_t maximum_unapplied_nanos;
    /* What tracers of the host's guests sleep on: the engine adds 1 when it answered one of their guests, and wakes them. */
    uint32_t tracer_word;
    uint32_t reserved0;
    uint64_t reserved;
    /* Both. State of the generator of getrandom: xoshiro256++ (random.h). */
    uint64_t random[4];
    uint64_t reserved2[4];
    /* Engine writes, shim reads. How many threads of the host wait on futexes of the bucket (address >> 2) % 64; no wake of
     * such a futex finds a waiter where it is 0. */
    uint32_t futex_waiters[GNOMON_FUTEX_BUCKETS];
};

/* Bits of gnomon_process_record.flags. */
/* Calls with a relative path cross: the working directory lies where paths are answered by the engine. */
#define GNOMON_PROCESS_RELATIVE_PATHS_CROSS UINT32_C(1)
/* The process's threads cross by notification (slot.h). Set before the process starts. */
#define GNOMON_PROCESS_NOTIFIES UINT32_C(2)
/* Calls that do not cross are told of (slot.h: GNOMON_PHASE_WATCHED_CALL). */
#define GNOMON_PROCESS_WATCHED UINT32_C(4)

#define GNOMON_DESCRIPTOR_LIMIT 32768

/* gnomon_process_record.descriptors: the kernel's own. */
#define GNOMON_DESCRIPTOR_NATIVE UINT32_C(0)
/* An object of the engine without a record: every call on it crosses. */
#define GNOMON_DESCRIPTOR_OPAQUE UINT32_C(1)
/* Anything else: an object with a record, at so many times 64 bytes from the block's start. */
#define GNOMON_OBJECT_UNIT 64

/* struct sigaction of rt_sigaction(2). */
struct gnomon_signal_action {
    uint64_t handler;
    uint64_t flags;
    uint64_t restorer;
    uint64_t mask;
};

#define GNOMON_SIGNALS 64

struct gnomon_process_record {
    /* Engine writes, shim reads. */
    uint32_t flags;
    /* The process's number in its own PID namespace. Shim writes at every start, engine reads. */
    int32_t real_process_id;
    /* Engine writes, shim reads: what getpid, getppid, getuid, geteuid, getgid and getegid answer. */
    uint32_t process_id;
    uint32_t parent_process_id;
    uint32_t user_id;
    uint32_t effective_user_id;
    uint32_t group_id;
    uint32_t effective_group_id;
    /* Both: no descriptor from here on is anything but the kernel's. */
    uint32_t descriptors_end;
    uint32_t reserved;
    /* Both: bit n-1 says that signal n has an action other than the default with all zeros, and signal_actions[n-1] is it. */
    uint64_t signal_actions_set;
    uint32_t reserved2[4];
    /* What each descriptor is. Both: the shim enters what it installs (GNOMON_INSTALL_COMPLETE) and clears what it closes. */
    uint32_t descriptors[GNOMON_DESCRIPTOR_LIMIT];
    /* Both: what the process does on signals; where the bit above is set. */
    struct gnomon_signal_action signal_actions[GNOMON_SIGNALS];
};

#define GNOMON_PROCESS_RECORD_BYTES 135168

_Static_assert(offsetof(struct gnomon_host_header, clock_nanos) == 0, "layout");
_Static_assert(offsetof(struct gnomon_host_header, monotonic_origin_nanos) == 8, "layout");
_Static_assert(offsetof(struct gnomon_host_header, flags) == 16, "layout");
_Static_assert(offsetof(struct gnomon_host_header, address) == 20, "layout");
_Static_assert(offsetof(struct gnomon_host_header, call_nanos) == 24, "layout");
_Static_assert(offsetof(struct gnomon_host_header, time_call_nanos) == 32, "layout");
_Static_assert(offsetof(struct gnomon_host_header, maximum_unapplied_nanos) == 40, "layout");
_Static_assert(offsetof(struct gnomon_host_header, tracer_word) == 48, "layout");
_Static_assert(offsetof(struct gnomon_host_header, random) == 64, "layout");
_Static_assert(offsetof(struct gnomon_host_header, futex_waiters) == 128, "layout");
_Static_assert(sizeof(struct gnomon_host_header) == 384, "layout");
_Static_assert(offsetof(struct gnomon_process_record, flags) == 0, "layout");
_Static_assert(offsetof(struct gnomon_process_record, real_process_id) == 4, "layout");
_Static_assert(offsetof(struct gnomon_process_record, process_id) == 8, "layout");
_Static_assert(offsetof(struct gnomon_process_record, parent_process_id) == 12, "layout");
_Static_assert(offsetof(struct gnomon_process_record, user_id) == 16, "layout");
_Static_assert(offsetof(struct gnomon_process_record, effective_user_id) == 20, "layout");
_Static_assert(offsetof(struct gnomon_process_record, group_id) == 24, "layout");
_Static_assert(offsetof(struct gnomon_process_record, effective_group_id) == 28, "layout");
_Static_assert(offsetof(struct gnomon_process_record, descriptors_end) == 32, "layout");
_Static_assert(offsetof(struct gnomon_process_record, signal_actions_set) == 40, "layout");
_Static_assert(offsetof(struct gnomon_process_record, descriptors) == 64, "layout");
_Static_assert(offsetof(struct gnomon_process_record, signal_actions) == 131136, "layout");
_Static_assert(sizeof(struct gnomon_signal_action) == 32, "layout");
_Static_assert(sizeof(struct gnomon_process_record) <= GNOMON_PROCESS_RECORD_BYTES &&
                   GNOMON_PROCESS_RECORD_BYTES % GNOMON_PAGE_BYTES == 0,
               "whole pages");

#endif
