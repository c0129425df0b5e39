/* Waiting for a file's lock ends when its holder lets go, or with a signal. */
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/wait.h>

static char name[] = "/tmp/gnomon-lock-XXXXXX";

static void handler(int number) {
    (void)number;
}

static int lock_file(int descriptor, int by_record) {
    struct flock record = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
    return by_record ? fcntl(descriptor, F_SETLKW, &record) : flock(descriptor, LOCK_EX);
}

static pid_t waiter(int by_record) {
    pid_t pid = fork();
    if (pid == 0) {
        int descriptor = open(name, O_RDWR);
        errno = 0;
        int result = lock_file(descriptor, by_record);
        _exit(result == 0 ? 5 : errno == EINTR ? 6 : 7);
    }
    return pid;
}

static int status_of(pid_t pid) {
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status));
    return WEXITSTATUS(status);
}

int main(void) {
    int descriptor = mkstemp(name);
    struct sigaction action = {.sa_handler = handler};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    for (int by_record = 0; by_record < 2; by_record++) {
        CHECK(lock_file(descriptor, by_record) == 0);
        pid_t pid = waiter(by_record);
        usleep(20000);
        CHECK(kill(pid, SIGUSR1) == 0);
        CHECK(status_of(pid) == 6);
        pid = waiter(by_record);
        usleep(20000);
        CHECK(waitpid(pid, NULL, WNOHANG) == 0);
        struct flock record = {.l_type = F_UNLCK, .l_whence = SEEK_SET};
        CHECK((by_record ? fcntl(descriptor, F_SETLK, &record) : flock(descriptor, LOCK_UN)) == 0);
        CHECK(status_of(pid) == 5);
    }
    /* With SA_RESTART the wait goes on after the handler. */
    action.sa_flags = SA_RESTART;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    CHECK(lock_file(descriptor, 0) == 0);
    pid_t pid = waiter(0);
    usleep(20000);
    CHECK(kill(pid, SIGUSR1) == 0);
    usleep(20000);
    CHECK(waitpid(pid, NULL, WNOHANG) == 0);
    CHECK(flock(descriptor, LOCK_UN) == 0);
    CHECK(status_of(pid) == 5);
    CHECK(unlink(name) == 0);
    return 0;
}
