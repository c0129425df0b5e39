/* signalfd(2): signals to read, to poll, and across fork. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int main(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigaddset(&set, SIGCHLD);
    CHECK(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
    int file = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    CHECK(file >= 0 && fcntl(file, F_GETFD) == FD_CLOEXEC);

    struct signalfd_siginfo record[4];
    CHECK_ERROR(read(file, record, sizeof record), EAGAIN);
    CHECK_ERROR(read(file, record, sizeof record[0] - 1), EINVAL);
    struct pollfd entry = {.fd = file, .events = POLLIN};
    CHECK(poll(&entry, 1, 0) == 0);

    CHECK(kill(getpid(), SIGUSR2) == 0 && raise(SIGUSR1) == 0);
    CHECK(poll(&entry, 1, 0) == 1 && entry.revents == POLLIN);
    CHECK(read(file, record, sizeof record) == 2 * (ssize_t)sizeof record[0]);
    CHECK(record[0].ssi_signo == SIGUSR1 && record[1].ssi_signo == SIGUSR2);
    CHECK(record[0].ssi_pid == (unsigned)getpid() && record[1].ssi_pid == (unsigned)getpid());
    CHECK(record[1].ssi_code == SI_USER);
    CHECK(poll(&entry, 1, 0) == 0);

    int events = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = 42};
    CHECK(epoll_ctl(events, EPOLL_CTL_ADD, file, &event) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct timespec time = {.tv_nsec = 20000000};
        nanosleep(&time, NULL);
        kill(getppid(), SIGUSR1);
        _exit(7);
    }
    struct epoll_event found;
    CHECK(epoll_wait(events, &found, 1, -1) == 1 && found.data.u64 == 42);
    int seen = 0;
    while (seen != 3) {
        ssize_t length = read(file, record, sizeof record[0]);
        if (length == -1) {
            CHECK(errno == EAGAIN);
            CHECK(poll(&entry, 1, -1) == 1);
            continue;
        }
        CHECK(length == sizeof record[0]);
        if (record[0].ssi_signo == SIGCHLD) {
            CHECK(record[0].ssi_pid == (unsigned)child && record[0].ssi_status == 7);
            CHECK(record[0].ssi_code == CLD_EXITED);
            seen |= 1;
        } else {
            CHECK(record[0].ssi_signo == SIGUSR1 && record[0].ssi_pid == (unsigned)child);
            seen |= 2;
        }
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child && WEXITSTATUS(status) == 7);

    /* A new mask on the same descriptor. */
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    CHECK(signalfd(file, &set, 0) == file);
    CHECK(raise(SIGUSR1) == 0);
    CHECK_ERROR(read(file, record, sizeof record), EAGAIN);
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK_ERROR(signalfd(ends[0], &set, 0), EINVAL);
    CHECK_ERROR(signalfd(1000, &set, 0), EBADF);
    CHECK_ERROR(signalfd(-1, &set, 1), EINVAL);
    CHECK(close(file) == 0);
    return 0;
}
