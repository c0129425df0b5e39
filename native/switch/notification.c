/*
 * The switch by seccomp notifications (seccomp_unotify(2)), for guests that cross so (slot.h): an answer lets the guest run,
 * the next notification of the same listener says that it stopped. The rules of switch.c hold here too.
 */
#define _GNU_SOURCE
#include "switch.h"
#include <errno.h>
#include <gnomon/slot.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

/* More than any kernel's structure has, which it copies as a whole. */
#define NOTIFICATION_ROOM 512

static void answer(int listener, uint64_t notification) {
    struct seccomp_notif_resp response = {.id = notification};
    /* ENOENT where the guest is dead, which the zygote tells. */
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
}

/* Takes a notification that there is, and stores in the slot of who made it that it stopped. */
static void receive(int listener, uint8_t *block, uint64_t pages) {
    union {
        struct seccomp_notif notification;
        uint8_t room[NOTIFICATION_ROOM];
    } taken;
    memset(&taken, 0, sizeof taken);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &taken) < 0) {
        return; /* who made it was killed */
    }
    uint64_t page = taken.notification.data.args[0];
    bool gone = taken.notification.data.args[1] == GNOMON_STATE_GONE;
    if (page < pages) {
        struct gnomon_slot *slot = (struct gnomon_slot *)(block + page * GNOMON_PAGE_BYTES);
        slot->notification = gone ? 0 : taken.notification.id;
        __atomic_store_n(&slot->guest_state, gone ? GNOMON_STATE_GONE : GNOMON_STATE_CALL, __ATOMIC_RELEASE);
    }
    if (gone || page >= pages) {
        answer(listener, taken.notification.id);
    }
}

static int stopped(const struct gnomon_slot *slot) {
    uint32_t state = __atomic_load_n(&slot->guest_state, __ATOMIC_ACQUIRE);
    return state == GNOMON_STATE_CALL || state == GNOMON_STATE_GONE;
}

static void drain(int event) {
    uint64_t count;
    (void)!read(event, &count, sizeof count);
}

int32_t gnomon_await_notified(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos, int32_t listener,
                              int32_t event, int64_t block_address, int64_t pages) {
    struct gnomon_slot *slot = (struct gnomon_slot *)slot_address;
    struct gnomon_worker_word *worker = (struct gnomon_worker_word *)worker_address;
    struct timespec timeout = {.tv_sec = timeout_nanos / 1000000000, .tv_nsec = timeout_nanos % 1000000000};
    struct pollfd watched[] = {{.fd = listener, .events = POLLIN}, {.fd = event, .events = POLLIN}};
    for (;;) {
        if (stopped(slot)) {
            return GNOMON_SWITCH_STOPPED;
        }
        if (__atomic_load_n(&worker->sequence, __ATOMIC_SEQ_CST) != (uint32_t)seen) {
            return GNOMON_SWITCH_NOTICE;
        }
        int ready = ppoll(watched, 2, &timeout, NULL);
        if (ready == 0) {
            return GNOMON_SWITCH_TIMEOUT;
        }
        if (ready < 0) {
            continue; /* a signal of the JVM's own: the time begins anew, as in switch.c */
        }
        if (watched[1].revents != 0) {
            drain(event);
        }
        if ((watched[0].revents & POLLIN) != 0) {
            receive(listener, (uint8_t *)block_address, (uint64_t)pages);
            return stopped(slot) ? GNOMON_SWITCH_STOPPED : GNOMON_SWITCH_NOTICE;
        }
        if ((watched[0].revents & POLLHUP) != 0) {
            watched[0].fd = -1; /* all whom the filter holds have gone, which the zygote tells */
        }
    }
}

int32_t gnomon_switch_notified(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos, int32_t listener,
                               int32_t event, int64_t block_address, int64_t pages) {
    struct gnomon_slot *slot = (struct gnomon_slot *)slot_address;
    uint64_t notification = slot->notification;
    slot->notification = 0;
    __atomic_store_n(&slot->guest_state, GNOMON_STATE_RUNNING, __ATOMIC_RELEASE);
    answer(listener, notification);
    return gnomon_await_notified(slot_address, worker_address, seen, timeout_nanos, listener, event, block_address, pages);
}

/* An event descriptor, on which a worker that waits for notifications hears of everything else; -errno. */
EXPORTED int32_t gnomon_event(void) {
    int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return event < 0 ? -errno : event;
}

/* For any thread of the engine. */
EXPORTED void gnomon_signal_event(int32_t event) {
    uint64_t one = 1;
    (void)!write(event, &one, sizeof one);
}
