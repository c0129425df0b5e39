/*
 * The guest of `gnomon bench switch`: makes one kind of call in a loop.
 *
 *   gnomon-bench-guest forwarded N    calls that the engine answers
 *   gnomon-bench-guest time N         clock_gettime, answered in the guest; prints real nanoseconds a call
 *   gnomon-bench-guest native N       trapped, then done by the kernel; prints real nanoseconds a call
 *
 * Real time comes from the time-stamp counter, which no shim changes; the engine says how fast it runs.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

int main(int argc, char **argv) {
    long rounds = argc == 3 ? atol(argv[2]) : 0;
    if (rounds < 1) {
        fputs("usage: gnomon-bench-guest forwarded|time|native N\n", stderr);
        return 2;
    }
    uint64_t start = __rdtsc();
    if (strcmp(argv[1], "forwarded") == 0) {
        for (long n = 0; n < rounds; n++) {
            syscall(SYS_sched_yield);
        }
    } else if (strcmp(argv[1], "time") == 0) {
        struct timespec time;
        for (long n = 0; n < rounds; n++) {
            clock_gettime(CLOCK_MONOTONIC, &time);
        }
    } else if (strcmp(argv[1], "native") == 0) {
        for (long n = 0; n < rounds; n++) {
            syscall(SYS_umask, 022);
        }
    } else {
        return 2;
    }
    uint64_t ticks = __rdtsc() - start;
    printf("%llu\n", (unsigned long long)ticks);
    return 0;
}
