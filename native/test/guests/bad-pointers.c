/* A pointer to nowhere is an error of the call, not a crash, whoever reads it. */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#define REFUSED(call)                         \
    do {                                      \
        errno = 0;                            \
        CHECK((call) == -1 && errno == EFAULT); \
    } while (0)

int main(void) {
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(munmap(pages + 4096, 4096) == 0);
    char *edge = pages + 4096;
    void *const nowhere[] = {(void *)8, edge, (void *)0x7ffffffff000, (void *)0x8000000000000000, (void *)-8};
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
    CHECK(write(pair[1], "abcdefgh", 8) == 8);
    struct iovec out;
    for (unsigned i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
        void *bad = nowhere[i];
        REFUSED(syscall(SYS_open, bad, O_RDONLY));
        REFUSED(syscall(SYS_openat, AT_FDCWD, bad, O_RDONLY));
        REFUSED(syscall(SYS_stat, bad, pages));
        REFUSED(syscall(SYS_stat, "/", bad));
        REFUSED(syscall(SYS_statx, AT_FDCWD, "/", 0, 0xfff, bad));
        REFUSED(syscall(SYS_fstat, 0, bad));
        REFUSED(syscall(SYS_write, pair[0], bad, 10));
        REFUSED(syscall(SYS_getrandom, bad, 10, 0));
        REFUSED(syscall(SYS_clock_gettime, CLOCK_REALTIME, bad));
        REFUSED(syscall(SYS_gettimeofday, bad, NULL));
        REFUSED(syscall(SYS_rt_sigaction, SIGUSR1, bad, NULL, 8));
        REFUSED(syscall(SYS_rt_sigprocmask, 0, bad, NULL, 8));
        REFUSED(syscall(SYS_nanosleep, bad, NULL));
        REFUSED(syscall(SYS_sendmsg, pair[0], bad, 0));
        REFUSED(syscall(SYS_recvmsg, pair[0], bad, 0));
        REFUSED(syscall(SYS_writev, pair[0], bad, 2));
        REFUSED(syscall(SYS_poll, bad, 1, 0));
        REFUSED(syscall(SYS_execve, bad, NULL, NULL));
        REFUSED(syscall(SYS_execve, "/bin/true", NULL, bad));
        REFUSED(syscall(SYS_pipe2, bad, 0));
        REFUSED(syscall(SYS_uname, bad));
        out = (struct iovec){bad, 10};
        struct msghdr message = {.msg_iov = &out, .msg_iovlen = 1};
        REFUSED(syscall(SYS_sendmsg, pair[0], &message, 0));
        message.msg_iov = bad;
        REFUSED(syscall(SYS_sendmsg, pair[0], &message, 0));
        REFUSED(syscall(SYS_clone3, bad, 88));
    }
    /* Strings and buffers that end where memory ends. */
    strcpy(edge - 2, "/");
    CHECK(access(edge - 2, F_OK) == 0);
    edge[-1] = 'x';
    REFUSED(access(edge - 2, F_OK));
    struct timespec *time = (struct timespec *)(edge - 16);
    CHECK(syscall(SYS_clock_gettime, CLOCK_REALTIME, time) == 0);
    REFUSED(syscall(SYS_clock_gettime, CLOCK_REALTIME, (char *)time + 8));
    /* The engine's object: what it takes comes through the ranges, or it says EFAULT. */
    int event = eventfd(7700, 0);
    CHECK(event >= 0);
    REFUSED(syscall(SYS_write, event, edge, 8));
    REFUSED(syscall(SYS_read, event, edge, 8));
    return 0;
}
