/* poll, ppoll, select, pselect6 without a mask, where something is ready or nobody waits. */
#include "copy.h"
#include "local.h"
#include "object.h"

#define POLLRDNORM 0x040
#define POLLWRNORM 0x100
#define POLLPRI 0x002
#define POLLRDBAND 0x080
#define POLLWRBAND 0x200
#define ALWAYS (GNOMON_POLLERR | GNOMON_POLLHUP)

/* fs/select.c: POLLIN_SET, POLLOUT_SET, POLLEX_SET. */
#define SELECT_IN (POLLRDNORM | POLLRDBAND | GNOMON_POLLIN | GNOMON_POLLHUP | GNOMON_POLLERR)
#define SELECT_OUT (POLLWRBAND | POLLWRNORM | GNOMON_POLLOUT | GNOMON_POLLERR)
#define SELECT_EXCEPTION POLLPRI

#define POLL_LIMIT 128
#define SELECT_LIMIT 1024
#define SELECT_WORDS (SELECT_LIMIT / 64)

#define MICROS_PER_SECOND 1000000
#define NANOS_PER_SECOND 1000000000

struct poll_entry {
    int32_t descriptor;
    int16_t wanted;
    int16_t found;
};

enum patience { WAITS, WAITS_NOT, UNKNOWN };

/* Whether a struct timeval or timespec is a time of 0. One that is not proper crosses, as one that would be rewritten. */
static enum patience patience_of(uint64_t address, uint64_t fractions) {
    uint64_t pair[2];
    if (address == 0) {
        return WAITS;
    }
    if (!gnomon_copy_in(pair, address, sizeof(pair)) || pair[0] > INT32_MAX || pair[1] >= fractions) {
        return UNKNOWN;
    }
    return pair[0] == 0 && pair[1] == 0 ? WAITS_NOT : WAITS;
}

static bool poll(struct gnomon_thread *thread, uint64_t address, uint64_t count, enum patience patience, long *result) {
    struct poll_entry entries[POLL_LIMIT];
    if (count == 0 || count > POLL_LIMIT || patience == UNKNOWN ||
        !gnomon_copy_in(entries, address, count * sizeof(entries[0]))) {
        return false;
    }
    long ready = 0;
    for (uint64_t i = 0; i < count; i++) {
        struct poll_entry *entry = &entries[i];
        entry->found = 0;
        if (entry->descriptor < 0) {
            continue;
        }
        uint32_t events;
        const struct gnomon_object *object = gnomon_object_of(thread, (uint64_t)entry->descriptor);
        if (object == NULL || !gnomon_object_ready(thread, object, &events)) {
            return false;
        }
        entry->found = (int16_t)(events & ((uint16_t)entry->wanted | ALWAYS));
        ready += entry->found != 0;
    }
    if ((ready == 0 && patience == WAITS) || !gnomon_copy_out(address, entries, count * sizeof(entries[0]))) {
        return false;
    }
    *result = ready;
    return true;
}

static bool select_one(const struct gnomon_thread *thread, uint32_t descriptor, uint64_t bit, const uint64_t *wanted,
                       uint64_t *found, long *ready) {
    static const uint32_t masks[] = {SELECT_IN, SELECT_OUT, SELECT_EXCEPTION};
    uint32_t events;
    const struct gnomon_object *object = gnomon_object_of(thread, descriptor);
    if (object == NULL || !gnomon_object_ready(thread, object, &events)) {
        return false;
    }
    for (int set = 0; set < 3; set++) {
        if ((wanted[set * SELECT_WORDS] & bit) != 0 && (events & masks[set]) != 0) {
            found[set * SELECT_WORDS] |= bit;
            ++*ready;
        }
    }
    return true;
}

static bool select(struct gnomon_thread *thread, const uint64_t *arguments, enum patience patience, long *result) {
    uint32_t count = (uint32_t)arguments[0];
    uint64_t wanted[3][SELECT_WORDS];
    uint64_t found[3][SELECT_WORDS];
    if (count == 0 || count > SELECT_LIMIT || patience == UNKNOWN) {
        return false;
    }
    uint32_t words = (count + 63) / 64;
    memset(wanted, 0, sizeof(wanted));
    memset(found, 0, sizeof(found));
    for (int set = 0; set < 3; set++) {
        if (arguments[1 + set] != 0 && !gnomon_copy_in(wanted[set], arguments[1 + set], words * 8)) {
            return false;
        }
    }
    long ready = 0;
    for (uint32_t word = 0; word < words; word++) {
        uint64_t within = word == words - 1 && count % 64 != 0 ? (UINT64_C(1) << (count % 64)) - 1 : UINT64_MAX;
        for (uint64_t left = (wanted[0][word] | wanted[1][word] | wanted[2][word]) & within; left != 0; left &= left - 1) {
            if (!select_one(thread, word * 64 + (uint32_t)__builtin_ctzll(left), left & -left, &wanted[0][word],
                            &found[0][word], &ready)) {
                return false;
            }
        }
    }
    if (ready == 0 && patience == WAITS) {
        return false;
    }
    for (int set = 0; set < 3; set++) {
        if (arguments[1 + set] != 0 && !gnomon_copy_out(arguments[1 + set], found[set], words * 8)) {
            return false;
        }
    }
    *result = ready;
    return true;
}

/* pselect6's last argument: a pointer to a mask and its length, both in memory. */
static bool has_mask(uint64_t address) {
    uint64_t mask = 0;
    return address != 0 && (!gnomon_copy_in(&mask, address, sizeof(mask)) || mask != 0);
}

bool gnomon_answer_poll(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    switch (call->number) {
    case __NR_poll:
        return poll(thread, a[0], (uint32_t)a[1], (int32_t)a[2] == 0 ? WAITS_NOT : WAITS, result);
    case __NR_ppoll:
        return a[3] == 0 && poll(thread, a[0], (uint32_t)a[1], patience_of(a[2], NANOS_PER_SECOND), result);
    case __NR_select:
        return select(thread, a, patience_of(a[4], MICROS_PER_SECOND), result);
    case __NR_pselect6:
        return !has_mask(a[5]) && select(thread, a, patience_of(a[4], NANOS_PER_SECOND), result);
    default:
        return false;
    }
}
