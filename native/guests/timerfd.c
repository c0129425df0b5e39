/* timerfd_create(2): once, repeatedly, absolute times, what is left, readiness. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

static const int64_t MILLI = 1000000;

static int64_t now(clockid_t clock) {
    struct timespec time;
    CHECK(clock_gettime(clock, &time) == 0);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static struct timespec timespec_of(int64_t nanos) {
    return (struct timespec){.tv_sec = nanos / 1000000000, .tv_nsec = nanos % 1000000000};
}

static int64_t nanos_of(struct timespec time) { return time.tv_sec * INT64_C(1000000000) + time.tv_nsec; }

static void once(clockid_t clock) {
    int file = timerfd_create(clock, 0);
    CHECK(file >= 0);
    int64_t before = now(CLOCK_MONOTONIC);
    struct itimerspec wanted = {.it_value = timespec_of(20 * MILLI)};
    struct itimerspec old;
    CHECK(timerfd_settime(file, 0, &wanted, &old) == 0);
    CHECK(nanos_of(old.it_value) == 0 && nanos_of(old.it_interval) == 0);
    CHECK(timerfd_gettime(file, &old) == 0);
    CHECK(nanos_of(old.it_value) > 0 && nanos_of(old.it_value) <= 20 * MILLI);
    uint64_t expiries = 0;
    CHECK(read(file, &expiries, 8) == 8 && expiries == 1);
    int64_t passed = now(CLOCK_MONOTONIC) - before;
    CHECK(passed >= 20 * MILLI && passed < 2000 * MILLI);
    CHECK(timerfd_gettime(file, &old) == 0 && nanos_of(old.it_value) == 0);
    int64_t target = now(clock) + 15 * MILLI;
    wanted.it_value = timespec_of(target);
    CHECK(timerfd_settime(file, TFD_TIMER_ABSTIME, &wanted, NULL) == 0);
    CHECK(read(file, &expiries, 8) == 8 && expiries == 1);
    CHECK(now(clock) >= target);
    CHECK(close(file) == 0);
}

static void repeatedly(void) {
    int file = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK(file >= 0 && fcntl(file, F_GETFD) == FD_CLOEXEC);
    struct itimerspec wanted = {.it_value = timespec_of(10 * MILLI), .it_interval = timespec_of(20 * MILLI)};
    CHECK(timerfd_settime(file, 0, &wanted, NULL) == 0);
    uint64_t expiries;
    CHECK_ERROR(read(file, &expiries, 8), EAGAIN);
    struct pollfd entry = {.fd = file, .events = POLLIN};
    CHECK(poll(&entry, 1, -1) == 1 && entry.revents == POLLIN);
    struct timespec time = timespec_of(50 * MILLI);
    CHECK(nanosleep(&time, NULL) == 0);
    CHECK(read(file, &expiries, 8) == 8 && expiries >= 3);
    CHECK_ERROR(read(file, &expiries, 8), EAGAIN);
    CHECK(poll(&entry, 1, -1) == 1);
    struct itimerspec left;
    CHECK(timerfd_gettime(file, &left) == 0);
    CHECK(nanos_of(left.it_interval) == 20 * MILLI);
    CHECK(nanos_of(left.it_value) > 0 && nanos_of(left.it_value) <= 20 * MILLI);
    struct itimerspec off = {0};
    CHECK(timerfd_settime(file, 0, &off, NULL) == 0);
    CHECK(nanosleep(&time, NULL) == 0);
    CHECK_ERROR(read(file, &expiries, 8), EAGAIN);
    CHECK(poll(&entry, 1, 0) == 0);
    CHECK(close(file) == 0);
}

static void errors(void) {
    CHECK_ERROR(timerfd_create(99, 0), EINVAL);
    CHECK_ERROR(timerfd_create(CLOCK_MONOTONIC, 1), EINVAL);
    int file = timerfd_create(CLOCK_MONOTONIC, 0);
    struct itimerspec wanted = {.it_value = {.tv_nsec = 1000000000}};
    CHECK_ERROR(timerfd_settime(file, 0, &wanted, NULL), EINVAL);
    CHECK_ERROR(timerfd_settime(file, 0, nowhere(), NULL), EFAULT);
    wanted.it_value = timespec_of(MILLI);
    CHECK_ERROR(timerfd_settime(file, 8, &wanted, NULL), EINVAL);
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK_ERROR(timerfd_settime(ends[0], 0, &wanted, NULL), EINVAL);
    char small[4];
    CHECK_ERROR(read(file, small, 4), EINVAL);
    /* A time that has passed expires at once. */
    CHECK(timerfd_settime(file, TFD_TIMER_ABSTIME, &wanted, NULL) == 0);
    uint64_t expiries;
    CHECK(read(file, &expiries, 8) == 8 && expiries == 1);
    CHECK(close(file) == 0);
}

int main(void) {
    once(CLOCK_MONOTONIC);
    once(CLOCK_REALTIME);
    once(CLOCK_BOOTTIME);
    repeatedly();
    errors();
    return 0;
}
