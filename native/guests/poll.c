/* poll(2) and ppoll(2). */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int64_t now(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static volatile int signals;

static void count(int signal) {
    (void)signal;
    signals++;
}

static void times(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct pollfd entries[3] = {{.fd = ends[0], .events = POLLIN}, {.fd = -1, .events = POLLIN, .revents = 99}};
    int64_t before = now();
    CHECK(poll(entries, 2, 30) == 0);
    CHECK(now() - before >= 30000000);
    CHECK(entries[1].revents == 0);
    before = now();
    CHECK(poll(NULL, 0, 10) == 0);
    CHECK(now() - before >= 10000000);
    CHECK(poll(NULL, 0, 0) == 0);

    entries[1] = (struct pollfd){.fd = ends[1], .events = POLLOUT | POLLWRNORM};
    entries[2] = (struct pollfd){.fd = 900, .events = POLLIN};
    CHECK(poll(entries, 3, -1) == 2);
    CHECK(entries[0].revents == 0 && entries[1].revents == (POLLOUT | POLLWRNORM) && entries[2].revents == POLLNVAL);

    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct timespec time = {.tv_nsec = 20000000};
        nanosleep(&time, NULL);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    CHECK(poll(entries, 1, 5000) == 1 && entries[0].revents == POLLIN);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK_ERROR(poll(nowhere(), 1, 0), EFAULT);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void regular_files(void) {
    int file = open("/proc/self/exe", O_RDONLY);
    CHECK(file >= 0);
    struct pollfd entry = {.fd = file, .events = POLLIN | POLLOUT | POLLPRI};
    CHECK(poll(&entry, 1, -1) == 1 && entry.revents == (POLLIN | POLLOUT));
    CHECK(close(file) == 0);
    CHECK(poll(&entry, 1, -1) == 1 && entry.revents == POLLNVAL);
}

static void masks(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct sigaction action = {.sa_handler = count};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    sigset_t blocked, none, current;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    CHECK(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0);
    CHECK(raise(SIGALRM) == 0 && signals == 0);
    struct pollfd entry = {.fd = ends[0], .events = POLLIN};
    struct timespec time = {.tv_sec = 5};
    /* A signal that waits is delivered in place of waiting. */
    CHECK_ERROR(ppoll(&entry, 1, &time, &none), EINTR);
    CHECK(signals == 1);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &current) == 0 && sigismember(&current, SIGALRM));
    ualarm(20000, 0);
    CHECK_ERROR(ppoll(&entry, 1, NULL, &none), EINTR);
    CHECK(signals == 2);
    /* What is ready goes before. */
    CHECK(raise(SIGALRM) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(ppoll(&entry, 1, &time, &none) == 1);
    CHECK(signals == 2);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &current) == 0 && sigismember(&current, SIGALRM));
    CHECK(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
    CHECK(signals == 3);
    time.tv_nsec = 1000000000;
    CHECK_ERROR(ppoll(&entry, 1, &time, NULL), EINVAL);
    /* poll(2) is not restarted after a handler. */
    action.sa_flags = SA_RESTART;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    char byte;
    CHECK(read(ends[0], &byte, 1) == 1);
    ualarm(20000, 0);
    CHECK_ERROR(poll(&entry, 1, 5000), EINTR);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

int main(void) {
    times();
    regular_files();
    masks();
    return 0;
}
