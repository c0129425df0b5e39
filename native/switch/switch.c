/*
 * What the engine calls: one call hands a guest the processor and sleeps until something happened (bound by bind.c); the
 * rest are system calls with plain numbers for arguments, called through JNA. Everything that can fail returns a negative
 * errno.
 *
 * Rules:
 *   1. Only integers cross: addresses are numbers, so that JNA passes them without looking.
 *   2. Nothing here allocates, keeps state or reads a clock.
 *   3. The slot is shared with the guest: it is written and compared here, never trusted for an index or a length.
 */
#define _GNU_SOURCE
#include "switch.h"
#include <errno.h>
#include <fcntl.h>
#include <gnomon/slot.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static long futex(uint32_t *word, int operation, uint32_t value, const struct timespec *timeout) {
    return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

/*
 * Sleeps while the worker's word is `seen`, and says so in it, for whoever has something to tell (slot.h). Returns whether
 * the time was over.
 */
static int sleep_on(struct gnomon_worker_word *worker, uint32_t seen, const struct timespec *timeout) {
    int timed_out = 0;
    __atomic_store_n(&worker->sleeping, 1, __ATOMIC_SEQ_CST);
    /* Signals of the JVM's own (EINTR) start the time anew: it bounds a watchdog, not a measurement. */
    if (__atomic_load_n(&worker->sequence, __ATOMIC_SEQ_CST) == seen) {
        timed_out = futex(&worker->sequence, FUTEX_WAIT, seen, timeout) < 0 && errno == ETIMEDOUT;
    }
    __atomic_store_n(&worker->sleeping, 0, __ATOMIC_RELAXED);
    return timed_out;
}

static int stopped(const struct gnomon_slot *slot) {
    uint32_t state = __atomic_load_n(&slot->guest_state, __ATOMIC_ACQUIRE);
    return state == GNOMON_STATE_CALL || state == GNOMON_STATE_GONE;
}

/*
 * Sleeps on the worker's word until the guest in the slot stopped or the word moved past `seen`, which the caller read
 * before it looked at whatever else may have happened.
 */
static int wait_for_stop(struct gnomon_slot *slot, struct gnomon_worker_word *worker, uint32_t seen, int64_t timeout_nanos) {
    struct timespec timeout = {.tv_sec = timeout_nanos / 1000000000, .tv_nsec = timeout_nanos % 1000000000};
    for (;;) {
        if (stopped(slot)) {
            return GNOMON_SWITCH_STOPPED;
        }
        if (__atomic_load_n(&worker->sequence, __ATOMIC_ACQUIRE) != seen) {
            /* The guest may have stopped between the two looks. */
            return stopped(slot) ? GNOMON_SWITCH_STOPPED : GNOMON_SWITCH_NOTICE;
        }
        if (sleep_on(worker, seen, &timeout)) {
            return GNOMON_SWITCH_TIMEOUT;
        }
    }
}

int32_t gnomon_switch(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos) {
    struct gnomon_slot *slot = (struct gnomon_slot *)slot_address;
    __atomic_store_n(&slot->guest_state, GNOMON_STATE_RUNNING, __ATOMIC_RELAXED);
    __atomic_fetch_add(&slot->guest_word, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&slot->guest_sleeping, __ATOMIC_SEQ_CST) != 0) {
        futex(&slot->guest_word, FUTEX_WAKE, 1, NULL);
    }
    return wait_for_stop(slot, (struct gnomon_worker_word *)worker_address, (uint32_t)seen, timeout_nanos);
}

int32_t gnomon_await(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos) {
    return wait_for_stop((struct gnomon_slot *)slot_address, (struct gnomon_worker_word *)worker_address, (uint32_t)seen,
                         timeout_nanos);
}

/* Sleeps until the worker's word differs from `seen`; 0, or 1 after the time given. */
EXPORTED int gnomon_await_word(int64_t worker_address, int32_t seen, int64_t timeout_nanos) {
    struct gnomon_worker_word *worker = (struct gnomon_worker_word *)worker_address;
    struct timespec timeout = {.tv_sec = timeout_nanos / 1000000000, .tv_nsec = timeout_nanos % 1000000000};
    while (__atomic_load_n(&worker->sequence, __ATOMIC_ACQUIRE) == (uint32_t)seen) {
        if (sleep_on(worker, (uint32_t)seen, &timeout)) {
            return 1;
        }
    }
    return 0;
}

void gnomon_wake(int64_t slot_address) {
    futex(&((struct gnomon_slot *)slot_address)->guest_word, FUTEX_WAKE, 1, NULL);
}

/* Adds 1 to a worker's word, or a host's tracer word, and wakes who sleeps on it; for any thread of the engine. */
EXPORTED void gnomon_notify(int64_t worker_address) {
    struct gnomon_worker_word *worker = (struct gnomon_worker_word *)worker_address;
    __atomic_fetch_add(&worker->sequence, 1, __ATOMIC_RELEASE);
    futex(&worker->sequence, FUTEX_WAKE, INT_MAX, NULL);
}

