/* How much a thread may answer without crossing (slot.h). */
#ifndef GNOMON_BUDGET_H
#define GNOMON_BUDGET_H

#include "thread.h"

/* Whether the host's guests answer calls at all. */
static inline bool gnomon_answers_locally(void) {
    return (gnomon_process.host->flags & (GNOMON_HOST_LOCAL_CALLS | GNOMON_HOST_TRACE_ALL)) == GNOMON_HOST_LOCAL_CALLS;
}

/* Whether the thread may answer one more call that takes so much virtual time. */
static inline bool gnomon_budget_allows(const struct gnomon_thread *thread, int64_t nanos) {
    const struct gnomon_slot *slot = thread->slot;
    return slot->calls_left > 0 && slot->unapplied_nanos <= gnomon_process.host->maximum_unapplied_nanos - nanos &&
           (slot->pending_signals & ~slot->blocked_signals) == 0;
}

/* Counts a call that was answered. */
static inline void gnomon_budget_count(struct gnomon_thread *thread) {
    struct gnomon_slot *slot = thread->slot;
    slot->calls_left--;
    slot->local_calls++;
    slot->unapplied_nanos += gnomon_process.host->call_nanos;
}

/* The same for a call that asks for the time. */
static inline void gnomon_budget_count_time(struct gnomon_thread *thread) {
    struct gnomon_slot *slot = thread->slot;
    slot->calls_left--;
    slot->local_time_calls++;
    slot->unapplied_nanos += gnomon_process.host->time_call_nanos;
}

#endif
