/* close-everything: closes every descriptor there can be, one by one and as a range, and goes on. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    for (int descriptor = 0; descriptor < 32768; descriptor++) {
        close(descriptor);
    }
    if (syscall(SYS_close_range, 0, ~0u, 0) != 0) {
        return 1;
    }
    for (int n = 0; n < 100; n++) {
        if (sched_yield() != 0) {
            return 2;
        }
    }
    if (open("/", O_RDONLY | O_DIRECTORY) != 0) {
        return 3;
    }
    pid_t child = fork();
    if (child == 0) {
        execl("/bin/true", "true", (char *)NULL);
        _exit(9);
    }
    int status;
    return child > 0 && wait4(child, &status, 0, NULL) == child && status == 0 ? 0 : 4;
}
