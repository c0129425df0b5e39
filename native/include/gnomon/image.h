/*
 * The shim as a flat image: a file whose bytes are mapped at one fixed address in every guest.
 *
 *   GNOMON_IMAGE_ADDRESS   +-----------------------------+
 *                          | header                      |  readable, executable; shared between all guests
 *                          | code and constants          |
 *   data                   +-----------------------------+
 *                          | variables                   |  private; the file holds their first values, zeros too
 *   end                    +-----------------------------+
 *                          |  ...                        |
 *   GNOMON_AREA_ADDRESS    | first thread's area         |  where it is free
 *                          |  ...                        |
 *   GNOMON_GATE_ADDRESS    | only in the zygote: its gate in the wall (zygote/wall.c)
 *   GNOMON_ARENA_ADDRESS   +-----------------------------+
 *                          | arena (arena.h)             |
 *                          +-----------------------------+
 *
 * Far from where kernel, allocators and sanitizers put things. That it is the same address everywhere lets a seccomp filter
 * tell the shim's calls from others. One piece, so that all of it needs few page tables.
 */
#ifndef GNOMON_IMAGE_H
#define GNOMON_IMAGE_H

#define GNOMON_IMAGE_ADDRESS 0x7e0000000000
#define GNOMON_AREA_ADDRESS 0x7e0000080000
#define GNOMON_GATE_ADDRESS 0x7e00000ff000
#define GNOMON_ARENA_ADDRESS 0x7e0000100000

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#define GNOMON_IMAGE_MAGIC UINT64_C(0x0045474d494d4e47)

/* At the image's start; written by the linker, read by zygote and preload. Addresses as they are in the guest. */
struct gnomon_image_header {
    uint64_t magic;
    /* The code whose calls the kernel lets through. */
    uint64_t text_begin;
    uint64_t text_end;
    uint64_t data;
    uint64_t end;
    /* void (const struct gnomon_start *): starts, and returns to go on with the program. */
    uint64_t preloaded;
    /* Entered by a jump, %rbp = struct gnomon_start, %r8 = a descriptor of the image's file: starts, and goes on at `entry`
     * with registers and stack as the kernel left them. */
    uint64_t injected;
    /* Entered by a jump with the registers that a syscall instruction leaves, %rax the call's number: makes that call. */
    uint64_t caught;
};

#define GNOMON_PATH_BYTES 128
#define GNOMON_PRELOAD_BYTES 256
/* The code that fetches the image (zygote/bootstrap.S), and what it covers for that long. */
#define GNOMON_BOOTSTRAP_BYTES 64
/* In the sixth argument of its openat, by which a filter knows it (zygote/escape.c). */
#define GNOMON_BOOTSTRAP_MARK UINT64_C(0x676e6f6d6f6e2d73)

/* What the shim is started with, on the guest's stack. */
struct gnomon_start {
    /* Where the kernel put argc, argv and envp, and behind them the auxiliary vector. */
    uint64_t stack;
    uint64_t auxiliary;
    /* GNOMON_SLOT's numbers: host, process, thread. */
    uint32_t host;
    uint32_t process;
    uint32_t thread;
    uint32_t reserved;
    /* Paths that open the arena and the image. */
    char arena[GNOMON_PATH_BYTES];
    char image[GNOMON_PATH_BYTES];
    /* Preload: the path of its shared object; empty with inject. */
    char preload[GNOMON_PRELOAD_BYTES];
    /* Inject: where an int3 stands in place of the program's own first instruction (AT_ENTRY), and the byte that it covers;
     * 0: nowhere. */
    uint64_t stop;
    uint64_t stopped_byte;
    /* Inject: where the process begins; what the bootstrap covers (in the vDSO), and its bytes. */
    uint64_t entry;
    uint64_t covered;
    uint8_t covered_bytes[GNOMON_BOOTSTRAP_BYTES];
};

_Static_assert(offsetof(struct gnomon_start, image) == 32 + GNOMON_PATH_BYTES, "layout");
_Static_assert(sizeof(struct gnomon_start) == 128 + 2 * GNOMON_PATH_BYTES + GNOMON_PRELOAD_BYTES, "layout");

#endif
#endif
