/* Calls that the shim answers itself: what time it is, and on which CPU the thread runs. */
#ifndef GNOMON_LOCAL_TIME_H
#define GNOMON_LOCAL_TIME_H

#include "call.h"

/* True where it was answered, with the result in *result. */
bool gnomon_answer_time(struct gnomon_thread *thread, const struct gnomon_call *call, long *result);

/* The host's monotonic clock, for who asks without a call; false where the thread has to cross first. */
bool gnomon_read_counter(struct gnomon_thread *thread, uint64_t *nanos);

/* The same, uncounted. */
uint64_t gnomon_counter_now(void);

/* What the vDSO's functions are redirected to; same arguments and results. */
long gnomon_vdso_clock_gettime(long clock, uint64_t timespec);
long gnomon_vdso_gettimeofday(uint64_t timeval, uint64_t zone);
long gnomon_vdso_time(uint64_t seconds);
long gnomon_vdso_clock_getres(long clock, uint64_t timespec);
long gnomon_vdso_getcpu(uint64_t cpu, uint64_t node, uint64_t unused);
/* Not there: libc then makes the system call. */
long gnomon_vdso_getrandom(void);

#endif
