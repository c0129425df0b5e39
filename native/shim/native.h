/* Calls that the kernel executes for the guest. */
#ifndef GNOMON_NATIVE_H
#define GNOMON_NATIVE_H

#include "call.h"
#include "signature.h"

/* The call's result, -errno for errors; the file times that a stat told are virtual afterwards. */
long gnomon_native(const struct gnomon_call *call, const struct gnomon_signature *signature);

#endif
