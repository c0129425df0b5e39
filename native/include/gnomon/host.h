/*
 * One host's block in the arena.
 *
 *   0          +--------------------------------------+
 *              | host header (one page)               |
 *   4096       +--------------------------------------+
 *              | 1024 process records, 8192 bytes each |
 *   8392704    +--------------------------------------+
 *              | 1024 thread slots, 69632 bytes each   |   (slot.h)
 *   79695872   +--------------------------------------+
 *              | unused                               |
 *   83886080   +--------------------------------------+
 *
 * Process and thread indices are given out by the engine; a slot belongs to one thread of one process until the engine
 * gives it to another.
 */
#ifndef GNOMON_HOST_H
#define GNOMON_HOST_H

#include "arena.h"

#define GNOMON_HOST_BLOCK_BYTES INT64_C(83886080)
#define GNOMON_HOST_HEADER_BYTES 4096
#define GNOMON_PROCESS_LIMIT 1024
#define GNOMON_PROCESS_RECORD_BYTES 8192
#define GNOMON_PROCESS_RECORDS_OFFSET GNOMON_HOST_HEADER_BYTES
#define GNOMON_THREAD_LIMIT 1024
#define GNOMON_THREAD_SLOT_BYTES 69632
#define GNOMON_THREAD_SLOTS_OFFSET (GNOMON_PROCESS_RECORDS_OFFSET + GNOMON_PROCESS_LIMIT * GNOMON_PROCESS_RECORD_BYTES)

/* Bits of gnomon_host_header.flags. */
/* Every call crosses, for the system call trace: also those that the guest would execute itself. */
#define GNOMON_HOST_TRACE_ALL UINT32_C(1)
/* The shim answers time calls from clock_nanos without crossing (except every GNOMON_LOCAL_TIME_CALLS-th). */
#define GNOMON_HOST_LOCAL_TIME UINT32_C(2)

/* Of so many time calls of one thread the last crosses, so that a loop which waits for time to pass ends. */
#define GNOMON_LOCAL_TIME_CALLS 128

/* Written by the engine while no thread of the host runs; read by the shims of the host's guests. */
struct gnomon_host_header {
    /* CLOCK_REALTIME of the host, nanoseconds since the Unix epoch. */
    int64_t clock_nanos;
    /* CLOCK_REALTIME at which the host's CLOCK_MONOTONIC was 0; with 0 the two clocks are equal. */
    int64_t monotonic_origin_nanos;
    uint32_t flags;
    /* What tracers of the host's guests sleep on: the engine adds 1 and wakes when it answered one of their guests. */
    uint32_t tracer_word;
};

/* Bits of gnomon_process_record.flags. */
/* Calls with a relative path cross: the working directory lies where paths are answered by the engine. */
#define GNOMON_PROCESS_RELATIVE_PATHS_CROSS UINT32_C(1)

#define GNOMON_DESCRIPTOR_LIMIT 32768

struct gnomon_process_record {
    /* Engine writes, shim reads. */
    uint32_t flags;
    /* The process's number in its own PID namespace. Shim writes at every start, engine reads. */
    int32_t real_process_id;
    uint32_t reserved[14];
    /* Bit (n % 64) of word (n / 64): descriptor n is an object of the engine; calls on it cross. Engine writes while no
     * thread of the process runs, shim reads. */
    uint64_t emulated_descriptors[GNOMON_DESCRIPTOR_LIMIT / 64];
    uint8_t unused[GNOMON_PROCESS_RECORD_BYTES - 64 - GNOMON_DESCRIPTOR_LIMIT / 8];
};

_Static_assert(offsetof(struct gnomon_host_header, clock_nanos) == 0, "layout");
_Static_assert(offsetof(struct gnomon_host_header, monotonic_origin_nanos) == 8, "layout");
_Static_assert(offsetof(struct gnomon_host_header, flags) == 16, "layout");
_Static_assert(offsetof(struct gnomon_host_header, tracer_word) == 20, "layout");
_Static_assert(offsetof(struct gnomon_process_record, flags) == 0, "layout");
_Static_assert(offsetof(struct gnomon_process_record, real_process_id) == 4, "layout");
_Static_assert(offsetof(struct gnomon_process_record, emulated_descriptors) == 64, "layout");
_Static_assert(sizeof(struct gnomon_process_record) == GNOMON_PROCESS_RECORD_BYTES, "layout");
_Static_assert(GNOMON_THREAD_SLOTS_OFFSET == 8392704, "layout");
_Static_assert(GNOMON_THREAD_SLOTS_OFFSET + (int64_t)GNOMON_THREAD_LIMIT * GNOMON_THREAD_SLOT_BYTES <= GNOMON_HOST_BLOCK_BYTES,
               "slots fit");

#endif