static int32_t or_errno(long result) {
    return result < 0 ? -errno : (int32_t)result;
}

/* memfd_create(2): a file without a name, gone with its last descriptor. Closed at execve. */
EXPORTED int32_t gnomon_memory_file(int64_t bytes) {
    int file = memfd_create("gnomon-arena", MFD_CLOEXEC);
    if (file >= 0 && ftruncate(file, bytes) < 0) {
        int error = errno;
        close(file);
        return -error;
    }
    return or_errno(file);
}

/* mmap(2), shared and without reservation; left out of core files. */
EXPORTED int64_t gnomon_map(int32_t file, int64_t bytes) {
    void *at = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
    if (at == MAP_FAILED) {
        return -errno;
    }
    madvise(at, (size_t)bytes, MADV_DONTDUMP);
    return (int64_t)at;
}

EXPORTED int32_t gnomon_unmap(int64_t address, int64_t bytes) {
    return or_errno(munmap((void *)address, (size_t)bytes));
}

EXPORTED int32_t gnomon_close(int32_t file) {
    return or_errno(close(file));
}

/* Gives the pages of a piece of the arena back to the system; what is read there next is zero. */
EXPORTED int32_t gnomon_discard(int64_t address, int64_t bytes) {
    return or_errno(madvise((void *)address, (size_t)bytes, MADV_REMOVE));
}

/* process_vm_readv(2) and process_vm_writev(2) with one piece on each side. */
EXPORTED int64_t gnomon_read_process(int32_t process, int64_t local, int64_t remote, int64_t bytes) {
    struct iovec here = {(void *)local, (size_t)bytes}, there = {(void *)remote, (size_t)bytes};
    ssize_t done = process_vm_readv(process, &here, 1, &there, 1, 0);
    return done < 0 ? -errno : done;
}

EXPORTED int64_t gnomon_write_process(int32_t process, int64_t local, int64_t remote, int64_t bytes) {
    struct iovec here = {(void *)local, (size_t)bytes}, there = {(void *)remote, (size_t)bytes};
    ssize_t done = process_vm_writev(process, &here, 1, &there, 1, 0);
    return done < 0 ? -errno : done;
}

/* Binds the calling thread to one processor. */
EXPORTED int32_t gnomon_pin_thread(int32_t cpu) {
    if (cpu < 0 || cpu >= CPU_SETSIZE) {
        return -EINVAL;
    }
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(cpu, &set);
    return or_errno(sched_setaffinity(0, sizeof set, &set));
}

/* Puts the calling thread under SCHED_FIFO with that priority, or for 0 back under the usual policy; sched_setscheduler(2). */
EXPORTED int32_t gnomon_set_priority(int32_t priority) {
    struct sched_param parameter = {.sched_priority = priority};
    return or_errno(sched_setscheduler(0, priority > 0 ? SCHED_FIFO : SCHED_OTHER, &parameter));
}

/* Lets the calling thread run on the processors in a mask of so many bytes. */
EXPORTED int32_t gnomon_set_affinity(int64_t mask, int32_t bytes) {
    return or_errno(sched_setaffinity(0, (size_t)bytes, (const cpu_set_t *)mask));
}

/* Fills `mask` with the processors that the calling thread may use; returns the bytes filled. */
EXPORTED int32_t gnomon_get_affinity(int64_t mask, int32_t bytes) {
    return or_errno(syscall(SYS_sched_getaffinity, 0, (long)bytes, mask));
}

/* Pause instructions, as those that wait spinning execute them; for finding out how long one takes. */
EXPORTED void gnomon_pause(int32_t count) {
    for (int32_t n = 0; n < count; n++) {
        __builtin_ia32_pause();
    }
}

/* How many threads of the machine run or could run: the fourth field of proc_loadavg(5). */
EXPORTED int32_t gnomon_runnable(void) {
    char text[128];
    int file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        return -errno;
    }
    ssize_t length = read(file, text, sizeof text - 1);
    close(file);
    text[length < 0 ? 0 : length] = 0;
    int32_t runnable;
    return sscanf(text, "%*s %*s %*s %d/", &runnable) == 1 ? runnable : -EINVAL;
}

/* How many processors of the machine are online. */
EXPORTED int32_t gnomon_processors(void) {
    return (int32_t)sysconf(_SC_NPROCESSORS_ONLN);
}

/* kill(2). */
EXPORTED int32_t gnomon_kill(int32_t process, int32_t signal) {
    return or_errno(syscall(SYS_kill, process, signal));
}

/* The layouts' version that this library was compiled with. */
EXPORTED int32_t gnomon_layout_version(void) {
    return (int32_t)GNOMON_ARENA_VERSION;
}
