/*
 * A process hands others a processor and gets it back, by futexes or by looks at words in shared memory: the floor under any
 * switch between engine and guest. Prints one round trip a line, in nanoseconds.
 *
 *   gnomon-bench-futex-pair ROUNDS GUESTS PROCESSOR GUESTS-PROCESSOR sleep|spin PRIORITY
 *
 * PROCESSOR -1: not pinned. The guests take turns. With spin both sides look until the other is done. PRIORITY 0, or that of
 * SCHED_FIFO which the guests get, the other side one more.
 */
#define _GNU_SOURCE
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

#define GUEST_LIMIT 1000
#define IGNORED_TURNS 20

struct guest {
    _Alignas(64) _Atomic unsigned word;
};

static _Alignas(64) _Atomic unsigned *worker;
static int spinning;

static void futex(_Atomic unsigned *word, int operation, unsigned value) {
    syscall(SYS_futex, word, operation, value, NULL, NULL, 0);
}

static void store_and_wake(_Atomic unsigned *word, unsigned value) {
    atomic_store(word, value);
    if (!spinning) {
        futex(word, FUTEX_WAKE, 1);
    }
}

static void wait_for(_Atomic unsigned *word, unsigned value) {
    unsigned seen;
    while ((seen = atomic_load(word)) != value) {
        if (spinning) {
            __builtin_ia32_pause();
        } else {
            futex(word, FUTEX_WAIT, seen);
        }
    }
}

static long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000L + time.tv_nsec;
}

static void place(int processor, int priority) {
    if (processor >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET((unsigned)processor, &set);
        if (sched_setaffinity(0, sizeof set, &set) != 0) {
            perror("sched_setaffinity");
            _exit(1);
        }
    }
    struct sched_param parameter = {.sched_priority = priority};
    if (priority > 0 && sched_setscheduler(0, SCHED_FIFO, &parameter) != 0) {
        perror("sched_setscheduler");
        _exit(1);
    }
}

static void turn(struct guest *guest, unsigned number) {
    store_and_wake(&guest->word, number);
    wait_for(worker, number);
}

int main(int argc, char **argv) {
    long rounds = argc == 7 ? atol(argv[1]) : 0, guests = argc == 7 ? atol(argv[2]) : 0;
    if (rounds < 1 || rounds > 100000000 || guests < 1 || guests > GUEST_LIMIT) {
        fputs("usage: gnomon-bench-futex-pair ROUNDS GUESTS PROCESSOR GUESTS-PROCESSOR sleep|spin PRIORITY\n", stderr);
        return 2;
    }
    int processor = atoi(argv[3]), guests_processor = atoi(argv[4]), priority = atoi(argv[6]);
    spinning = strcmp(argv[5], "spin") == 0;
    struct guest *guest = mmap(NULL, (size_t)guests * sizeof *guest + 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    unsigned *nanos = calloc((size_t)rounds, sizeof *nanos);
    if (guest == MAP_FAILED || nanos == NULL) {
        perror("memory");
        return 1;
    }
    worker = (_Atomic unsigned *)(guest + guests);
    unsigned ignored = IGNORED_TURNS * (unsigned)guests, all = ignored + (unsigned)rounds;
    for (long index = 0; index < guests; index++) {
        pid_t pid = fork();
        if (pid < 0) {
            perror("fork");
            return 1;
        }
        if (pid == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            place(guests_processor, priority);
            for (unsigned n = (unsigned)index + 1; n <= all; n += (unsigned)guests) {
                wait_for(&guest[index].word, n);
                store_and_wake(worker, n);
            }
            _exit(0);
        }
    }
    place(processor, priority > 0 ? priority + 1 : 0);
    for (unsigned n = 1; n <= all; n++) {
        long start = now();
        turn(&guest[(n - 1) % (unsigned)guests], n);
        if (n > ignored) {
            nanos[n - ignored - 1] = (unsigned)(now() - start);
        }
    }
    while (wait(NULL) > 0) {
    }
    for (long n = 0; n < rounds; n++) {
        printf("%u\n", nanos[n]);
    }
    return 0;
}
