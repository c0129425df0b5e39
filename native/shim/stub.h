/*
 * Where patched call sites jump to. Each site has a stub of its own, within reach of a near jump, in pages of many stubs:
 *
 *   0    +---------------------------------------------+
 *        | address of gnomon_call_entry, 8 bytes       |
 *   32   +---------------------------------------------+
 *        | stub of 32 bytes:                           |
 *        |   the instruction that the patch displaced, |
 *        |     if it displaced one: mov $number, %rax  |
 *        |   lea site+2(%rip), %rcx                    |
 *        |   jmp *entry(%rip)                          |
 *   64   +---------------------------------------------+
 *        |  ...                                        |
 *   4096 +---------------------------------------------+
 *
 * A stub is never changed and never freed: a thread may be in it, and the site may come back with the object it belongs to.
 */
#ifndef GNOMON_STUB_H
#define GNOMON_STUB_H

#include "code.h"

/* The site's stub, made where it is not there yet; 0 where there is no room. `displaced` is the instruction of so many bytes (at
 * most 8) to begin with; `near` is an address below which there may be room for a page. */
uint64_t gnomon_stub(const struct gnomon_code *code, uint64_t site, const uint8_t *displaced, uint64_t displaced_bytes,
                     uint64_t near);

/* Whether the instruction is one of a stub's. */
bool gnomon_in_stub(uint64_t address);

#endif
