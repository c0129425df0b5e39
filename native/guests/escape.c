/*
 * escape CALL: makes one call that the shim does not catch, by overwriting shim code with some of its own, which ends the
 * dispatch; the call is the kernel's to answer, or whatever stands in its way.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <gnomon/slot.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "escape.h"

static long raw(long number, long first, long second, long third) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "0"(number), "D"(first), "S"(second), "d"(third) : "rcx", "r11", "memory");
    return result;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    struct timespec now = {0};
    if (!end_dispatch()) {
        return 3;
    }
    /* What harms nothing passes, and shows that nothing catches calls any more. (x32 is for those too where something does.) */
    raw(SYS_clock_gettime, CLOCK_REALTIME, (long)&now, 0);
    if (now.tv_sec < 1000000000 && strcmp(argv[1], "x32") != 0) {
        return 4;
    }
    if (strcmp(argv[1], "socket") == 0) {
        raw(SYS_socket, AF_INET, SOCK_STREAM, 0);
    } else if (strcmp(argv[1], "kill") == 0) {
        raw(SYS_kill, 1, 0, 0);
    } else if (strcmp(argv[1], "clock_settime") == 0) {
        raw(SYS_clock_settime, CLOCK_REALTIME, (long)&now, 0);
    } else if (strcmp(argv[1], "execve") == 0) {
        char *none[] = {NULL};
        raw(SYS_execve, (long)"/bin/true", (long)none, (long)none);
    } else if (strcmp(argv[1], "x32") == 0) {
        raw(0x40000000 | SYS_getpid, 0, 0, 0);
    } else if (strcmp(argv[1], "notification") == 0) {
        /* Linux does not have the call, and whoever notifies forges the page in vain. */
        if (raw(GNOMON_CALL_NOTIFY, UINT32_MAX, GNOMON_STATE_CALL, 0) != -ENOSYS) {
            raw(SYS_exit_group, 6, 0, 0);
        }
        from_inside_the_shim(GNOMON_CALL_NOTIFY, UINT32_MAX, GNOMON_STATE_CALL);
        from_inside_the_shim(GNOMON_CALL_NOTIFY, UINT32_MAX, GNOMON_STATE_GONE);
    }
    raw(SYS_exit_group, 5, 0, 0);
    return 5;
}
