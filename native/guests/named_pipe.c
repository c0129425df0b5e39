/* Named pipes: an open waits for its partner, data, end of file, and what is said without waiting. */
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void pause_briefly(void) {
    struct timespec time = {0, 50000000};
    CHECK(nanosleep(&time, NULL) == 0);
}

static double seconds(void) {
    struct timespec time;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &time) == 0);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void reap(pid_t child) {
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void nothing(int number) { (void)number; }

/* Either side may come first; the other is waited for. */
static void partners(const char *path, int reader_first) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (reader_first) {
            pause_briefly();
        }
        int descriptor = open(path, O_WRONLY | O_CLOEXEC);
        CHECK(descriptor >= 0);
        CHECK(fcntl(descriptor, F_GETFD) == FD_CLOEXEC);
        CHECK(write(descriptor, "one", 3) == 3);
        pause_briefly();
        CHECK(write(descriptor, "two", 3) == 3);
        _exit(0);
    }
    if (!reader_first) {
        pause_briefly();
    }
    double before = seconds();
    int descriptor = open(path, O_RDONLY);
    CHECK(descriptor >= 0);
    CHECK(!reader_first || seconds() - before > 0.03);
    char bytes[16];
    CHECK(read(descriptor, bytes, sizeof bytes) == 3 && memcmp(bytes, "one", 3) == 0);
    CHECK(read(descriptor, bytes, sizeof bytes) == 3 && memcmp(bytes, "two", 3) == 0);
    CHECK(read(descriptor, bytes, sizeof bytes) == 0);
    struct pollfd hung = {.fd = descriptor, .events = POLLIN};
    CHECK(poll(&hung, 1, 0) == 1 && hung.revents == POLLHUP);
    CHECK_ERROR(write(descriptor, "x", 1), EBADF);
    reap(child);
    CHECK(close(descriptor) == 0);
}

static void without_waiting(const char *path) {
    CHECK_ERROR(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
    int reader = open(path, O_RDONLY | O_NONBLOCK);
    CHECK(reader >= 0);
    struct pollfd silent = {.fd = reader, .events = POLLIN};
    CHECK(poll(&silent, 1, 0) == 0);
    char byte;
    CHECK(read(reader, &byte, 1) == 0);
    int writer = open(path, O_WRONLY | O_NONBLOCK);
    CHECK(writer >= 0);
    CHECK_ERROR(read(reader, &byte, 1), EAGAIN);
    CHECK(write(writer, "a", 1) == 1);
    CHECK(poll(&silent, 1, 0) == 1 && silent.revents == POLLIN);
    struct stat named;
    struct stat opened;
    CHECK(stat(path, &named) == 0 && fstat(writer, &opened) == 0);
    CHECK(S_ISFIFO(opened.st_mode) && named.st_mode == opened.st_mode);
    CHECK(named.st_ino == opened.st_ino && named.st_dev == opened.st_dev);
    /* A second reader sees the same bytes; with the last one gone, writing raises SIGPIPE. */
    int second = open(path, O_RDONLY);
    CHECK(second >= 0);
    CHECK(close(reader) == 0);
    CHECK(read(second, &byte, 1) == 1 && byte == 'a');
    CHECK(close(second) == 0);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    CHECK_ERROR(write(writer, "b", 1), EPIPE);
    struct pollfd broken = {.fd = writer, .events = POLLOUT};
    CHECK(poll(&broken, 1, 0) == 1 && broken.revents == (POLLOUT | POLLERR));
    CHECK(close(writer) == 0);
}

static void both_ways(const char *path) {
    int descriptor = open(path, O_RDWR);
    CHECK(descriptor >= 0);
    CHECK(write(descriptor, "self", 4) == 4);
    char bytes[8];
    CHECK(read(descriptor, bytes, sizeof bytes) == 4);
    CHECK(write(descriptor, "lost", 4) == 4);
    CHECK(close(descriptor) == 0);
    /* What nobody read is gone with the last who had the pipe open. */
    descriptor = open(path, O_RDONLY | O_NONBLOCK);
    CHECK(descriptor >= 0 && read(descriptor, bytes, sizeof bytes) == 0);
    CHECK(close(descriptor) == 0);
}

static void interrupted(const char *path) {
    struct sigaction action = {.sa_handler = nothing};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    alarm(1);
    CHECK_ERROR(open(path, O_RDONLY), EINTR);
    /* The open that did not come about left no reader. */
    CHECK_ERROR(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
}

static void killed(const char *path) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        open(path, O_RDONLY);
        _exit(1);
    }
    pause_briefly();
    CHECK(kill(child, SIGKILL) == 0);
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFSIGNALED(status));
    CHECK_ERROR(open(path, O_WRONLY | O_NONBLOCK), ENXIO);
}

int main(void) {
    char directory[] = "/tmp/named-pipe-XXXXXX";
    CHECK(mkdtemp(directory) != NULL);
    CHECK(chdir(directory) == 0);
    CHECK(mkfifo("pipe", 0600) == 0);
    char path[64];
    snprintf(path, sizeof path, "%s/pipe", directory);
    CHECK_ERROR(open("pipe", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
    CHECK_ERROR(open("pipe", O_RDONLY | O_DIRECTORY), ENOTDIR);
    partners("pipe", 0);
    partners(path, 1);
    without_waiting("pipe");
    both_ways(path);
    interrupted("pipe");
    killed("pipe");
    CHECK(unlink("pipe") == 0);
    CHECK(chdir("/") == 0 && rmdir(directory) == 0);
    return 0;
}
