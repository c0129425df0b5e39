/*
 * The arena: the one memory file of a run, shared by the engine, the zygote and every guest.
 *
 *   0          +-----------------------------+
 *              | run header (one page)       |
 *   4096       +-----------------------------+
 *              | worker words, 64 bytes each |
 *   65536      +-----------------------------+
 *              | block of host 0 (host.h)    |
 *              +-----------------------------+
 *              | block of host 1             |
 *              |  ...                        |
 *
 * The file is sparse: pages that nobody touched cost nothing. The engine maps all of it; a guest maps the run
 * header, which it can only read, the words, and the block of its own host, nothing else.
 *
 * The engine's twins of these structures are the classes *Descriptor in dev.gnomon.guest. Numbers are little-endian and
 * naturally aligned. Every field says who writes it and who reads it.
 */
#ifndef GNOMON_ARENA_H
#define GNOMON_ARENA_H

#include <stddef.h>
#include <stdint.h>

/* "GNOMON" and a version of the layout: a guest whose shim was built from other headers refuses to start. */
#define GNOMON_ARENA_MAGIC UINT64_C(0x00004e4f4d4f4e47)
#define GNOMON_ARENA_VERSION UINT32_C(1)

#define GNOMON_ARENA_HEADER_BYTES 65536
#define GNOMON_WORKER_WORDS_OFFSET 4096
#define GNOMON_WORKER_WORD_STRIDE 64
#define GNOMON_WORKER_LIMIT 256

/* Bits of gnomon_arena_header.run_flags. */
/* Guests read the CPU's own time-stamp counter, instead of the virtual one that counts the host's nanoseconds. */
#define GNOMON_RUN_REAL_COUNTER UINT32_C(1)

/* Written by the engine before any guest exists; read by zygote and shim. `magic` is stored last, with release. */
struct gnomon_arena_header {
    uint64_t magic;
    uint32_t version;
    uint32_t run_flags; /* GNOMON_RUN_* */
    /* Real time at which the run started, nanoseconds since the Unix epoch. */
    int64_t real_start_nanos;
    /* Virtual time at which the run starts, nanoseconds since the Unix epoch: 2000-01-01T00:00:00Z. File times later than
     * real_start_nanos are shown to guests as this. */
    int64_t virtual_start_nanos;
    uint32_t worker_count;
    uint32_t host_count;
};

/* One worker's word. Guests (and the engine's reader of death notices) add 1 and wake it as a futex; the worker sleeps on
 * it for all its guests. */
struct gnomon_worker_word {
    uint32_t sequence;
    uint32_t reserved[15];
};

_Static_assert(offsetof(struct gnomon_arena_header, magic) == 0, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, version) == 8, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, run_flags) == 12, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, real_start_nanos) == 16, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, virtual_start_nanos) == 24, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, worker_count) == 32, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, host_count) == 36, "layout");
_Static_assert(sizeof(struct gnomon_arena_header) == 40, "layout");
_Static_assert(sizeof(struct gnomon_worker_word) == GNOMON_WORKER_WORD_STRIDE, "layout");
_Static_assert(GNOMON_WORKER_WORDS_OFFSET + GNOMON_WORKER_LIMIT * GNOMON_WORKER_WORD_STRIDE <= GNOMON_ARENA_HEADER_BYTES,
               "worker words fit");

/*
 * How a preloaded guest learns of its place (an injected one: gnomon_start in image.h): variables of its environment, which
 * are taken away again before the program's main, and added at every execve.
 *
 *   LD_PRELOAD=<path of the shim>[:<the guest's own>]
 *   GNOMON_ARENA=<a path that opens the arena's file, readable and writable>
 *   GNOMON_IMAGE=<a path that opens the shim's image>
 *   GNOMON_SLOT=<host>,<process>,<thread>        decimal indices
 *   GLIBC_TUNABLES=glibc.pthread.rseq=0[:<the guest's own>]
 */
#define GNOMON_ENVIRONMENT_ARENA "GNOMON_ARENA="
#define GNOMON_ENVIRONMENT_IMAGE "GNOMON_IMAGE="
#define GNOMON_ENVIRONMENT_SLOT "GNOMON_SLOT="
#define GNOMON_ENVIRONMENT_PRELOAD "LD_PRELOAD="
#define GNOMON_ENVIRONMENT_TUNABLES "GLIBC_TUNABLES="
#define GNOMON_TUNABLE_NO_RSEQ "glibc.pthread.rseq=0"

/* The exit status of a process whose shim could not start; the reason stands on its standard error. */
#define GNOMON_EXIT_SHIM_REFUSED 126

#endif
