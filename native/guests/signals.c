/* signal(7): handlers, masks, alternate stacks, restarting, waiting, queueing, and handlers that do not return. */
#define _GNU_SOURCE
#include "check.h"

#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int handled;
static volatile int last_code;
static volatile int last_value;
static volatile uintptr_t handler_stack;
static sigjmp_buf jump;

static void count(int signal) {
    (void)signal;
    handled++;
}

static void with_information(int signal, siginfo_t *info, void *context) {
    (void)signal;
    (void)context;
    handled++;
    last_code = info->si_code;
    last_value = info->si_value.sival_int;
    char here;
    handler_stack = (uintptr_t)&here;
}

static void install(int signal, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = handler;
    action.sa_flags = SA_SIGINFO | flags;
    CHECK(sigaction(signal, &action, NULL) == 0);
}

static void simple(void) {
    CHECK(signal(SIGUSR1, count) != SIG_ERR);
    handled = 0;
    CHECK(raise(SIGUSR1) == 0);
    CHECK(handled == 1);
    CHECK(kill(getpid(), SIGUSR1) == 0);
    CHECK(handled == 2);
    struct sigaction old;
    CHECK(sigaction(SIGUSR1, NULL, &old) == 0);
    CHECK(old.sa_handler == count);
    CHECK_ERROR(sigaction(SIGKILL, &old, NULL), EINVAL);
    CHECK_ERROR(kill(getpid(), 65), EINVAL);
}

static void masks(void) {
    sigset_t set;
    sigset_t pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    handled = 0;
    CHECK(raise(SIGUSR1) == 0);
    CHECK(raise(SIGUSR1) == 0);
    CHECK(handled == 0);
    CHECK(sigpending(&pending) == 0 && sigismember(&pending, SIGUSR1) == 1);
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    CHECK(handled == 1);
}

static void queued(void) {
    int signal = SIGRTMIN + 2;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, signal);
    install(signal, with_information, 0);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    handled = 0;
    for (int i = 0; i < 3; i++) {
        CHECK(sigqueue(getpid(), signal, (union sigval){.sival_int = 5 + i}) == 0);
    }
    struct timespec none = {0, 0};
    siginfo_t info;
    CHECK(sigtimedwait(&set, &info, &none) == signal);
    CHECK(info.si_code == SI_QUEUE && info.si_value.sival_int == 5 && info.si_pid == getpid());
    CHECK(sigprocmask(SIG_UNBLOCK, &set, NULL) == 0);
    CHECK(handled == 2 && last_code == SI_QUEUE && last_value == 7);
    CHECK_ERROR(sigtimedwait(&set, &info, &none), EAGAIN);
}

static void alternate_stack(void) {
    static char stack[65536];
    stack_t now = {.ss_sp = stack, .ss_size = sizeof stack};
    stack_t before;
    CHECK(sigaltstack(&now, &before) == 0);
    CHECK(before.ss_flags == SS_DISABLE);
    install(SIGUSR2, with_information, SA_ONSTACK);
    handled = 0;
    CHECK(raise(SIGUSR2) == 0);
    CHECK(handled == 1);
    CHECK(handler_stack >= (uintptr_t)stack && handler_stack < (uintptr_t)stack + sizeof stack);
    install(SIGUSR2, with_information, 0);
    CHECK(raise(SIGUSR2) == 0);
    CHECK(handler_stack < (uintptr_t)stack || handler_stack >= (uintptr_t)stack + sizeof stack);
    now.ss_flags = SS_DISABLE;
    CHECK(sigaltstack(&now, NULL) == 0);
}

static void interrupted_sleep(void) {
    struct itimerval timer = {.it_value = {.tv_usec = 50000}};
    CHECK(signal(SIGALRM, count) != SIG_ERR);
    handled = 0;
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    struct timespec request = {.tv_sec = 10};
    struct timespec left = {0, 0};
    CHECK_ERROR(nanosleep(&request, &left), EINTR);
    CHECK(handled == 1);
    CHECK(left.tv_sec == 9 && left.tv_nsec > 800000000);
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    CHECK_ERROR(pause(), EINTR);
    CHECK(handled == 2);
}

static void suspend(void) {
    sigset_t block;
    sigset_t old;
    sigemptyset(&block);
    sigaddset(&block, SIGALRM);
    CHECK(sigprocmask(SIG_BLOCK, &block, &old) == 0);
    struct itimerval timer = {.it_value = {.tv_usec = 20000}};
    handled = 0;
    CHECK(setitimer(ITIMER_REAL, &timer, NULL) == 0);
    CHECK_ERROR(sigsuspend(&old), EINTR);
    CHECK(handled == 1);
    sigset_t now;
    CHECK(sigprocmask(SIG_SETMASK, &old, &now) == 0);
    CHECK(sigismember(&now, SIGALRM) == 1);
}

static void jump_out(int signal) {
    siglongjmp(jump, signal);
}

static void faults(void) {
    CHECK(signal(SIGSEGV, jump_out) != SIG_ERR);
    for (int i = 0; i < 3; i++) {
        int signal = sigsetjmp(jump, 1);
        if (signal == 0) {
            *(volatile int *)nowhere() = 1;
            CHECK(!"reached");
        }
        CHECK(signal == SIGSEGV);
    }
    CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
    CHECK(signal(SIGFPE, jump_out) != SIG_ERR);
    int signal = sigsetjmp(jump, 1);
    if (signal == 0) {
        volatile int zero = 0;
        volatile int result = 100 / zero;
        (void)result;
        CHECK(!"reached");
    }
    CHECK(signal == SIGFPE);
}

static void once(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = count;
    action.sa_flags = SA_RESETHAND | SA_NODEFER;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    handled = 0;
    CHECK(raise(SIGUSR1) == 0);
    CHECK(handled == 1);
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0);
    CHECK(action.sa_handler == SIG_DFL);
}

static volatile int depth;
static volatile int deepest;

static void nested(int signal) {
    if (++depth > deepest) {
        deepest = depth;
    }
    if (signal == SIGUSR1) {
        raise(SIGUSR2);
    }
    depth--;
}

static void nesting(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = nested;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR2, &action, NULL) == 0);
    CHECK(raise(SIGUSR1) == 0);
    CHECK(deepest == 2 && depth == 0);
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    deepest = 0;
    CHECK(raise(SIGUSR1) == 0);
    CHECK(deepest == 1 && depth == 0);
}

/* Registers that a handler must not change, vector registers included. */
static void registers(void) {
    CHECK(signal(SIGUSR1, count) != SIG_ERR);
    double before[4] = {1.5, 2.5, 3.5, 4.5};
    double after[4];
    long result;
    pid_t pid = getpid();
    __asm__ volatile("movups (%2), %%xmm6\n\t"
                     "movups 16(%2), %%xmm7\n\t"
                     "syscall\n\t"
                     "movups %%xmm6, (%3)\n\t"
                     "movups %%xmm7, 16(%3)"
                     : "=a"(result)
                     : "0"((long)SYS_kill), "r"(before), "r"(after), "D"((long)pid), "S"((long)SIGUSR1)
                     : "rcx", "r11", "memory", "xmm6", "xmm7");
    CHECK(result == 0);
    CHECK(memcmp(before, after, sizeof before) == 0);
}

int main(void) {
    simple();
    masks();
    queued();
    alternate_stack();
    interrupted_sleep();
    suspend();
    faults();
    once();
    nesting();
    registers();
    return 0;
}
