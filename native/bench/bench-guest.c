/*
 * The guest of `gnomon bench switch`. The engine takes the time from one marker, a call that it answers, to the next.
 *
 *   gnomon-bench-guest forwarded MARKERS         nothing in between: a round trip
 *   gnomon-bench-guest time MARKERS CALLS        CALLS times clock_gettime in between, answered in the guest
 *   gnomon-bench-guest native MARKERS CALLS      CALLS times umask in between, trapped and handed to the kernel
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc < 3) {
        return 2;
    }
    long markers = atol(argv[2]), calls = argc > 3 ? atol(argv[3]) : 0;
    int time = strcmp(argv[1], "time") == 0, native = strcmp(argv[1], "native") == 0;
    for (long n = 0; n < markers; n++) {
        sched_yield();
        for (long m = 0; m < calls; m++) {
            if (time) {
                struct timespec now;
                clock_gettime(CLOCK_MONOTONIC, &now);
            } else if (native) {
                syscall(SYS_umask, 022);
            }
        }
    }
    return 0;
}
