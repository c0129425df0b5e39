/*
 * The arena: the one memory file of a run, shared by the engine, the zygote and every guest.
 *
 *   0              +------------------------------+
 *                  | run header (one page)        |
 *   4096           +------------------------------+
 *                  | worker words, 64 bytes each  |
 *   65536          +------------------------------+
 *                  | addresses of all hosts       |
 *   blocks_offset  +------------------------------+
 *                  | block of host 0 (host.h)     |
 *   + block_bytes  +------------------------------+
 *                  | block of host 1              |
 *                  |  ...                         |
 *
 * The file is sparse: pages that nobody touched cost nothing. The engine maps all of it; a guest maps what lies before
 * blocks_offset, of which it can only write the words, and the block of its own host, nothing else.
 *
 * The addresses are a hash table of IPv4 addresses in host byte order, by which a guest knows that a datagram can be sent
 * somewhere: 2^address_bits entries of 4 bytes, 0 for none; address a is looked for from entry
 * (a * 2654435761 mod 2^32) >> (32 - address_bits) on, one after the other and round the end, until it or a 0 is found.
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
#define GNOMON_ARENA_VERSION UINT32_C(3)

#define GNOMON_ADDRESSES_OFFSET 65536
#define GNOMON_ADDRESS_MULTIPLIER UINT32_C(2654435761)
#define GNOMON_WORKER_WORDS_OFFSET 4096
#define GNOMON_WORKER_WORD_STRIDE 64
#define GNOMON_WORKER_LIMIT 256

/* Bits of gnomon_arena_header.run_flags. */
/* Guests read the CPU's own time-stamp counter, instead of the virtual one that counts the host's nanoseconds. */
#define GNOMON_RUN_REAL_COUNTER UINT32_C(1)
/* Call sites stay as they are: every call traps. For tests and for measuring. */
#define GNOMON_RUN_NO_PATCHES UINT32_C(2)

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
    int64_t blocks_offset; /* bytes; a multiple of 2 MiB */
    int64_t block_bytes;   /* the size of each host's block; a multiple of 2 MiB */
    uint32_t address_bits; /* 1 to 31 */
    uint32_t reserved;
};

/* One worker's word. Guests (and the engine's reader of death notices) add 1 and, where the worker sleeps, wake it as a
 * futex; the worker sleeps on it for all its guests. The engine reads nothing here but the sequence. */
struct gnomon_worker_word {
    uint32_t sequence;
    /* Not 0: the worker sleeps on `sequence`, or is about to. Engine writes, guests read after they added 1. */
    uint32_t sleeping;
    /* The processor that the worker's guests are to run on, -1 for any. Engine writes; a guest follows when it goes on. */
    int32_t guest_processor;
    /* How many looks a guest takes at its own word before it sleeps. Engine writes, guests read. */
    uint32_t guest_looks;
    /* The guests' priority under SCHED_FIFO, 0 for the usual policy. Engine writes before a guest exists, guests read. */
    uint32_t guest_priority;
    uint32_t reserved[11];
};

_Static_assert(offsetof(struct gnomon_arena_header, magic) == 0, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, version) == 8, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, run_flags) == 12, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, real_start_nanos) == 16, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, virtual_start_nanos) == 24, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, worker_count) == 32, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, host_count) == 36, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, blocks_offset) == 40, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, block_bytes) == 48, "layout");
_Static_assert(offsetof(struct gnomon_arena_header, address_bits) == 56, "layout");
_Static_assert(sizeof(struct gnomon_arena_header) == 64, "layout");
_Static_assert(offsetof(struct gnomon_worker_word, sleeping) == 4, "layout");
_Static_assert(offsetof(struct gnomon_worker_word, guest_processor) == 8, "layout");
_Static_assert(offsetof(struct gnomon_worker_word, guest_looks) == 12, "layout");
_Static_assert(offsetof(struct gnomon_worker_word, guest_priority) == 16, "layout");
_Static_assert(sizeof(struct gnomon_worker_word) == GNOMON_WORKER_WORD_STRIDE, "layout");
_Static_assert(GNOMON_WORKER_WORDS_OFFSET + GNOMON_WORKER_LIMIT * GNOMON_WORKER_WORD_STRIDE <= GNOMON_ADDRESSES_OFFSET,
               "worker words fit");

/*
 * How a preloaded guest learns of its place (an injected one: gnomon_start in image.h): variables of its environment, which
 * are taken away again before the program's main, and added at every execve.
 *
 *   LD_PRELOAD=<path of the shim>[:<the guest's own>]
 *   GNOMON_ARENA=<a path that opens the arena's file, readable and writable>
 *   GNOMON_IMAGE=<a path that opens the shim's image>
 *   GNOMON_SLOT=<host>,<process>,<thread>        decimal: the host's index; the pages of the process record and of the
 *                                                thread slot in the host's block
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
