/* select(2) and pselect(2). */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile int signals;

static void count(int signal) {
    (void)signal;
    signals++;
}

int main(void) {
    int ends[2], high;
    CHECK(pipe(ends) == 0);
    high = fcntl(ends[0], F_DUPFD, 200);
    CHECK(high == 200);
    fd_set in, out, exceptional;
    FD_ZERO(&in);
    FD_ZERO(&out);
    FD_ZERO(&exceptional);
    FD_SET(ends[0], &in);
    FD_SET(high, &in);
    FD_SET(ends[1], &out);
    FD_SET(ends[0], &exceptional);
    CHECK(select(high + 1, &in, &out, &exceptional, NULL) == 1);
    CHECK(FD_ISSET(ends[1], &out) && !FD_ISSET(ends[0], &in) && !FD_ISSET(high, &in));
    CHECK(!FD_ISSET(ends[0], &exceptional));

    CHECK(write(ends[1], "x", 1) == 1);
    FD_SET(ends[0], &in);
    FD_SET(high, &in);
    CHECK(select(high + 1, &in, &out, NULL, NULL) == 3);
    FD_SET(ends[0], &in);
    FD_SET(high, &in);
    /* Numbers from the first argument on do not count. */
    CHECK(select(high, &in, NULL, NULL, NULL) == 1 && FD_ISSET(ends[0], &in));
    char byte;
    CHECK(read(ends[0], &byte, 1) == 1);

    /* The time that is left is written back, by the call itself. */
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    struct timeval time = {.tv_usec = 20000};
    CHECK(select(ends[0] + 1, &in, NULL, NULL, &time) == 0);
    CHECK(time.tv_sec == 0 && time.tv_usec == 0 && !FD_ISSET(ends[0], &in));
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        usleep(20000);
        _exit(write(ends[1], "x", 1) == 1 ? 0 : 1);
    }
    FD_SET(ends[0], &in);
    time = (struct timeval){.tv_sec = 10};
    CHECK(select(ends[0] + 1, &in, NULL, NULL, &time) == 1 && FD_ISSET(ends[0], &in));
    CHECK(time.tv_sec == 9 && time.tv_usec > 0);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);

    time = (struct timeval){.tv_usec = 1000};
    CHECK(select(0, NULL, NULL, NULL, &time) == 0);
    time = (struct timeval){.tv_sec = -1};
    CHECK_ERROR(select(0, NULL, NULL, NULL, &time), EINVAL);
    CHECK_ERROR(select(-1, NULL, NULL, NULL, NULL), EINVAL);
    FD_ZERO(&in);
    FD_SET(150, &in);
    CHECK_ERROR(select(151, &in, NULL, NULL, NULL), EBADF);
    CHECK_ERROR(select(8, nowhere(), NULL, NULL, NULL), EFAULT);

    int file = open("/proc/self/exe", O_RDONLY);
    FD_ZERO(&in);
    FD_SET(file, &in);
    CHECK(select(file + 1, &in, NULL, NULL, NULL) == 1 && FD_ISSET(file, &in));

    CHECK(read(ends[0], &byte, 1) == 1);
    struct sigaction action = {.sa_handler = count};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    sigset_t blocked, none;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0);
    CHECK(raise(SIGUSR1) == 0);
    FD_ZERO(&in);
    FD_SET(ends[0], &in);
    struct timespec precise = {.tv_nsec = 10000000};
    CHECK(pselect(ends[0] + 1, &in, NULL, NULL, &precise, NULL) == 0 && signals == 0);
    FD_SET(ends[0], &in);
    CHECK_ERROR(pselect(ends[0] + 1, &in, NULL, NULL, &precise, &none), EINTR);
    CHECK(signals == 1);
    return 0;
}
