/* execve(2), vfork(2), posix_spawn(3): what goes over to the new program, and what happens where there is none. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static int status_of(pid_t child) {
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void forked(const char *self) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        char *const arguments[] = {"name", "child", "a b", "", NULL};
        char *const environment[] = {"ONLY=this", NULL};
        execve(self, arguments, environment);
        _exit(100);
    }
    CHECK(status_of(child) == 0);
}

static void vforked(const char *self) {
    volatile int shared = 0;
    pid_t child = vfork();
    CHECK(child >= 0);
    if (child == 0) {
        shared = 1;
        execl(self, "name", "exit", (char *)NULL);
        _exit(100);
    }
    CHECK(shared == 1);
    CHECK(status_of(child) == 9);
    child = vfork();
    CHECK(child >= 0);
    if (child == 0) {
        shared = 2;
        _exit(11);
    }
    CHECK(shared == 2);
    CHECK(status_of(child) == 11);
}

static void spawned(const char *self) {
    char *const arguments[] = {"name", "exit", NULL};
    pid_t child;
    CHECK(posix_spawn(&child, self, NULL, NULL, arguments, environ) == 0);
    CHECK(status_of(child) == 9);
    CHECK(posix_spawn(&child, "/nowhere/at/all", NULL, NULL, arguments, environ) == ENOENT);
    CHECK(system("exit 3") == 3 << 8);
}

static void errors(const char *self) {
    char *const arguments[] = {"name", NULL};
    CHECK_ERROR(execve("/nowhere/at/all", arguments, environ), ENOENT);
    CHECK_ERROR(execve("/", arguments, environ), EACCES);
    CHECK_ERROR(execve("/etc/passwd", arguments, environ), EACCES);
    CHECK_ERROR(execve(nowhere(), arguments, environ), EFAULT);
    char inside[5000];
    snprintf(inside, sizeof inside, "%s/below", self);
    CHECK_ERROR(execve(inside, arguments, environ), ENOTDIR);
}

static void signals_over_exec(const char *self) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        signal(SIGUSR1, SIG_IGN);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        sigprocmask(SIG_BLOCK, &set, NULL);
        execl(self, "name", "signals", (char *)NULL);
        _exit(100);
    }
    CHECK(status_of(child) == 0);
}

static void descriptors_over_exec(const char *self) {
    int kept = open("/dev/null", O_RDONLY);
    int closed = open("/dev/null", O_RDONLY | O_CLOEXEC);
    CHECK(kept >= 0 && closed >= 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        char first[16];
        char second[16];
        snprintf(first, sizeof first, "%d", kept);
        snprintf(second, sizeof second, "%d", closed);
        execl(self, "name", "descriptors", first, second, (char *)NULL);
        _exit(100);
    }
    CHECK(status_of(child) == 0);
    close(kept);
    close(closed);
}

static int child(int count, char **arguments) {
    if (strcmp(arguments[1], "exit") == 0) {
        return 9;
    }
    if (strcmp(arguments[1], "signals") == 0) {
        struct sigaction action;
        CHECK(sigaction(SIGUSR1, NULL, &action) == 0 && action.sa_handler == SIG_IGN);
        sigset_t set;
        CHECK(sigprocmask(SIG_BLOCK, NULL, &set) == 0);
        CHECK(sigismember(&set, SIGUSR2) == 1 && sigismember(&set, SIGUSR1) == 0);
        return 0;
    }
    if (strcmp(arguments[1], "descriptors") == 0) {
        CHECK(fcntl(atoi(arguments[2]), F_GETFD) == 0);
        CHECK_ERROR(fcntl(atoi(arguments[3]), F_GETFD), EBADF);
        return 0;
    }
    CHECK(count == 4);
    CHECK(strcmp(arguments[0], "name") == 0 && strcmp(arguments[2], "a b") == 0 && arguments[3][0] == 0);
    CHECK(environ[0] != NULL && strcmp(environ[0], "ONLY=this") == 0 && environ[1] == NULL);
    return 0;
}

int main(int count, char **arguments) {
    if (count > 1) {
        return child(count, arguments);
    }
    char self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    CHECK(length > 0);
    self[length] = 0;
    forked(self);
    vforked(self);
    spawned(self);
    errors(self);
    signals_over_exec(self);
    descriptors_over_exec(self);
    return 0;
}
