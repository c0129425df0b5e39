/* Handlers, restarts, jumps and births at patched sites: all see what they see natively. */
#include "check.h"
#include "traps.h"
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <ucontext.h>

#define ROUNDS 200
#define FEW 8

/* Three ways to make a call with number and up to four arguments, from sites of the three kinds. */
typedef long call(long number, long a, long b, long c, long d);
#define SHUFFLE " mov %rdi, %rax\n mov %rsi, %rdi\n mov %rdx, %rsi\n mov %rcx, %rdx\n mov %r8, %r10\n"
#define SITE(name, move)                                                                                           \
    extern call name;                                                                                              \
    extern const uint8_t name##_return[];                                                                          \
    __asm__(".text\n .p2align 4\n" #name ":\n" SHUFFLE move " syscall\n" #name "_return: ret\n .p2align 4\n")

SITE(by_gap, "");
SITE(kill_by_move, " mov $62, %eax\n");
SITE(kill_by_early_move, " mov $62, %eax\n lea (%rdx), %r8\n");
SITE(wait_by_move, " mov $61, %eax\n");
SITE(fork_by_move, " mov $57, %eax\n");

extern void born_on_stack(void);
__asm__(".text\nborn_on_stack: mov $33, %edi\n mov $60, %eax\n syscall\n");

static const uint8_t *site_end;
static volatile int handled;
static volatile int depth;
static sigjmp_buf place;

static void with_context(int number, siginfo_t *information, void *context) {
    (void)number;
    (void)information;
    ucontext_t *user = context;
    CHECK(user->uc_mcontext.gregs[REG_RIP] == (long)site_end && user->uc_mcontext.gregs[REG_RAX] == 0);
    CHECK(user->uc_mcontext.gregs[REG_RCX] == (long)site_end);
    handled++;
}

static void nested(int number) {
    if (++depth < 5) {
        CHECK(by_gap(SYS_kill, getpid(), number == SIGUSR1 ? SIGUSR2 : SIGUSR1, 0, 0) == 0);
    }
    handled++;
}

static void jumping(int number) {
    siglongjmp(place, number);
}

static void plain(int number) {
    (void)number;
    handled++;
}

static void install(int number, void (*handler)(int), int flags) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
    CHECK(sigaction(number, &action, NULL) == 0);
}

static void check_context(call *site, const uint8_t *after) {
    struct sigaction action = {.sa_sigaction = with_context, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    site_end = after;
    handled = 0;
    for (int i = 1; i <= ROUNDS; i++) {
        CHECK(site(SYS_kill, getpid(), SIGUSR1, 0, 0) == 0 && handled == i);
    }
}

static void check_nesting(void) {
    install(SIGUSR1, nested, 0);
    install(SIGUSR2, nested, 0);
    for (int i = 0; i < ROUNDS; i++) {
        depth = handled = 0;
        CHECK(by_gap(SYS_kill, getpid(), SIGUSR1, 0, 0) == 0);
        /* One of the same number comes only after the handler's return. */
        CHECK(handled == 5);
    }
}

static void check_jumps(call *site) {
    install(SIGUSR1, jumping, SA_NODEFER);
    for (volatile int i = 0; i < ROUNDS; i++) {
        int number = sigsetjmp(place, 1);
        if (number == 0) {
            site(SYS_kill, getpid(), SIGUSR1, 0, 0);
            CHECK(false);
        }
        CHECK(number == SIGUSR1);
    }
}

static pid_t signalling_child(void) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        usleep(2000);
        kill(parent, SIGUSR1);
        usleep(2000);
        _exit(5);
    }
    return pid;
}

/* A call that waits is made again after the handler, or not. */
static void check_restart(call *site, long number) {
    for (int i = 0; i < 3 * FEW; i++) {
        int status = 0;
        install(SIGUSR1, plain, SA_RESTART);
        handled = 0;
        pid_t pid = signalling_child();
        CHECK(site(number, pid, (long)&status, 0, 0) == pid);
        CHECK(WEXITSTATUS(status) == 5 && handled == 1);
    }
    int status = 0;
    install(SIGUSR1, plain, 0);
    pid_t pid = signalling_child();
    CHECK(site(number, pid, (long)&status, 0, 0) == -EINTR && handled == 2);
    CHECK(site(number, pid, (long)&status, 0, 0) == pid);
}

/* A new process goes on behind the site, with and without memory of its own, on its parent's stack and another. */
static void check_births(void) {
    static uint64_t stack[512] __attribute__((aligned(16)));
    for (int i = 0; i < 5 * FEW; i++) {
        int status;
        pid_t pid = (pid_t)fork_by_move(0, 0, 0, 0, 0);
        if (pid == 0) {
            _exit(by_gap(SYS_dup, -1, 0, 0, 0) == -EBADF ? 7 : 1);
        }
        CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 7);
        pid = (pid_t)by_gap(SYS_fork, 0, 0, 0, 0);
        if (pid == 0) {
            _exit(9);
        }
        CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 9);
        volatile int shared = 0;
        pid = vfork();
        if (pid == 0) {
            shared = 42;
            _exit(by_gap(SYS_getppid, 0, 0, 0, 0) >= 0 ? 6 : 1);
        }
        CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 6 && shared == 42);
        /* The child returns to what stands on its stack. */
        stack[500] = (uint64_t)born_on_stack;
        pid = (pid_t)by_gap(SYS_clone, CLONE_VM | SIGCHLD, (long)&stack[500], 0, 0);
        CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 33);
    }
}

int main(void) {
    uint64_t traps = trapped_calls();
    check_context(by_gap, by_gap_return);
    check_context(kill_by_move, kill_by_move_return);
    check_context(kill_by_early_move, kill_by_early_move_return);
    CHECK(patched(by_gap_return, -2) && patched(kill_by_move_return, -7) && patched(kill_by_early_move_return, -10));
    check_nesting();
    check_jumps(by_gap);
    check_jumps(kill_by_move);
    check_jumps(kill_by_early_move);
    /* Every handler's return traps, and a few calls of libc do. */
    CHECK(trapped_calls() - traps < 3 * ROUNDS + 5 * ROUNDS + 100);
    check_restart(by_gap, SYS_wait4);
    check_restart(wait_by_move, 0);
    check_births();
    CHECK(patched(wait_by_move_return, -7) && patched(fork_by_move_return, -7));
    return 0;
}
