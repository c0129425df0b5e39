/*
 * Two processes hand each other one processor by futexes in shared memory: the floor under any switch between
 * engine and guest. Prints one round trip a line, in nanoseconds.
 *
 *   gnomon-bench-futex-pair ROUNDS CPU       CPU -1: not pinned
 */
#define _GNU_SOURCE
#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct words {
    _Alignas(64) _Atomic unsigned guest;
    _Alignas(64) _Atomic unsigned worker;
};

static void futex(_Atomic unsigned *word, int operation, unsigned value) {
    syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

static void store_and_wake(_Atomic unsigned *word, unsigned value) {
    atomic_store(word, value);
    futex(word, FUTEX_WAKE, 1);
}

static void wait_for(_Atomic unsigned *word, unsigned value) {
    unsigned seen;
    while ((seen = atomic_load(word)) != value) {
        futex(word, FUTEX_WAIT, seen);
    }
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

int main(int argc, char **argv) {
    long rounds = argc == 3 ? atol(argv[1]) : 0;
    if (rounds < 1 || rounds > 100000000) {
        fputs("usage: gnomon-bench-futex-pair ROUNDS CPU\n", stderr);
        return 2;
    }
    int cpu = atoi(argv[2]);
    if (cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET((unsigned)cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) {
            perror("sched_setaffinity");
            return 1;
        }
    }
    struct words *words = mmap(NULL, sizeof *words, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned *nanos = calloc((size_t)rounds, sizeof *nanos);
    if (words == MAP_FAILED || nanos == NULL) {
        perror("memory");
        return 1;
    }
    pid_t guest = fork();
    if (guest < 0) {
        perror("fork");
        return 1;
    }
    if (guest == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (unsigned n = 1; n <= (unsigned)rounds; n++) {
            wait_for(&words->guest, n);
            store_and_wake(&words->worker, n);
        }
        _exit(0);
    }
    for (unsigned n = 1; n <= (unsigned)rounds; n++) {
        long start = now();
        store_and_wake(&words->guest, n);
        wait_for(&words->worker, n);
        nanos[n - 1] = (unsigned)(now() - start);
    }
    waitpid(guest, NULL, 0);
    for (long n = 0; n < rounds; n++) {
        printf("%u\n", nanos[n]);
    }
    return 0;
}
