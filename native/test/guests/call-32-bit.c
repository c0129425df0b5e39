/* A 32-bit call is not a call: SIGSYS, also where it is handled. */
#include "check.h"
#include <signal.h>
#include <sys/wait.h>

static volatile int handled;

static void handler(int number, siginfo_t *information, void *context) {
    (void)context;
    CHECK(number == SIGSYS && information->si_arch == 0x40000003);
    handled++;
}

static void call(void) {
    __asm__ volatile("mov $20, %%eax\n int $0x80" ::: "rax", "memory");
}

int main(void) {
    pid_t pid = fork();
    if (pid == 0) {
        call();
        _exit(0);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFSIGNALED(status) && (WTERMSIG(status) == SIGSYS || WTERMSIG(status) == SIGSEGV));
    if (WTERMSIG(status) == SIGSYS) {
        struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
        CHECK(sigaction(SIGSYS, &action, NULL) == 0);
        call();
        CHECK(handled == 1);
    }
    return 0;
}
