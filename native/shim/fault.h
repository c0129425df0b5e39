/* The shim's own handlers: of SIGSYS, by which calls are caught, and of faults. */
#ifndef GNOMON_FAULT_H
#define GNOMON_FAULT_H

#include "shim.h"

/* Installs them; 0 or -errno. */
long gnomon_fault_install(void);

#endif
