#include "crossing.h"
#include "raw.h"

#define FUTEX_WAIT 0
#define FUTEX_WAKE 1
#define SCHED_FIFO 1

/* More looks than any engine asks for: a number that somebody overwrote must not keep a processor busy for long. */
#define LOOKS_LIMIT 65536
#define PROCESSOR_LIMIT 1024

static void publish(struct gnomon_thread *thread, enum gnomon_guest_state state) {
    struct gnomon_worker_word *worker = thread->worker_word;
    __atomic_store_n(&thread->slot->guest_state, state, __ATOMIC_RELEASE);
    __atomic_add_fetch(&worker->sequence, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&worker->sleeping, __ATOMIC_SEQ_CST) != 0) {
        gnomon_raw4(__NR_futex, (long)&worker->sequence, FUTEX_WAKE, 1, 0);
    }
}

/* Wakes the worker and sleeps in one call. There is no engine any more where nobody listens. */
static void notify(const struct gnomon_thread *thread, enum gnomon_guest_state state) {
    while (gnomon_raw3(GNOMON_CALL_NOTIFY, thread->thread_page, state, 0) == -GNOMON_ENOSYS) {
        gnomon_raw3(__NR_exit_group, GNOMON_EXIT_SHIM_REFUSED, 0, 0);
    }
}

static bool answered(const struct gnomon_slot *slot, uint32_t seen) {
    return __atomic_load_n(&slot->guest_word, __ATOMIC_ACQUIRE) != seen;
}

/* Worth it only on another processor than the worker's, which the engine knows. */
static bool look(const struct gnomon_thread *thread, uint32_t seen) {
    uint32_t looks = __atomic_load_n(&thread->worker_word->guest_looks, __ATOMIC_RELAXED);
    for (uint32_t n = looks < LOOKS_LIMIT ? looks : LOOKS_LIMIT; n > 0; n--) {
        if (answered(thread->slot, seen)) {
            return true;
        }
        __builtin_ia32_pause();
    }
    return false;
}

static void sleep_until_answered(struct gnomon_slot *slot, uint32_t seen) {
    while (!answered(slot, seen)) {
        __atomic_store_n(&slot->guest_sleeping, 1, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&slot->guest_word, __ATOMIC_SEQ_CST) == seen) {
            gnomon_raw4(__NR_futex, (long)&slot->guest_word, FUTEX_WAIT, (long)seen, 0);
        }
        __atomic_store_n(&slot->guest_sleeping, 0, __ATOMIC_RELAXED);
    }
}

/* Makes the kernel run this thread as the worker wants its guests to run. What it refuses only costs time. */
static void follow(struct gnomon_thread *thread) {
    int32_t processor = __atomic_load_n(&thread->worker_word->guest_processor, __ATOMIC_RELAXED);
    if (processor == thread->processor || processor < 0 || processor >= PROCESSOR_LIMIT) {
        return;
    }
    uint64_t mask[PROCESSOR_LIMIT / 64] = {0};
    mask[processor / 64] = UINT64_C(1) << (processor % 64);
    gnomon_raw3(__NR_sched_setaffinity, 0, sizeof(mask), (long)mask);
    int32_t priority = (int32_t)__atomic_load_n(&thread->worker_word->guest_priority, __ATOMIC_RELAXED);
    if (thread->processor < 0 && priority != 0) {
        gnomon_raw3(__NR_sched_setscheduler, 0, SCHED_FIFO, (long)&priority);
    }
    thread->processor = processor;
}

void gnomon_cross(struct gnomon_thread *thread, enum gnomon_phase phase) {
    struct gnomon_slot *slot = thread->slot;
    thread->effects = 0;
    thread->closes = 0;
    slot->phase = phase;
    slot->instruction_pointer = thread->context.rip;
    slot->stack_pointer = thread->context.rsp;
    if (thread->notifies != 0) {
        notify(thread, GNOMON_STATE_CALL);
        follow(thread);
        return;
    }
    /* Only the engine changes the word, and only after it saw the state published below. */
    uint32_t seen = __atomic_load_n(&slot->guest_word, __ATOMIC_RELAXED);
    publish(thread, GNOMON_STATE_CALL);
    if (!look(thread, seen)) {
        sleep_until_answered(slot, seen);
    }
    follow(thread);
}

void gnomon_cross_gone(struct gnomon_thread *thread) {
    if (thread->notifies != 0) {
        notify(thread, GNOMON_STATE_GONE);
    } else {
        publish(thread, GNOMON_STATE_GONE);
    }
}
