/* Redirecting the kernel's own functions for time, which make no system call that could be caught. */
#ifndef GNOMON_VDSO_H
#define GNOMON_VDSO_H

#include "shim.h"
#include <gnomon/image.h>

/* Makes the functions of the vDSO at `base` jump to the shim's, and uncovers what the bootstrap covers. False where that is
 * not possible. */
bool gnomon_vdso_redirect(uint64_t base, const struct gnomon_start *start);

#endif
