#define _GNU_SOURCE
#include "engine.h"
#include <errno.h>
#include <linux/futex.h>
#include <sys/syscall.h>

static bool later(const struct timespec *left, const struct timespec *right) {
    return left->tv_sec != right->tv_sec ? left->tv_sec > right->tv_sec : left->tv_nsec >= right->tv_nsec;
}

static void wake(struct task *task, int64_t result) {
    task->block = NOT_BLOCKED;
    reply_result(task, result);
}

static uint32_t wake_waiters(int memory, uint64_t word, uint32_t count, uint32_t bits) {
    uint32_t woken = 0;
    for (int i = 0; i < TASK_LIMIT && woken < count; i++) {
        struct task *task = &tasks[i];
        if (task->used && task->block == BLOCKED_FUTEX && task->futex == word && (task->futex_bits & bits) != 0 &&
            processes[task->process].memory == memory) {
            wake(task, 0);
            woken++;
        }
    }
    return woken;
}

static uint32_t move_waiters(int memory, uint64_t word, uint32_t count, uint64_t target) {
    uint32_t moved = 0;
    for (int i = 0; i < TASK_LIMIT && moved < count; i++) {
        struct task *task = &tasks[i];
        if (task->used && task->block == BLOCKED_FUTEX && task->futex == word && processes[task->process].memory == memory) {
            task->futex = target;
            moved++;
        }
    }
    return moved;
}

void futex_wake_word(int memory, uint64_t word, uint32_t count) {
    wake_waiters(memory, word, count, FUTEX_BITSET_MATCH_ANY);
}

bool any_timed(void) {
    for (int i = 0; i < TASK_LIMIT; i++) {
        if (tasks[i].used && tasks[i].block == BLOCKED_FUTEX && tasks[i].timed) {
            return true;
        }
    }
    return false;
}

void futex_expire(void) {
    if (!any_timed()) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    for (int i = 0; i < TASK_LIMIT; i++) {
        if (tasks[i].used && tasks[i].block == BLOCKED_FUTEX && tasks[i].timed && later(&now, &tasks[i].deadline)) {
            wake(&tasks[i], -ETIMEDOUT);
        }
    }
}

/* Deadlines are kept on the monotonic clock. */
static void set_deadline(struct task *task, int operation, uint64_t address) {
    struct timespec given;
    task->timed = address != 0 && guest_read(task, address, &given, sizeof(given));
    if (!task->timed) {
        return;
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    bool relative = (operation & FUTEX_CMD_MASK) == FUTEX_WAIT;
    if (!relative && (operation & FUTEX_CLOCK_REALTIME) != 0) {
        struct timespec real;
        clock_gettime(CLOCK_REALTIME, &real);
        given.tv_sec -= real.tv_sec;
        given.tv_nsec -= real.tv_nsec;
        relative = true;
    }
    task->deadline = given;
    if (relative) {
        int64_t nanos = now.tv_nsec + given.tv_nsec;
        int64_t carry = nanos < 0 ? -1 : nanos / 1000000000;
        task->deadline.tv_sec = now.tv_sec + given.tv_sec + carry;
        task->deadline.tv_nsec = nanos - carry * 1000000000;
    }
}

bool answer_futex_call(struct task *task) {
    struct gnomon_slot *slot = task->slot;
    if (slot->call_number != SYS_futex) {
        return false;
    }
    const uint64_t *a = slot->arguments;
    int memory = processes[task->process].memory;
    int operation = (int)a[1];
    uint32_t value = 0;
    uint32_t bits = FUTEX_BITSET_MATCH_ANY;
    switch (operation & FUTEX_CMD_MASK) {
    case FUTEX_WAIT_BITSET:
        bits = (uint32_t)a[5];
        __attribute__((fallthrough));
    case FUTEX_WAIT:
        if (!guest_read(task, a[0], &value, sizeof(value))) {
            reply_result(task, -EFAULT);
        } else if (value != (uint32_t)a[2]) {
            reply_result(task, -EAGAIN);
        } else {
            task->block = BLOCKED_FUTEX;
            task->futex = a[0];
            task->futex_bits = bits;
            set_deadline(task, operation, a[3]);
        }
        return true;
    case FUTEX_WAKE_BITSET:
        bits = (uint32_t)a[5];
        __attribute__((fallthrough));
    case FUTEX_WAKE:
        reply_result(task, wake_waiters(memory, a[0], (uint32_t)a[2], bits));
        return true;
    case FUTEX_CMP_REQUEUE:
        if (!guest_read(task, a[0], &value, sizeof(value)) || value != (uint32_t)a[5]) {
            reply_result(task, -EAGAIN);
            return true;
        }
        __attribute__((fallthrough));
    case FUTEX_REQUEUE: {
        uint32_t woken = wake_waiters(memory, a[0], (uint32_t)a[2], bits);
        reply_result(task, woken + move_waiters(memory, a[0], (uint32_t)a[3], a[4]));
        return true;
    }
    default:
        reply_result(task, -ENOSYS);
        return true;
    }
}
