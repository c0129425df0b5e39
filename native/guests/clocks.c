/* time(7): clocks, sleeping, interval and POSIX timers. */
#define _GNU_SOURCE
#include "check.h"

#include <signal.h>
#include <stdint.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

static int64_t now(clockid_t clock) {
    struct timespec time;
    CHECK(clock_gettime(clock, &time) == 0);
    CHECK(time.tv_nsec >= 0 && time.tv_nsec < 1000000000);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static volatile int expired;

static void count(int signal) {
    (void)signal;
    expired++;
}

static void sleeping(void) {
    clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};
    for (int i = 0; i < 3; i++) {
        int64_t before = now(clocks[i]);
        struct timespec length = {.tv_nsec = 20000000};
        CHECK(clock_nanosleep(clocks[i], 0, &length, NULL) == 0);
        int64_t after = now(clocks[i]);
        CHECK(after - before >= 20000000 && after - before < 2000000000);
        int64_t target = after + 15000000;
        struct timespec until = {.tv_sec = target / 1000000000, .tv_nsec = target % 1000000000};
        CHECK(clock_nanosleep(clocks[i], TIMER_ABSTIME, &until, NULL) == 0);
        CHECK(now(clocks[i]) >= target);
    }
    CHECK(usleep(1000) == 0);
    struct timespec wrong = {.tv_nsec = 1000000000};
    CHECK_ERROR(nanosleep(&wrong, NULL), EINVAL);
    CHECK(clock_nanosleep(99, 0, &wrong, NULL) == EINVAL);
    CHECK_ERROR(clock_gettime(99, &wrong), EINVAL);
    CHECK_ERROR(nanosleep(nowhere(), NULL), EFAULT);
}

static void agreement(void) {
    struct timeval day;
    CHECK(gettimeofday(&day, NULL) == 0);
    int64_t real = now(CLOCK_REALTIME);
    int64_t difference = real - (day.tv_sec * INT64_C(1000000000) + day.tv_usec * INT64_C(1000));
    CHECK(difference >= 0 && difference < 1000000000);
    time_t seconds = time(NULL);
    CHECK(seconds - day.tv_sec <= 1 && seconds >= day.tv_sec);
    CHECK(now(CLOCK_PROCESS_CPUTIME_ID) >= 0);
    struct timespec resolution;
    CHECK(clock_getres(CLOCK_MONOTONIC, &resolution) == 0 && resolution.tv_nsec == 1);
    struct tms used;
    CHECK(times(&used) != (clock_t)-1);
}

static void interval_timer(void) {
    CHECK(signal(SIGALRM, count) != SIG_ERR);
    struct itimerval timer = {.it_interval = {.tv_usec = 10000}, .it_value = {.tv_usec = 10000}};
    struct itimerval old;
    expired = 0;
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    while (expired < 5) {
        pause();
    }
    memset(&timer, 0, sizeof timer);
    CHECK(setitimer(ITIMER_REAL, &timer, &old) == 0);
    CHECK(old.it_interval.tv_usec == 10000 && old.it_value.tv_usec <= 10000);
    CHECK(getitimer(ITIMER_REAL, &old) == 0 && old.it_value.tv_sec == 0 && old.it_value.tv_usec == 0);
    CHECK(alarm(100) == 0);
    CHECK(alarm(0) == 100);
}

static void posix_timer(void) {
    timer_t timer;
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    CHECK(signal(SIGUSR1, count) != SIG_ERR);
    CHECK(timer_create(CLOCK_MONOTONIC, &event, &timer) == 0);
    struct itimerspec setting = {.it_interval = {.tv_nsec = 5000000}, .it_value = {.tv_nsec = 5000000}};
    struct itimerspec left;
    expired = 0;
    CHECK(timer_settime(timer, 0, &setting, NULL) == 0);
    while (expired < 3) {
        pause();
    }
    CHECK(timer_gettime(timer, &left) == 0);
    CHECK(left.it_interval.tv_nsec == 5000000 && left.it_value.tv_nsec <= 5000000);
    CHECK(timer_delete(timer) == 0);
}

int main(void) {
    sleeping();
    agreement();
    interval_timer();
    posix_timer();
    return 0;
}
