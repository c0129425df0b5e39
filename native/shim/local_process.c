/* What a thread asks about itself and its process, and futexes that nobody waits on. */
#include "copy.h"
#include "local.h"
#include "random.h"

/* include/uapi/linux/futex.h */
#define FUTEX_WAKE 1
#define FUTEX_WAKE_BITSET 10
#define FUTEX_PRIVATE_FLAG 128

/* include/uapi/linux/random.h: GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE; the latter two exclude each other. */
#define GRND_NONBLOCK 1
#define RANDOM_LIMIT 256

bool gnomon_answer_identity(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const struct gnomon_process_record *process = thread->process;
    switch (call->number) {
    case __NR_getpid:
        *result = (long)process->process_id;
        return true;
    case __NR_gettid:
        *result = (long)thread->slot->thread_id;
        return true;
    case __NR_getppid:
        *result = (long)process->parent_process_id;
        return true;
    case __NR_getuid:
        *result = (long)process->user_id;
        return true;
    case __NR_geteuid:
        *result = (long)process->effective_user_id;
        return true;
    case __NR_getgid:
        *result = (long)process->group_id;
        return true;
    case __NR_getegid:
        *result = (long)process->effective_group_id;
        return true;
    default:
        return false;
    }
}

bool gnomon_answer_random(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    (void)thread;
    uint64_t bytes[RANDOM_LIMIT / 8];
    uint64_t length = call->arguments[1];
    uint64_t state[4];
    if (length > RANDOM_LIMIT || ((uint32_t)call->arguments[2] & ~(uint32_t)GRND_NONBLOCK) != 0) {
        return false;
    }
    memcpy(state, gnomon_process.host->random, sizeof(state));
    for (uint64_t i = 0; i < (length + 7) / 8; i++) {
        bytes[i] = gnomon_random_next(state);
    }
    if (!gnomon_copy_out(call->arguments[0], bytes, length)) {
        return false;
    }
    memcpy(gnomon_process.host->random, state, sizeof(state));
    *result = (long)length;
    return true;
}

bool gnomon_answer_futex(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    (void)thread;
    uint64_t address = call->arguments[0];
    uint32_t operation = (uint32_t)call->arguments[1] & ~(uint32_t)FUTEX_PRIVATE_FLAG;
    if (operation != FUTEX_WAKE && (operation != FUTEX_WAKE_BITSET || (uint32_t)call->arguments[5] == 0)) {
        return false;
    }
    if (address % 4 != 0 || gnomon_process.host->futex_waiters[(address >> 2) % GNOMON_FUTEX_BUCKETS] != 0) {
        return false;
    }
    *result = 0;
    return true;
}
