/* With --local-time: the time-stamp counter counts the host's nanoseconds, in every thread and process. */
#include "check.h"
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <x86intrin.h>

#define NOW (UINT64_C(946684805) * 1000000000 + 123)

static void *in_thread(void *argument) {
    CHECK(__rdtsc() == NOW);
    return argument;
}

static void handler(int number) {
    (void)number;
    _exit(3);
}

int main(int count, char **arguments) {
    unsigned processor = 99;
    CHECK(__rdtsc() == NOW);
    CHECK(__rdtscp(&processor) == NOW && processor == 0);
    if (count > 1) {
        return 0; /* executed by itself */
    }
    uint64_t kept = 0;
    __asm__ volatile("mov $42, %%r11\n mov $-1, %%rax\n mov $-1, %%rdx\n rdtsc\n mov %%r11, %0" : "=r"(kept) : : "rax", "rdx", "r11");
    CHECK(kept == 42);
    for (int i = 0; i < 1000; i++) {
        CHECK(__rdtsc() == NOW);
    }
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, in_thread, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        in_thread(NULL);
        execl("/nonexistent", "nonexistent", (char *)NULL);
        in_thread(NULL);
        execl(arguments[0], arguments[0], "again", (char *)NULL);
        _exit(127);
    }
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);
    /* Other faults of the same kind are the program's. */
    pid = fork();
    if (pid == 0) {
        signal(SIGSEGV, handler);
        __asm__ volatile("hlt");
        _exit(1);
    }
    CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
    return 0;
}
