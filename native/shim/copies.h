/*
 * Copies of a process that stands at its program's entry point, for hosts that start the same program (slot.h:
 * GNOMON_REPLY_COPY). What a copy does not inherit from fork it is given here; what it must not have in common with the others,
 * the words that stand for the host's randomness, comes with the reply to GNOMON_PHASE_COPY_START.
 */
#ifndef GNOMON_COPIES_H
#define GNOMON_COPIES_H

#include "thread.h"

/* Before the program starts: there is an int3 in place of its first instruction; nothing where start->stop is 0. */
void gnomon_entry_expect(const struct gnomon_start *start);

/* Whether the thread's fault is that int3. */
bool gnomon_entry_caused(const struct gnomon_thread *thread);

/* Puts the instruction back, and the context before it. 0 or -errno: then it is as it was, but not by way of /proc/self/mem. */
long gnomon_entry_restore(struct gnomon_thread *thread);

/* Makes the copies that the reply asks for. */
void gnomon_copies_make(struct gnomon_thread *thread);

#endif
