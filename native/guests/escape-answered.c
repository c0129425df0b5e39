/*
 * Makes calls that the shim does not catch, and sees that they are answered all the same as those it does; then executes a shell
 * that exits with 5. `without-shim`: one more from a thread that has lost the shim's state, which cannot be.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "escape.h"

#define ARCH_SET_GS 0x1001
#define VSYSCALL_TIME 0xffffffffff600400
#define YEAR_2001 978307200

/* Each use is a site of its own: one that traps often becomes a jump, and escapes no more. */
__attribute__((always_inline)) static inline long raw(long number, long first, long second, long third, long fourth) {
    register long r10 __asm__("r10") = fourth;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(first), "S"(second), "d"(third), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

static bool has_vsyscall(void) {
    char line[256];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        found |= strstr(line, "[vsyscall]") != NULL;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

static long seconds(void) {
    struct timespec now = {0};
    CHECK(raw(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0, 0) == 0);
    return now.tv_sec;
}

static void time_is_virtual(void) {
    long before = seconds();
    CHECK(before < YEAR_2001);
    struct timespec pause = {.tv_sec = 3};
    CHECK(raw(SYS_nanosleep, (long)&pause, 0, 0, 0) == 0);
    CHECK(seconds() - before == 3);
}

static void the_vsyscall_page_shows_virtual_time(void) {
    if (has_vsyscall()) {
        time_t (*old_time)(time_t *) = (time_t(*)(time_t *))VSYSCALL_TIME;
        time_t stored = 0, told = old_time(&stored);
        CHECK(told == seconds() && stored == told);
    }
}

static void sockets_are_simulated(void) {
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(7777)}, found = {0};
    socklen_t length = sizeof found;
    own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    long socket = raw(SYS_socket, AF_INET, SOCK_DGRAM, 0, 0);
    CHECK(socket > 2);
    CHECK(raw(SYS_bind, socket, (long)&own, sizeof own, 0) == 0);
    CHECK(raw(SYS_getsockname, socket, (long)&found, (long)&length, 0) == 0);
    CHECK(found.sin_port == htons(7777));
    CHECK(raw(SYS_connect, socket, (long)&own, sizeof own, 0) == 0);
    char buffer[8] = "";
    CHECK(raw(SYS_write, socket, (long)"twice", 5, 0) == 5);
    CHECK(raw(SYS_read, socket, (long)buffer, sizeof buffer, 0) == 5 && strcmp(buffer, "twice") == 0);
    CHECK(raw(SYS_close, socket, 0, 0, 0) == 0);
}

static void files_are_the_kernels(void) {
    char buffer[8] = "";
    long file = raw(SYS_openat, AT_FDCWD, (long)"escaped", O_RDWR | O_CREAT, 0600);
    CHECK(file > 2);
    CHECK(raw(SYS_write, file, (long)"inside", 6, 0) == 6);
    CHECK(raw(SYS_pread64, file, (long)buffer, sizeof buffer, 0) == 6 && strcmp(buffer, "inside") == 0);
    CHECK(raw(SYS_close, file, 0, 0, 0) == 0);
}

static int handled;

static void handle(int signal) {
    handled = signal;
}

static void signals_are_delivered(void) {
    signal(SIGUSR1, handle);
    CHECK(raw(SYS_kill, raw(SYS_getpid, 0, 0, 0, 0), SIGUSR1, 0, 0) == 0);
    CHECK(handled == SIGUSR1);
    CHECK(raw(SYS_kill, 1, SIGUSR1, 0, 0) < 0);
}

static void children_are_born(void) {
    int status = 0;
    CHECK(raw(SYS_getpid, 0, 0, 0, 0) == 1000);
    long child = raw(SYS_fork, 0, 0, 0, 0);
    if (child == 0) {
        raw(SYS_exit_group, raw(SYS_getppid, 0, 0, 0, 0) == 1000 ? 7 : 8, 0, 0, 0);
    }
    CHECK(child > 1000);
    CHECK(raw(SYS_wait4, child, (long)&status, 0, 0) == child && WEXITSTATUS(status) == 7);
}

int main(int argc, char **argv) {
    the_vsyscall_page_shows_virtual_time();
    CHECK(end_dispatch());
    time_is_virtual();
    the_vsyscall_page_shows_virtual_time();
    sockets_are_simulated();
    files_are_the_kernels();
    signals_are_delivered();
    children_are_born();
    if (argc == 2 && strcmp(argv[1], "without-shim") == 0) {
        from_inside_the_shim(SYS_arch_prctl, ARCH_SET_GS, 0);
        raw(SYS_socket, AF_INET, SOCK_STREAM, 0, 0);
        return 6;
    }
    char *arguments[] = {"sh", "-c", "exit 5", NULL}, *none[] = {NULL};
    raw(SYS_execve, (long)"/bin/sh", (long)arguments, (long)none, 0);
    return 1;
}
