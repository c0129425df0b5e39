/* A guest may close every descriptor, block every signal and move %fs: its calls still arrive. */
#include "check.h"
#include <asm/prctl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

static void *work(void *argument) {
    for (int i = 0; i < 100; i++) {
        getppid();
    }
    return argument;
}

static long raw(long number, long a, long b) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(a), "S"(b) : "rcx", "r11", "memory");
    return result;
}

int main(void) {
    sigset_t all;
    sigfillset(&all);
    CHECK(sigprocmask(SIG_SETMASK, &all, NULL) == 0);
    CHECK(syscall(SYS_close_range, 3, ~0u, 0) == 0);
    for (int i = 3; i < 1024; i++) {
        close(i);
    }
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, work, NULL) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
    uint64_t fs;
    CHECK(raw(SYS_arch_prctl, ARCH_GET_FS, (long)&fs) == 0);
    CHECK(raw(SYS_arch_prctl, ARCH_SET_FS, 0) == 0);
    long answer = 0;
    for (int i = 0; i < 10; i++) {
        answer += raw(SYS_getppid, 0, 0);
        answer += raw(SYS_dup, -1, 0) == -EBADF;
    }
    raw(SYS_arch_prctl, ARCH_SET_FS, (long)fs);
    CHECK(answer == 20);
    CHECK(syscall(SYS_close_range, 0, ~0u, 0) == 0);
    pid_t pid = fork();
    if (pid == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(127);
    }
    int status;
    if (waitpid(pid, &status, 0) != pid || status != 0) {
        return 1;
    }
    return getppid() == 1 ? 0 : 1;
}
