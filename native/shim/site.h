/* What the code before a call site allows. */
#ifndef GNOMON_SITE_H
#define GNOMON_SITE_H

#include "shim.h"

/* The bytes of a syscall instruction. */
#define GNOMON_SYSCALL_BYTES 2

/* The most bytes before a site that are displaced. */
#define GNOMON_DISPLACED_LIMIT 40

/*
 * The bytes before the site, from a mov of `number` to %eax or %rax on, that may be executed elsewhere instead: the mov, whose
 * place a near jump takes, and whole instructions between it and the site that do not depend on where they stand but by
 * addresses relative to %rip. 0 where there are none. They are copied to `displaced`. `site` is the address of the syscall
 * instruction, `begin` that of the code around.
 */
uint64_t gnomon_site_displaced(uint64_t site, int32_t number, uint64_t begin, uint8_t *displaced);

#endif
