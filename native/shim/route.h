/* Who executes a call: the engine, or the kernel. */
#ifndef GNOMON_ROUTE_H
#define GNOMON_ROUTE_H

#include "call.h"
#include "signature.h"

/* Whether the descriptor (the low 32 bits, as the kernel takes it) is an object of the engine. */
bool gnomon_emulated(const struct gnomon_thread *thread, uint64_t argument);

/* Whether the path of the guest's leads to a named pipe. */
bool gnomon_is_named_pipe(long directory, uint64_t path);

/* Whether the call crosses to the engine; for every disposition but LOCAL and REFUSED. */
bool gnomon_crosses(const struct gnomon_thread *thread, const struct gnomon_call *call,
                    const struct gnomon_signature *signature);

#endif
