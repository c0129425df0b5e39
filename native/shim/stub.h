/*
 * Where patched call sites jump to. Each site has stubs of its own, within reach of a near jump, in pages of many stubs:
 *
 *   0    +---------------------------------------------+
 *        | address of gnomon_call_entry, 8 bytes       |
 *   16   +---------------------------------------------+
 *        | stub, of a multiple of 16 bytes:            |
 *        |   the instructions that the patch displaced,|
 *        |     if it displaced any: mov $number, %rax  |
 *        |     and what stands between it and the site |
 *        |   lea site+2(%rip), %rcx                    |
 *        |   jmp *entry(%rip)                          |
 *        +---------------------------------------------+
 *        |  ...                                        |
 *   4096 +---------------------------------------------+
 *
 * A stub is never changed and never freed: a thread may be in it, and the site may come back with the object it belongs to.
 */
#ifndef GNOMON_STUB_H
#define GNOMON_STUB_H

#include "code.h"
#include "site.h"

/* What a stub does before it enters the shim: the instructions directly before the site, whose syscall instruction is at that
 * address. */
struct gnomon_displaced {
    uint64_t site;
    uint64_t bytes; /* at most GNOMON_DISPLACED_LIMIT */
    uint8_t code[GNOMON_DISPLACED_LIMIT];
};

/* The stub, made where it is not there yet; 0 where there is no room. `near` is an address below which there may be room for a
 * page. */
uint64_t gnomon_stub(const struct gnomon_code *code, const struct gnomon_displaced *displaced, uint64_t near);

/* Whether the instruction is one of a stub's. */
bool gnomon_in_stub(uint64_t address);

/* Whether the instruction is the jump in a gap that leads to a stub. */
bool gnomon_leads_to_stub(uint64_t address);

/* Where the instruction stands for the guest: a displaced one at its own place, every other where it is. */
uint64_t gnomon_stub_origin(uint64_t address);

#endif
