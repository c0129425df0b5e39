/* Locks of files, for which the kernel would let a guest wait. */
#ifndef GNOMON_LOCK_H
#define GNOMON_LOCK_H

#include "call.h"

/* struct timespec: how long a thread sleeps between two attempts. */
struct gnomon_pause {
    int64_t seconds;
    int64_t nanos;
};

extern const struct gnomon_pause gnomon_lock_pause;

/* Whether the call waits for a lock. */
bool gnomon_lock_waits(const struct gnomon_call *call);

/* The same call, which fails where it would have to wait. */
struct gnomon_call gnomon_lock_attempt(const struct gnomon_call *call);

/* Whether an attempt's result says that it would have had to. */
bool gnomon_lock_contended(long result);

#endif
