/* The time-stamp counter, which tells real time without a call: its instructions fault, and are answered here. */
#ifndef GNOMON_COUNTER_H
#define GNOMON_COUNTER_H

#include "thread.h"

/* Lets the instructions of this thread, and of what it brings to life, fault or not. The run may leave the real counter. */
void gnomon_counter_trap(bool trapped);

/* Whether the fault in the thread's context is one of theirs. */
bool gnomon_counter_caused(const struct gnomon_thread *thread);

/* Gives the instruction its result, one tick a nanosecond, and goes on behind it. */
void gnomon_counter_answer(struct gnomon_thread *thread, uint64_t ticks);

#endif
