/* A program's own handlers of faults see what the kernel saw, and can mend it or jump away. */
#include "check.h"
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>

static sigjmp_buf place;
static volatile int number_seen;
static void *volatile address_seen;
static char *page;
static void *volatile low_address = (void *)24;

static void jump(int number, siginfo_t *information, void *context) {
    ucontext_t *user = context;
    number_seen = number;
    address_seen = information->si_addr;
    if (number == SIGSEGV) {
        CHECK(user->uc_mcontext.gregs[REG_TRAPNO] == 14);
        CHECK((void *)user->uc_mcontext.gregs[REG_CR2] == information->si_addr);
    }
    siglongjmp(place, 1);
}

static void mend(int number, siginfo_t *information, void *context) {
    (void)context;
    number_seen = number;
    CHECK(information->si_code == SEGV_ACCERR);
    CHECK(mprotect(page, 4096, PROT_READ | PROT_WRITE) == 0);
}

static void skip(int number, siginfo_t *information, void *context) {
    (void)information;
    number_seen = number;
    ucontext_t *user = context;
    user->uc_mcontext.gregs[REG_RIP] += 2; /* ud2 */
    user->uc_mcontext.gregs[REG_RCX] = 99;
}

static void step(int number) {
    number_seen = number;
}

static void install(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
    CHECK(sigaction(number, &action, NULL) == 0);
}

static volatile int zero;
static volatile int hundred = 100;

static volatile int low_depth;

static int recurse(int depth) {
    volatile char room[4096];
    room[0] = (char)depth;
    return depth < low_depth ? depth : depth + recurse(depth + 1) + room[0];
}

static int died_of(void (*work)(void)) {
    pid_t pid = fork();
    if (pid == 0) {
        work();
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void read_null(void) {
    signal(SIGSEGV, SIG_DFL);
    *(volatile int *)low_address = 1;
}

static void abort_now(void) {
    abort();
}

static void overflow_without_stack(void) {
    install(SIGSEGV, mend, 0);
    recurse(0);
}

static void handler_nowhere(void) {
    struct sigaction action = {.sa_handler = (void (*)(int))0x10};
    sigaction(SIGUSR1, &action, NULL);
    signal(SIGSEGV, SIG_DFL);
    raise(SIGUSR1);
}

static void breakpoint(void) {
    __asm__ volatile("int3");
}

int main(void) {
    page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    install(SIGSEGV, jump, 0);
    for (volatile int i = 0; i < 1000; i++) {
        if (sigsetjmp(place, 1) == 0) {
            *(volatile int *)low_address = 1;
            CHECK(0);
        }
        CHECK(number_seen == SIGSEGV && address_seen == low_address);
        number_seen = 0;
    }
    install(SIGSEGV, mend, 0);
    page[5] = 1;
    CHECK(number_seen == SIGSEGV && page[5] == 1);

    install(SIGFPE, jump, 0);
    if (sigsetjmp(place, 1) == 0) {
        zero = hundred / zero;
        CHECK(0);
    }
    CHECK(number_seen == SIGFPE);

    install(SIGILL, skip, 0);
    uint64_t kept = 0;
    uint64_t changed = 0;
    __asm__ volatile("mov $42, %%r11\n mov $7, %%ecx\n ud2\n mov %%r11, %0\n mov %%rcx, %1"
                     : "=r"(kept), "=r"(changed)
                     :
                     : "r11", "rcx");
    CHECK(number_seen == SIGILL && kept == 42 && changed == 99);

    signal(SIGTRAP, step);
    __asm__ volatile("int3");
    CHECK(number_seen == SIGTRAP);

    static uint8_t stack[65536];
    stack_t alternate = {.ss_sp = stack, .ss_size = sizeof(stack)};
    CHECK(sigaltstack(&alternate, NULL) == 0);
    install(SIGSEGV, jump, SA_ONSTACK);
    for (volatile int i = 0; i < 3; i++) {
        number_seen = 0;
        if (sigsetjmp(place, 1) == 0) {
            recurse(0);
            CHECK(0);
        }
        CHECK(number_seen == SIGSEGV);
    }
    CHECK(died_of(read_null) == SIGSEGV);
    CHECK(died_of(abort_now) == SIGABRT);
    CHECK(died_of(overflow_without_stack) == SIGSEGV);
    CHECK(died_of(handler_nowhere) == SIGSEGV);
    signal(SIGTRAP, SIG_DFL);
    CHECK(died_of(breakpoint) == SIGTRAP);
    return 0;
}
