/* What the code around a call site allows. */
#ifndef GNOMON_SITE_H
#define GNOMON_SITE_H

#include "shim.h"

/* The bytes of a syscall instruction. */
#define GNOMON_SYSCALL_BYTES 2

/* The length of the instruction before the site if that is a mov of `number` to %eax or %rax that can be replaced by a near
 * jump: 5 or 7. Else 0. `site` is the address of the syscall instruction. */
uint64_t gnomon_site_move(uint64_t site, int32_t number);

#endif
