/* Redirecting the kernel's own functions for time, which make no system call that could be caught. */
#ifndef GNOMON_VDSO_H
#define GNOMON_VDSO_H

#include "shim.h"

/* Makes the functions of the vDSO at `base` jump to the shim's. False where that is not possible. */
bool gnomon_vdso_redirect(uint64_t base);

#endif
