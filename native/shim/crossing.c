#include "crossing.h"
#include "raw.h"

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1

static void publish(struct gnomon_thread *thread, enum gnomon_guest_state state) {
    __atomic_store_n(&thread->slot->guest_state, state, __ATOMIC_RELEASE);
    __atomic_add_fetch(thread->worker_word, 1, __ATOMIC_SEQ_CST);
    gnomon_raw4(__NR_futex, (long)thread->worker_word, FUTEX_WAKE, 1, 0);
}

void gnomon_cross(struct gnomon_thread *thread, enum gnomon_phase phase) {
    struct gnomon_slot *slot = thread->slot;
    thread->effects = 0;
    thread->closes = 0;
    slot->phase = phase;
    slot->instruction_pointer = thread->context.rip;
    slot->stack_pointer = thread->context.rsp;
    /* Only the engine changes the word, and only after it saw the state published below. */
    uint32_t seen = __atomic_load_n(&slot->guest_word, __ATOMIC_RELAXED);
    publish(thread, GNOMON_STATE_CALL);
    while (__atomic_load_n(&slot->guest_word, __ATOMIC_ACQUIRE) == seen) {
        gnomon_raw4(__NR_futex, (long)&slot->guest_word, FUTEX_WAIT, (long)seen, 0);
    }
}

void gnomon_cross_gone(struct gnomon_thread *thread) {
    publish(thread, GNOMON_STATE_GONE);
}
