/* Handlers are called as the kernel calls them, and can be left in every way. */
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <ucontext.h>

static volatile int count;
static sigjmp_buf place;
static uint8_t stack[65536] __attribute__((aligned(16)));

static void with_information(int number, siginfo_t *information, void *context) {
    ucontext_t *user = context;
    CHECK(number == SIGUSR1 && information->si_signo == SIGUSR1 && information->si_pid == getpid());
    CHECK(((uintptr_t)__builtin_frame_address(0) & 15) == 0);
    CHECK(user->uc_mcontext.gregs[REG_RSP] > (long)&user);
    /* The call that was interrupted returned 0. */
    CHECK(user->uc_mcontext.gregs[REG_RAX] == 0);
    CHECK((uint8_t)((uint8_t *)user->uc_mcontext.gregs[REG_RIP])[-1] == 0x05);
    sigset_t mask;
    CHECK(sigprocmask(SIG_SETMASK, NULL, &mask) == 0);
    CHECK(sigismember(&mask, SIGUSR1) && sigismember(&mask, SIGUSR2) && !sigismember(&mask, SIGHUP));
    CHECK(!sigismember(&user->uc_sigmask, SIGUSR1));
    count++;
}

static void nested(int number) {
    count = count * 10 + number % 10;
    if (number == SIGUSR1) {
        CHECK(raise(SIGUSR2) == 0);
        count = count * 10 + 9;
    }
}

static void jumping(int number) {
    count++;
    siglongjmp(place, number);
}

static void on_stack(int number) {
    (void)number;
    uint8_t *here = __builtin_frame_address(0);
    CHECK(here > stack && here < stack + sizeof(stack));
    count++;
    if (count == 1) {
        /* A further signal stays on the stack that is already used, below. */
        CHECK(raise(SIGUSR2) == 0);
        CHECK(count == 2);
    }
}

static void off_stack(int number) {
    (void)number;
    uint8_t *here = __builtin_frame_address(0);
    CHECK(here < stack || here >= stack + sizeof(stack));
    count++;
}

static void change_context(int number, siginfo_t *information, void *context) {
    (void)number;
    (void)information;
    ucontext_t *user = context;
    user->uc_mcontext.gregs[REG_RAX] = 4711;
    count++;
}

static void install(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    CHECK(sigaction(number, &action, NULL) == 0);
}

static void check_information(void) {
    struct sigaction action = {.sa_sigaction = with_information, .sa_flags = SA_SIGINFO};
    sigaddset(&action.sa_mask, SIGUSR2);
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1) == 0);
    CHECK(count == 1);
    sigset_t mask;
    CHECK(sigprocmask(SIG_SETMASK, NULL, &mask) == 0);
    CHECK(!sigismember(&mask, SIGUSR1) && !sigismember(&mask, SIGUSR2));
}

static void check_nesting(void) {
    install(SIGUSR1, nested, 0);
    install(SIGUSR2, nested, 0);
    count = 0;
    raise(SIGUSR1);
    CHECK(count == 29 + 0 || count == 29); /* 10 % 10 = 0, 12 % 10 = 2, 9 */
    /* Both pending: the second interrupts what the first's return restores. */
    sigset_t both;
    sigset_t none;
    sigemptyset(&none);
    sigemptyset(&both);
    sigaddset(&both, SIGUSR1);
    sigaddset(&both, SIGUSR2);
    struct sigaction action = {.sa_handler = nested, .sa_mask = both};
    CHECK(sigaction(SIGHUP, &action, NULL) == 0);
    install(SIGUSR1, off_stack, 0);
    install(SIGUSR2, off_stack, 0);
    CHECK(sigprocmask(SIG_BLOCK, &both, NULL) == 0);
    raise(SIGUSR1);
    raise(SIGUSR2);
    count = 0;
    CHECK(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
    CHECK(count >= 1);
    getppid();
    CHECK(count == 2);
}

static void check_pending_at_return(void) {
    /* While the handler of SIGHUP runs, SIGUSR1 and SIGUSR2 are blocked and sent: each comes at a sigreturn. */
    count = 0;
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    struct sigaction action = {.sa_handler = off_stack, .sa_mask = all};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(sigaction(SIGUSR2, &action, NULL) == 0);
    CHECK(sigaction(SIGHUP, &action, NULL) == 0);
    CHECK(sigprocmask(SIG_BLOCK, &all, &before) == 0);
    raise(SIGHUP);
    raise(SIGUSR1);
    raise(SIGUSR2);
    CHECK(count == 0);
    volatile double kept = 1.25;
    CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
    CHECK(count == 3);
    CHECK(kept == 1.25);
}

static void check_jumps(void) {
    install(SIGUSR1, jumping, 0);
    for (volatile int i = 0; i < 1000; i++) {
        count = 0;
        if (sigsetjmp(place, 1) == 0) {
            raise(SIGUSR1);
            CHECK(0);
        }
        CHECK(count == 1);
    }
    install(SIGUSR1, jumping, SA_ONSTACK);
    for (volatile int i = 0; i < 1000; i++) {
        if (sigsetjmp(place, 1) == 0) {
            raise(SIGUSR1);
            CHECK(0);
        }
    }
}

static void check_stacks(void) {
    install(SIGUSR1, on_stack, SA_ONSTACK);
    install(SIGUSR2, on_stack, SA_ONSTACK);
    install(SIGHUP, off_stack, 0);
    count = 0;
    raise(SIGUSR1);
    CHECK(count == 2);
    raise(SIGHUP);
    CHECK(count == 3);
}

/* Nearly everything is blocked, SIGSYS too, when the handler returns: calls must go on. */
static void check_blocked_return(void) {
    sigset_t most;
    sigset_t before;
    sigfillset(&most);
    sigdelset(&most, SIGUSR1);
    install(SIGUSR1, off_stack, 0);
    CHECK(sigprocmask(SIG_SETMASK, &most, &before) == 0);
    count = 0;
    raise(SIGUSR1);
    CHECK(count == 1);
    for (int i = 0; i < 10; i++) {
        CHECK(getppid() == 1);
    }
    CHECK(sigprocmask(SIG_SETMASK, &before, NULL) == 0);
}

/* The 128 bytes below the stack pointer belong to the interrupted code. */
static void check_red_zone(void) {
    install(SIGUSR1, off_stack, 0);
    uint64_t near = 0;
    uint64_t far = 0;
    long result;
    __asm__ volatile("sub $512, %%rsp\n movq $0x5555, -8(%%rsp)\n movq $0x6666, -128(%%rsp)\n syscall\n"
                     "mov -8(%%rsp), %[near]\n mov -128(%%rsp), %[far]\n add $512, %%rsp\n"
                     : "=a"(result), [near] "=&r"(near), [far] "=&r"(far)
                     : "0"(SYS_tgkill), "D"(getpid()), "S"(syscall(SYS_gettid)), "d"(SIGUSR1)
                     : "rcx", "r11", "memory");
    CHECK(result == 0 && near == 0x5555 && far == 0x6666);
}

int main(void) {
    check_information();
    check_blocked_return();
    check_red_zone();
    check_nesting();
    check_pending_at_return();
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    CHECK(sigaltstack(&alternate, NULL) == 0);
    check_jumps();
    check_stacks();
    struct sigaction action = {.sa_sigaction = change_context, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1) == 4711);
    return 0;
}
