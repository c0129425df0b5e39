/* fork(2), wait(2), exit statuses, and what a child inherits. */
#include "check.h"

#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static int value = 1;

static void exit_status(void) {
    pid_t parent = getpid();
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        value = 2;
        _exit(getppid() == parent && getpid() != parent ? 42 : 1);
    }
    int status = 0;
    struct rusage usage;
    CHECK(wait4(child, &status, 0, &usage) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 42);
    CHECK(value == 1);
    CHECK_ERROR(waitpid(child, &status, 0), ECHILD);
    CHECK_ERROR(wait(NULL), ECHILD);
}

static void killed(void) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    int status = 0;
    CHECK(waitpid(child, &status, WNOHANG) == 0);
    CHECK(kill(child, 0) == 0);
    CHECK(kill(child, SIGTERM) == 0);
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
    CHECK_ERROR(kill(child, 0), ESRCH);
}

static void crashed(void) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        *(volatile int *)nowhere() = 1;
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        abort();
    }
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
}

static void many(void) {
    pid_t children[20];
    for (int i = 0; i < 20; i++) {
        children[i] = fork();
        CHECK(children[i] >= 0);
        if (children[i] == 0) {
            usleep((20 - i) * 1000);
            _exit(i);
        }
    }
    int seen = 0;
    for (int i = 0; i < 20; i++) {
        int status;
        pid_t child = wait(&status);
        CHECK(child > 0 && WIFEXITED(status));
        CHECK(children[WEXITSTATUS(status)] == child);
        seen++;
    }
    CHECK(seen == 20);
}

static void grandchildren(void) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        pid_t grandchild = fork();
        if (grandchild == 0) {
            _exit(7);
        }
        int status;
        if (waitpid(grandchild, &status, 0) != grandchild) {
            _exit(1);
        }
        _exit(WEXITSTATUS(status) + 1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WEXITSTATUS(status) == 8);
}

static void stopped(void) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    int status;
    CHECK(kill(child, SIGSTOP) == 0);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    CHECK(WIFSTOPPED(status) && WSTOPSIG(status) == SIGSTOP);
    CHECK(kill(child, SIGCONT) == 0);
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    CHECK(WIFCONTINUED(status));
    CHECK(kill(child, SIGKILL) == 0);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    CHECK(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0);
    CHECK(info.si_pid == child && info.si_code == CLD_KILLED && info.si_status == SIGKILL);
    CHECK(waitid(P_ALL, 0, &info, WEXITED) == 0);
    CHECK(info.si_pid == child);
}

static void groups(void) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (setsid() != getpid() || getpgrp() != getpid() || getsid(0) != getpid()) {
            _exit(1);
        }
        errno = 0;
        _exit(setsid() == -1 && errno == EPERM ? 0 : 2);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (;;) {
            pause();
        }
    }
    CHECK(setpgid(child, child) == 0);
    CHECK(getpgid(child) == child);
    CHECK(kill(-child, SIGUSR1) == 0);
    CHECK(waitpid(-child, &status, 0) == child);
    CHECK(WIFSIGNALED(status) && WTERMSIG(status) == SIGUSR1);
    CHECK_ERROR(kill(-child, SIGUSR1), ESRCH);
}

static void ignored_children(void) {
    CHECK(signal(SIGCHLD, SIG_IGN) != SIG_ERR);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        _exit(0);
    }
    CHECK_ERROR(waitpid(child, NULL, 0), ECHILD);
    CHECK(signal(SIGCHLD, SIG_DFL) != SIG_ERR);
}

int main(void) {
    exit_status();
    killed();
    crashed();
    many();
    grandchildren();
    stopped();
    groups();
    ignored_children();
    return 0;
}
