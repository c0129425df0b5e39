#include "lock.h"

/* include/uapi/asm-generic/fcntl.h */
#define LOCK_NB 4
#define LOCK_UN 8
#define F_SETLK 6
#define F_SETLKW 7
#define F_OFD_SETLK 37
#define F_OFD_SETLKW 38

const struct gnomon_pause gnomon_lock_pause = {.seconds = 0, .nanos = 1000000};

bool gnomon_lock_waits(const struct gnomon_call *call) {
    uint32_t operation = (uint32_t)call->arguments[1];
    if (call->number == __NR_flock) {
        return (operation & (LOCK_NB | LOCK_UN)) == 0;
    }
    return call->number == __NR_fcntl && (operation == F_SETLKW || operation == F_OFD_SETLKW);
}

struct gnomon_call gnomon_lock_attempt(const struct gnomon_call *call) {
    struct gnomon_call attempt = *call;
    if (call->number == __NR_flock) {
        attempt.arguments[1] |= LOCK_NB;
    } else {
        attempt.arguments[1] = (uint32_t)call->arguments[1] == F_SETLKW ? F_SETLK : F_OFD_SETLK;
    }
    return attempt;
}

bool gnomon_lock_contended(long result) {
    return result == -GNOMON_EAGAIN || result == -GNOMON_EACCES;
}
