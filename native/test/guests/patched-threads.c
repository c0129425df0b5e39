/* Four threads come at once to hundreds of sites that were never called before, of every kind, while signals interrupt them. */
#include "check.h"
#include "traps.h"
#include <pthread.h>
#include <signal.h>

#define SITES 64
#define SITE_BYTES 32
#define THREADS 4
#define ROUNDS 12

/* Each is called with -1 and the number of dup; the mov before the call, further before, or none. */
extern const uint8_t moves[], early_moves[], gaps[];
__asm__(".text\n .p2align 5\n"
        "moves:\n .rept 64\n mov $32, %eax\n syscall\n ret\n .p2align 5\n .endr\n"
        "early_moves:\n .rept 64\n mov $32, %eax\n lea 1(%rdi), %rdx\n syscall\n ret\n .p2align 5\n .endr\n"
        "gaps:\n .rept 64\n mov %esi, %eax\n syscall\n ret\n .p2align 4\n nop\n .p2align 5\n .endr\n");

static volatile int handled;
static volatile bool over;
static pthread_barrier_t barrier, end;

static void handler(int number) {
    (void)number;
    handled++;
}

static void call_all(const uint8_t *sites) {
    for (int i = 0; i < SITES; i++) {
        long (*site)(long, long) = (long (*)(long, long))(sites + i * SITE_BYTES);
        CHECK(site(-1, SYS_dup) == -EBADF);
    }
}

static void *caller(void *argument) {
    while (handled == 0) {
        getppid(); /* until they are interrupted */
    }
    for (int round = 0; round < ROUNDS; round++) {
        pthread_barrier_wait(&barrier);
        call_all(moves);
        call_all(early_moves);
        call_all(gaps);
    }
    pthread_barrier_wait(&barrier);
    over = true;
    pthread_barrier_wait(&end); /* nobody is signalled who is no longer there */
    return argument;
}

static void *disturber(void *argument) {
    const pthread_t *threads = argument;
    while (!over) {
        for (int i = 0; i < THREADS; i++) {
            pthread_kill(threads[i], SIGUSR1);
        }
    }
    pthread_barrier_wait(&end);
    return NULL;
}

static int count_patched(const uint8_t *sites, long distance) {
    int count = 0;
    for (int i = 0; i < SITES; i++) {
        count += patched(sites + i * SITE_BYTES, distance);
    }
    return count;
}

int main(void) {
    pthread_t threads[THREADS], other;
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS) == 0 && pthread_barrier_init(&end, NULL, THREADS + 1) == 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, caller, NULL) == 0);
    }
    CHECK(pthread_create(&other, NULL, disturber, threads) == 0);
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(pthread_join(other, NULL) == 0);
    /* A site is left out where another thread patches just then, until it traps the eighth time. */
    CHECK(count_patched(moves, 0) > SITES / 2 && count_patched(early_moves, 0) > SITES / 2 && count_patched(gaps, 2) > SITES / 2);
    CHECK(handled > 0);
    return 0;
}
