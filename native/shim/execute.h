/* Replacing the guest's program by another. */
#ifndef GNOMON_EXECUTE_H
#define GNOMON_EXECUTE_H

#include "call.h"

/* Executes the guest's execve or execveat with the shim in the new program's environment. Returns -errno. */
long gnomon_execute(struct gnomon_thread *thread, const struct gnomon_call *call);

#endif
