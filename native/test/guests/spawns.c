/* Processes are born in every way there is. */
#include "check.h"
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>

static char **no_environment;

static int status_of(pid_t pid) {
    int status;
    CHECK(pid > 0);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void by_vfork(void) {
    volatile int shared = 0;
    pid_t pid = vfork();
    if (pid == 0) {
        shared = 42;
        _exit(6);
    }
    CHECK(status_of(pid) == 6 && shared == 42);
    pid = vfork();
    if (pid == 0) {
        execl("/bin/sh", "sh", "-c", "exit 8", (char *)NULL);
        _exit(127);
    }
    CHECK(status_of(pid) == 8);
    pid = vfork();
    if (pid == 0) {
        execl("/nonexistent", "nonexistent", (char *)NULL);
        _exit(errno == ENOENT ? 9 : 127);
    }
    CHECK(status_of(pid) == 9);
}

static void by_posix_spawn(void) {
    for (int i = 0; i < 50; i++) {
        pid_t pid;
        char *arguments[] = {"sh", "-c", "exit 3", NULL};
        CHECK(posix_spawn(&pid, "/bin/sh", NULL, NULL, arguments, no_environment) == 0);
        CHECK(status_of(pid) == 3);
    }
    pid_t pid;
    char *arguments[] = {"nonexistent", NULL};
    CHECK(posix_spawn(&pid, "/nonexistent", NULL, NULL, arguments, no_environment) == ENOENT);
}

static int sharing_child(void *argument) {
    *(int *)argument = 77;
    return 4;
}

static void by_clone(void) {
    static char stack[65536] __attribute__((aligned(16)));
    static int shared;
    pid_t pid = clone(sharing_child, stack + sizeof(stack), CLONE_VM | CLONE_FILES | CLONE_FS | SIGCHLD, &shared);
    CHECK(status_of(pid) == 4 && shared == 77);
    shared = 0;
    pid = clone(sharing_child, stack + sizeof(stack), SIGCHLD, &shared);
    CHECK(status_of(pid) == 4 && shared == 0);
    int parent_tid = 0;
    int child_tid = 0;
    pid = (pid_t)syscall(SYS_clone, 0x100000 | 0x1000000 | SIGCHLD, NULL, &parent_tid, &child_tid, 0);
    if (pid == 0) {
        _exit(child_tid == syscall(SYS_gettid) ? 5 : 1);
    }
    CHECK(parent_tid == pid && child_tid == 0);
    CHECK(status_of(pid) == 5);
    struct {
        uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    } extended = {.exit_signal = SIGCHLD};
    pid = (pid_t)syscall(SYS_clone3, &extended, sizeof(extended));
    if (pid == 0) {
        _exit(2);
    }
    CHECK(status_of(pid) == 2);
    errno = 0;
    CHECK(syscall(SYS_clone3, &extended, 8) == -1 && errno == EINVAL);
}

static void *sleeper(void *argument) {
    pause();
    return argument;
}

static void *forker(void *argument) {
    pid_t pid = fork();
    if (pid == 0) {
        /* Only this thread is here; it can go on in every way. */
        pthread_t thread;
        if (fork() == 0) {
            _exit(0);
        }
        int status;
        wait(&status);
        CHECK(pthread_create(&thread, NULL, (void *(*)(void *))(void (*)(void))getpid, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
        execl("/bin/sh", "sh", "-c", "exit 11", (char *)NULL);
        _exit(127);
    }
    CHECK(status_of(pid) == 11);
    return argument;
}

static void *executor(void *argument) {
    execl("/bin/sh", "sh", "-c", "exit 12", (char *)NULL);
    return argument;
}

static void among_threads(void) {
    pthread_t others[10];
    pthread_t thread;
    for (int i = 0; i < 10; i++) {
        CHECK(pthread_create(&others[i], NULL, sleeper, NULL) == 0);
    }
    for (int i = 0; i < 5; i++) {
        CHECK(pthread_create(&thread, NULL, forker, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    /* execve by a thread that is not the first. */
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(pthread_create(&others[0], NULL, sleeper, NULL) == 0);
        CHECK(pthread_create(&thread, NULL, executor, NULL) == 0);
        pause();
        _exit(1);
    }
    CHECK(status_of(pid) == 12);
}

static void with_much_environment(void) {
    enum { ENTRIES = 9000, LENGTH = 100 };
    char **environment = calloc(ENTRIES + 4, sizeof(char *));
    for (int i = 0; i < ENTRIES; i++) {
        environment[i] = malloc(LENGTH);
        memset(environment[i], 'x', LENGTH);
        snprintf(environment[i], LENGTH, "V%d=%d", i, i);
    }
    char *preload = malloc(100000);
    memset(preload, 'x', 100000);
    memcpy(preload, "LONG=", 5);
    preload[99999] = 0;
    environment[ENTRIES] = preload;
    environment[ENTRIES + 1] = "LD_PRELOAD=libm.so.6";
    pid_t pid = fork();
    if (pid == 0) {
        execle("/bin/bash", "bash", "-c",
               "[ $V8999 = 8999 ] && [ ${#LONG} = 99994 ] && [ $LD_PRELOAD = libm.so.6 ] && [ -z $GNOMON_SLOT ] && exit 21",
               (char *)NULL, environment);
        _exit(127);
    }
    CHECK(status_of(pid) == 21);
    /* An empty environment, and none at all. */
    char *arguments[] = {"sh", "-c", "exit 22", NULL};
    pid = fork();
    if (pid == 0) {
        syscall(SYS_execve, "/bin/sh", arguments, NULL);
        _exit(127);
    }
    CHECK(status_of(pid) == 22);
}

int main(void) {
    static char *none[] = {NULL};
    no_environment = none;
    by_vfork();
    by_posix_spawn();
    by_clone();
    among_threads();
    with_much_environment();
    return 0;
}
