/*
 * Everything at once at call sites that were never called before: threads, signals among them, a timer's signal every
 * 100 us, processes that fork, vfork and execute programs. Nothing may be lost or seen half-done.
 *
 *   storm [ROUNDS]
 */
#define _GNU_SOURCE
#include "check.h"
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define THREADS 4
#define SITES 32
#define SITE_BYTES 32
#define VISITS 12

/* Called with a descriptor that is none, and a number: dup by a mov before the call or further before, any by neither. */
typedef long site(long descriptor, long number);
extern const uint8_t moves[], early_moves[], numberless[];
__asm__(".text\n .p2align 5\n"
        "moves:\n .rept 32\n mov $32, %eax\n syscall\n ret\n .p2align 5\n .endr\n"
        "early_moves:\n .rept 32\n mov $32, %eax\n lea 1(%rdi), %rdx\n syscall\n ret\n .p2align 5\n .endr\n"
        "numberless:\n .rept 32\n mov %esi, %eax\n syscall\n ret\n .p2align 4\n nop\n .p2align 5\n .endr\n");

static volatile int alarms;
static int others;
static pthread_t threads[THREADS];
static pthread_barrier_t barrier;
static const char *own_path;

static void visit(const uint8_t *sites, long number) {
    for (int i = 0; i < SITES; i++) {
        CHECK(((site *)(uintptr_t)(sites + i * SITE_BYTES))(-1, number) == -EBADF);
    }
}

static void on_alarm(int number) {
    int error = errno;
    (void)number;
    alarms++;
    CHECK(((site *)(uintptr_t)(numberless + alarms % SITES * SITE_BYTES))(-1, SYS_close) == -EBADF);
    errno = error;
}

static void on_other(int number) {
    (void)number;
    __atomic_add_fetch(&others, 1, __ATOMIC_RELAXED);
    CHECK(((site *)(uintptr_t)moves)(-1, 0) == -EBADF);
}

static void pause_for(long nanos) {
    struct timespec left = {0, nanos};
    while (nanosleep(&left, &left) != 0) {
        CHECK(errno == EINTR);
    }
}

/* Interrupted and interrupting; each sends as many signals as visits. */
static void *stormer(void *argument) {
    int own = (int)(intptr_t)argument;
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    CHECK(pthread_sigmask(own % 2 == 0 ? SIG_UNBLOCK : SIG_BLOCK, &alarm, NULL) == 0);
    pthread_barrier_wait(&barrier);
    for (int i = 0; i < VISITS; i++) {
        visit(moves, 0);
        pause_for(50000);
        visit(numberless, SYS_dup);
        CHECK(pthread_kill(threads[(own + 1) % THREADS], SIGUSR1) == 0);
        visit(early_moves, 0);
    }
    pthread_barrier_wait(&barrier);
    return argument;
}

static void storm_of_threads(void) {
    CHECK(pthread_barrier_init(&barrier, NULL, THREADS + 1) == 0);
    for (intptr_t i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, stormer, (void *)i) == 0);
    }
    pthread_barrier_wait(&barrier);
    pthread_barrier_wait(&barrier);
    for (intptr_t i = 0; i < THREADS; i++) {
        void *result;
        CHECK(pthread_join(threads[i], &result) == 0 && result == (void *)i);
    }
}

static int status_of(pid_t pid) {
    int status;
    pid_t waited;
    do {
        waited = waitpid(pid, &status, 0);
    } while (waited < 0 && errno == EINTR);
    CHECK(waited == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* Timers are not inherited; what is patched is, and a program that is executed begins anew. */
static void storm_of_processes(void) {
    for (int i = 0; i < 4; i++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            visit(moves, 0);
            visit(early_moves, 0);
            visit(numberless, SYS_dup);
            _exit(3);
        }
        CHECK(status_of(pid) == 3);
        volatile int shared = 0;
        pid = vfork();
        CHECK(pid >= 0);
        if (pid == 0) {
            shared = 1;
            _exit(((site *)(uintptr_t)numberless)(-1, SYS_dup) == -EBADF ? 4 : 1);
        }
        CHECK(status_of(pid) == 4 && shared == 1);
        pid = vfork();
        CHECK(pid >= 0);
        if (pid == 0) {
            execl(own_path, "storm", "child", (char *)NULL);
            _exit(127);
        }
        CHECK(status_of(pid) == 5);
        char *arguments[] = {"storm", "child", NULL};
        CHECK(posix_spawn(&pid, own_path, NULL, NULL, arguments, environ) == 0);
        CHECK(status_of(pid) == 5);
    }
}

static sigjmp_buf place;

static void jump(int number) {
    siglongjmp(place, number);
}

/* Out of a call that blocks, again and again. */
static void storm_of_jumps(void) {
    struct sigaction action = {.sa_handler = jump}, before;
    sigset_t alarm;
    sigemptyset(&alarm);
    sigaddset(&alarm, SIGALRM);
    CHECK(sigprocmask(SIG_BLOCK, &alarm, NULL) == 0);
    CHECK(sigaction(SIGALRM, &action, &before) == 0);
    for (volatile int i = 0; i < 20; i++) {
        if (sigsetjmp(place, 1) == 0) {
            CHECK(sigprocmask(SIG_UNBLOCK, &alarm, NULL) == 0);
            for (;;) {
                pause();
            }
        }
    }
    CHECK(sigaction(SIGALRM, &before, NULL) == 0 && sigprocmask(SIG_UNBLOCK, &alarm, NULL) == 0);
}

static void every(long microseconds) {
    struct itimerval interval = {{0, microseconds}, {0, microseconds}};
    CHECK(setitimer(ITIMER_REAL, &interval, NULL) == 0);
}

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "child") == 0) {
        for (int i = 0; i < 6; i++) {
            visit(moves, 0);
        }
        return 5;
    }
    int rounds = argc > 1 ? atoi(argv[1]) : 3;
    CHECK(rounds > 0);
    own_path = argv[0];
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    action.sa_handler = on_other;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    for (int round = 0; round < rounds; round++) {
        int before = alarms;
        every(100);
        storm_of_threads();
        storm_of_processes();
        storm_of_jumps();
        every(0);
        CHECK(alarms > before);
    }
    CHECK(others > 0);
    printf("%d rounds\n", rounds);
    return 0;
}
