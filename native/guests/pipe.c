/* pipe(7): capacity by pages, atomic writes, ends that close, packets, sizes, readiness. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char buffer[1 << 20];
static volatile int signals;

static void count(int signal) {
    (void)signal;
    signals++;
}

static short readiness(int file) {
    struct pollfd entry = {.fd = file, .events = POLLIN | POLLOUT | POLLPRI | POLLRDHUP};
    CHECK(poll(&entry, 1, 0) >= 0);
    return entry.revents;
}

static void capacity(void) {
    int ends[2];
    CHECK(pipe2(ends, O_NONBLOCK | O_CLOEXEC) == 0);
    CHECK(fcntl(ends[0], F_GETFD) == FD_CLOEXEC && fcntl(ends[1], F_GETFD) == FD_CLOEXEC);
    CHECK((fcntl(ends[0], F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == (O_RDONLY | O_NONBLOCK));
    CHECK((fcntl(ends[1], F_GETFL) & (O_ACCMODE | O_NONBLOCK)) == (O_WRONLY | O_NONBLOCK));
    CHECK(fcntl(ends[0], F_GETPIPE_SZ) == 65536);
    CHECK_ERROR(read(ends[0], buffer, 1), EAGAIN);
    CHECK(read(ends[0], buffer, 0) == 0);
    CHECK(readiness(ends[0]) == 0 && readiness(ends[1]) == POLLOUT);

    CHECK(write(ends[1], buffer, sizeof buffer) == 65536);
    CHECK_ERROR(write(ends[1], buffer, 1), EAGAIN);
    CHECK(readiness(ends[0]) == POLLIN && readiness(ends[1]) == 0);
    int waiting = 0;
    CHECK(ioctl(ends[0], FIONREAD, &waiting) == 0 && waiting == 65536);
    /* Room appears by whole pages. */
    CHECK(read(ends[0], buffer, 4095) == 4095);
    CHECK_ERROR(write(ends[1], buffer, 1), EAGAIN);
    CHECK(read(ends[0], buffer, 1) == 1);
    CHECK(readiness(ends[1]) == POLLOUT);
    CHECK(write(ends[1], buffer, 1) == 1);
    CHECK(write(ends[1], buffer, 4095) == 4095);
    CHECK_ERROR(write(ends[1], buffer, 1), EAGAIN);
    while (read(ends[0], buffer, sizeof buffer) > 0) {
    }

    /* A write that does not fit the last page whole begins a new one: 3000 bytes take a page each. */
    int written = 0;
    while (write(ends[1], buffer, 3000) == 3000) {
        written++;
    }
    CHECK(written == 16 && errno == EAGAIN);
    CHECK(read(ends[0], buffer, sizeof buffer) == 48000);

    CHECK(fcntl(ends[1], F_SETPIPE_SZ, 5000) == 8192 && fcntl(ends[0], F_GETPIPE_SZ) == 8192);
    CHECK(write(ends[1], buffer, sizeof buffer) == 8192);
    CHECK_ERROR(fcntl(ends[1], F_SETPIPE_SZ, 4096), EBUSY);
    CHECK(fcntl(ends[1], F_SETPIPE_SZ, 131072) == 131072);
    CHECK(readiness(ends[1]) == POLLOUT);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void errors(void) {
    int ends[2];
    CHECK_ERROR(pipe2(ends, 1), EINVAL);
    CHECK_ERROR(pipe(nowhere()), EFAULT);
    CHECK(pipe(ends) == 0);
    CHECK_ERROR(write(ends[0], "a", 1), EBADF);
    CHECK_ERROR(read(ends[1], buffer, 1), EBADF);
    CHECK_ERROR(lseek(ends[0], 0, SEEK_SET), ESPIPE);
    CHECK_ERROR(pread(ends[0], buffer, 1, 0), ESPIPE);
    CHECK_ERROR(pwrite(ends[1], buffer, 1, 0), ESPIPE);
    CHECK_ERROR(fsync(ends[1]), EINVAL);
    CHECK_ERROR(ftruncate(ends[1], 0), EINVAL);
    CHECK_ERROR(ioctl(ends[0], TCGETS, buffer), ENOTTY);
    CHECK_ERROR(write(ends[1], nowhere(), 1), EFAULT);
    CHECK(write(ends[1], "abc", 3) == 3);
    CHECK_ERROR(read(ends[0], nowhere(), 3), EFAULT);
    struct stat status;
    CHECK(fstat(ends[0], &status) == 0 && S_ISFIFO(status.st_mode) && status.st_size == 0);
    struct stat other;
    CHECK(fstat(ends[1], &other) == 0 && status.st_ino == other.st_ino);
    int free_number = dup(ends[0]);
    CHECK(close(free_number) == 0);
    CHECK_ERROR(read(free_number, buffer, 1), EBADF);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void ends_that_close(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK(write(ends[1], "last words", 10) == 10);
    CHECK(close(ends[1]) == 0);
    CHECK(readiness(ends[0]) == (POLLIN | POLLHUP));
    CHECK(read(ends[0], buffer, sizeof buffer) == 10 && memcmp(buffer, "last words", 10) == 0);
    CHECK(readiness(ends[0]) == POLLHUP);
    CHECK(read(ends[0], buffer, sizeof buffer) == 0);
    CHECK(close(ends[0]) == 0);

    CHECK(pipe(ends) == 0);
    CHECK(close(ends[0]) == 0);
    CHECK(readiness(ends[1]) == (POLLOUT | POLLERR));
    struct sigaction action = {.sa_handler = count};
    CHECK(sigaction(SIGPIPE, &action, NULL) == 0);
    CHECK_ERROR(write(ends[1], "a", 1), EPIPE);
    CHECK(signals == 1);
    action.sa_handler = SIG_IGN;
    CHECK(sigaction(SIGPIPE, &action, NULL) == 0);
    CHECK_ERROR(write(ends[1], "a", 1), EPIPE);
    CHECK(signals == 1);
    CHECK(close(ends[1]) == 0);
}

static void packets(void) {
    int ends[2];
    CHECK(pipe2(ends, O_DIRECT | O_NONBLOCK) == 0);
    CHECK(write(ends[1], "first", 5) == 5 && write(ends[1], "second", 6) == 6);
    CHECK(read(ends[0], buffer, 3) == 3 && memcmp(buffer, "fir", 3) == 0);
    CHECK(read(ends[0], buffer, 100) == 6 && memcmp(buffer, "second", 6) == 0);
    CHECK_ERROR(read(ends[0], buffer, 100), EAGAIN);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

static void vectors(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct iovec out[3] = {{"one", 3}, {NULL, 0}, {"two", 3}};
    CHECK(writev(ends[1], out, 3) == 6);
    char first[2], second[10];
    struct iovec in[2] = {{first, 2}, {second, 10}};
    CHECK(readv(ends[0], in, 2) == 6);
    CHECK(memcmp(first, "on", 2) == 0 && memcmp(second, "etwo", 4) == 0);
    volatile int too_few = -1, too_many = 1025;
    CHECK_ERROR(readv(ends[0], in, too_few), EINVAL);
    CHECK_ERROR(writev(ends[1], out, too_many), EINVAL);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

/* A blocking write larger than the pipe waits for its reader and comes back whole. */
static void large_write(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        close(ends[1]);
        uint32_t sum = 0;
        size_t total = 0;
        unsigned char part[7777];
        ssize_t length;
        while ((length = read(ends[0], part, sizeof part)) > 0) {
            for (ssize_t i = 0; i < length; i++) {
                sum = sum * 31 + part[i];
            }
            total += length;
        }
        uint32_t expected = 0;
        for (size_t i = 0; i < sizeof buffer; i++) {
            expected = expected * 31 + (unsigned char)(i * 7 >> 3);
        }
        _exit(total == sizeof buffer && sum == expected ? 0 : 1);
    }
    close(ends[0]);
    for (size_t i = 0; i < sizeof buffer; i++) {
        buffer[i] = (char)(i * 7 >> 3);
    }
    CHECK(write(ends[1], buffer, sizeof buffer) == (ssize_t)sizeof buffer);
    CHECK(close(ends[1]) == 0);
    int status;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void interrupted(void) {
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct sigaction action = {.sa_handler = count};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    signals = 0;
    ualarm(20000, 0);
    CHECK_ERROR(read(ends[0], buffer, 1), EINTR);
    CHECK(signals == 1);
    /* What was written before the signal counts. */
    ualarm(20000, 0);
    CHECK(write(ends[1], buffer, sizeof buffer) == 65536);
    CHECK(signals == 2);
    action.sa_flags = SA_RESTART;
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct timespec time = {.tv_nsec = 60000000};
        nanosleep(&time, NULL);
        _exit(read(ends[0], buffer, 4096) == 4096 ? 0 : 1);
    }
    ualarm(20000, 0);
    CHECK(write(ends[1], buffer, 1) == 1);
    CHECK(signals == 3);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0);
}

int main(void) {
    capacity();
    errors();
    ends_that_close();
    packets();
    vectors();
    large_write();
    interrupted();
    return 0;
}
