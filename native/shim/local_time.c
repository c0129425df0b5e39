#include "local_time.h"
#include "budget.h"
#include "copy.h"

#define NANOS_PER_SECOND UINT64_C(1000000000)

/* Clocks of include/uapi/linux/time.h. */
#define CLOCK_REALTIME 0
#define CLOCK_MONOTONIC 1
#define CLOCK_MONOTONIC_RAW 4
#define CLOCK_REALTIME_COARSE 5
#define CLOCK_MONOTONIC_COARSE 6
#define CLOCK_BOOTTIME 7

/* Reads the clock; false for those that only the engine knows. */
static bool read_clock(int32_t clock, uint64_t *nanos) {
    uint64_t now = (uint64_t)gnomon_process.host->clock_nanos;
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
        *nanos = now;
        return true;
    case CLOCK_MONOTONIC:
    case CLOCK_MONOTONIC_RAW:
    case CLOCK_MONOTONIC_COARSE:
    case CLOCK_BOOTTIME:
        *nanos = now - (uint64_t)gnomon_process.host->monotonic_origin_nanos;
        return true;
    default:
        return false;
    }
}

/* Whether a time call may be answered here now; counts it. */
static bool may_answer(struct gnomon_thread *thread) {
    if (!gnomon_answers_locally() || !gnomon_budget_allows(thread, gnomon_process.host->time_call_nanos)) {
        return false;
    }
    gnomon_budget_count_time(thread);
    return true;
}

/* Both struct timespec and struct timeval. */
static long store_pair(uint64_t address, uint64_t seconds, uint64_t fraction) {
    const uint64_t pair[2] = {seconds, fraction};
    return gnomon_copy_out(address, pair, sizeof(pair)) ? 0 : -GNOMON_EFAULT;
}

static bool clock_gettime(struct gnomon_thread *thread, int32_t clock, uint64_t timespec, long *result) {
    uint64_t nanos;
    if (!read_clock(clock, &nanos) || !may_answer(thread)) {
        return false;
    }
    *result = store_pair(timespec, nanos / NANOS_PER_SECOND, nanos % NANOS_PER_SECOND);
    return true;
}

static bool gettimeofday(struct gnomon_thread *thread, uint64_t timeval, uint64_t zone, long *result) {
    if (!may_answer(thread)) {
        return false;
    }
    uint64_t now = (uint64_t)gnomon_process.host->clock_nanos;
    uint64_t greenwich = 0; /* tz_minuteswest, tz_dsttime */
    *result = timeval == 0 ? 0 : store_pair(timeval, now / NANOS_PER_SECOND, now % NANOS_PER_SECOND / 1000);
    if (zone != 0 && *result == 0 && !gnomon_copy_out(zone, &greenwich, 8)) {
        *result = -GNOMON_EFAULT;
    }
    return true;
}

static bool time(struct gnomon_thread *thread, uint64_t address, long *result) {
    if (!may_answer(thread)) {
        return false;
    }
    uint64_t seconds = (uint64_t)gnomon_process.host->clock_nanos / NANOS_PER_SECOND;
    *result = address != 0 && !gnomon_copy_out(address, &seconds, 8) ? -GNOMON_EFAULT : (long)seconds;
    return true;
}

/* A simulated host has one CPU. */
static bool getcpu(struct gnomon_thread *thread, uint64_t cpu, uint64_t node, long *result) {
    if (!may_answer(thread)) {
        return false;
    }
    uint32_t first = 0;
    bool stored = (cpu == 0 || gnomon_copy_out(cpu, &first, 4)) && (node == 0 || gnomon_copy_out(node, &first, 4));
    *result = stored ? 0 : -GNOMON_EFAULT;
    return true;
}

bool gnomon_answer_time(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    switch (call->number) {
    case __NR_clock_gettime:
        return clock_gettime(thread, (int32_t)a[0], a[1], result);
    case __NR_gettimeofday:
        return gettimeofday(thread, a[0], a[1], result);
    case __NR_time:
        return time(thread, a[0], result);
    case __NR_getcpu:
        return getcpu(thread, a[0], a[1], result);
    default:
        return false;
    }
}

bool gnomon_read_counter(struct gnomon_thread *thread, uint64_t *nanos) {
    if (!gnomon_budget_allows(thread, gnomon_process.host->time_call_nanos)) {
        return false;
    }
    gnomon_budget_count_time(thread);
    return read_clock(CLOCK_MONOTONIC, nanos);
}

uint64_t gnomon_counter_now(void) {
    return (uint64_t)(gnomon_process.host->clock_nanos - gnomon_process.host->monotonic_origin_nanos);
}

/* A call as guest code makes it: it is caught and crosses like any other (entry.S). */
static long outside_call(long number, long a, long b, long c) {
    long result;
    __asm__ volatile("call gnomon_outside_call"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c)
                     : "rcx", "r11", "memory");
    return result;
}

long gnomon_vdso_clock_gettime(long clock, uint64_t timespec) {
    long result;
    if (clock_gettime(gnomon_thread_current(), (int32_t)clock, timespec, &result)) {
        return result;
    }
    return outside_call(__NR_clock_gettime, clock, (long)timespec, 0);
}

long gnomon_vdso_gettimeofday(uint64_t timeval, uint64_t zone) {
    long result;
    if (gettimeofday(gnomon_thread_current(), timeval, zone, &result)) {
        return result;
    }
    return outside_call(__NR_gettimeofday, (long)timeval, (long)zone, 0);
}

long gnomon_vdso_time(uint64_t seconds) {
    long result;
    if (time(gnomon_thread_current(), seconds, &result)) {
        return result;
    }
    return outside_call(__NR_time, (long)seconds, 0, 0);
}

long gnomon_vdso_clock_getres(long clock, uint64_t timespec) {
    return outside_call(__NR_clock_getres, clock, (long)timespec, 0);
}

long gnomon_vdso_getcpu(uint64_t cpu, uint64_t node, uint64_t unused) {
    long result;
    if (getcpu(gnomon_thread_current(), cpu, node, &result)) {
        return result;
    }
    return outside_call(__NR_getcpu, (long)cpu, (long)node, (long)unused);
}

long gnomon_vdso_getrandom(void) {
    return -GNOMON_ENOSYS;
}
