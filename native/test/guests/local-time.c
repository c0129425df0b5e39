/* With --local-time: the clocks stand where the engine put them, and after 127 answers the next question crosses (there: real
 * time). */
#include "check.h"
#include <sched.h>
#include <sys/time.h>
#include <time.h>

#define NOW INT64_C(946684805)

int main(void) {
    struct timespec now;
    struct timeval coarse;
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec == NOW && now.tv_nsec == 123);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0 && now.tv_sec == NOW && now.tv_nsec == 123);
    CHECK(gettimeofday(&coarse, NULL) == 0 && coarse.tv_sec == NOW && coarse.tv_usec == 0);
    CHECK(time(NULL) == NOW);
    CHECK(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &now) == 0 && now.tv_sec == NOW);
    CHECK(syscall(SYS_time, NULL) == NOW);
    CHECK(sched_getcpu() == 0);
    int local = 7;
    while (time(NULL) == NOW) {
        local++;
    }
    CHECK(local == 127);
    for (local = 0; clock_gettime(CLOCK_REALTIME, &now) == 0 && now.tv_sec == NOW; local++) {
    }
    CHECK(local == 127);
    return 0;
}
