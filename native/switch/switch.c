/*
 * What the engine calls through JNA: one call hands a guest the processor and sleeps until something happened; the rest
 * are system calls with plain numbers for arguments. Everything that can fail returns a negative errno.
 *
 * Rules:
 *   1. Only integers cross: addresses are numbers, so that JNA passes them without looking.
 *   2. Nothing here allocates, keeps state or reads a clock.
 *   3. The slot is shared with the guest: it is written and compared here, never trusted for an index or a length.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <gnomon/slot.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

enum gnomon_switch_outcome {
    GNOMON_SWITCH_STOPPED = 0, /* the slot's state is CALL or GONE */
    GNOMON_SWITCH_NOTICE = 1,  /* the worker's word moved, but not because of this slot */
    GNOMON_SWITCH_TIMEOUT = 2,
};

static long futex(uint32_t *word, int operation, uint32_t value, const struct timespec *timeout) {
    return syscall(SYS_futex, word, operation, value, timeout, NULL, 0);
}

/*
 * Sleeps on the worker's word until the guest in the slot stopped or the word moved past `seen`, which the caller read
 * before it looked at whatever else may have happened.
 */
static int wait_for_stop(struct gnomon_slot *slot, struct gnomon_worker_word *worker, uint32_t seen, int64_t timeout_nanos) {
    struct timespec timeout = {.tv_sec = timeout_nanos / 1000000000, .tv_nsec = timeout_nanos % 1000000000};
    for (;;) {
        uint32_t state = __atomic_load_n(&slot->guest_state, __ATOMIC_ACQUIRE);
        if (state == GNOMON_STATE_CALL || state == GNOMON_STATE_GONE) {
            return GNOMON_SWITCH_STOPPED;
        }
        if (__atomic_load_n(&worker->sequence, __ATOMIC_ACQUIRE) != seen) {
            /* The guest may have stopped between the two looks. */
            state = __atomic_load_n(&slot->guest_state, __ATOMIC_ACQUIRE);
            return state == GNOMON_STATE_CALL || state == GNOMON_STATE_GONE ? GNOMON_SWITCH_STOPPED : GNOMON_SWITCH_NOTICE;
        }
        /* Signals of the JVM's own (EINTR) start the time anew: it bounds a watchdog, not a measurement. */
        if (futex(&worker->sequence, FUTEX_WAIT, seen, &timeout) < 0 && errno == ETIMEDOUT) {
            return GNOMON_SWITCH_TIMEOUT;
        }
    }
}

/* Lets the guest run and waits until it stops. `seen` is the worker's word as read before the caller looked for notices. */
EXPORTED int gnomon_switch(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos) {
    struct gnomon_slot *slot = (struct gnomon_slot *)slot_address;
    __atomic_store_n(&slot->guest_state, GNOMON_STATE_RUNNING, __ATOMIC_RELAXED);
    __atomic_fetch_add(&slot->guest_word, 1, __ATOMIC_RELEASE);
    futex(&slot->guest_word, FUTEX_WAKE, 1, NULL);
    return wait_for_stop(slot, (struct gnomon_worker_word *)worker_address, (uint32_t)seen, timeout_nanos);
}

/* Waits as gnomon_switch does, but wakes nobody. */
EXPORTED int gnomon_await(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos) {
    return wait_for_stop((struct gnomon_slot *)slot_address, (struct gnomon_worker_word *)worker_address, (uint32_t)seen,
                         timeout_nanos);
}

/* Sleeps until the worker's word differs from `seen`; 0, or 1 after the time given. */
EXPORTED int gnomon_await_word(int64_t worker_address, int32_t seen, int64_t timeout_nanos) {
    struct gnomon_worker_word *worker = (struct gnomon_worker_word *)worker_address;
    struct timespec timeout = {.tv_sec = timeout_nanos / 1000000000, .tv_nsec = timeout_nanos % 1000000000};
    while (__atomic_load_n(&worker->sequence, __ATOMIC_ACQUIRE) == (uint32_t)seen) {
        if (futex(&worker->sequence, FUTEX_WAIT, (uint32_t)seen, &timeout) < 0 && errno == ETIMEDOUT) {
            return 1;
        }
    }
    return 0;
}

/* Adds 1 to a worker's word and wakes the worker; for any thread of the engine. */
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

/* Lets the calling thread run on the processors in a mask of so many bytes. */
EXPORTED int32_t gnomon_set_affinity(int64_t mask, int32_t bytes) {
    return or_errno(sched_setaffinity(0, (size_t)bytes, (const cpu_set_t *)mask));
}

/* Fills `mask` with the processors that the calling thread may use; returns the bytes filled. */
EXPORTED int32_t gnomon_get_affinity(int64_t mask, int32_t bytes) {
    return or_errno(syscall(SYS_sched_getaffinity, 0, (long)bytes, mask));
}

/* kill(2). */
EXPORTED int32_t gnomon_kill(int32_t process, int32_t signal) {
    return or_errno(syscall(SYS_kill, process, signal));
}

/* The layouts' version that this library was compiled with. */
EXPORTED int32_t gnomon_layout_version(void) {
    return (int32_t)GNOMON_ARENA_VERSION;
}
