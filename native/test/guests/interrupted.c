/* A signal interrupts a call that waits; with SA_RESTART the call is made again. */
#include "check.h"
#include <signal.h>
#include <sys/wait.h>

static volatile int handled;

static void handler(int number) {
    (void)number;
    handled++;
}

static void signal_and_leave(pid_t parent) {
    usleep(20000);
    kill(parent, SIGUSR1);
    usleep(20000);
    _exit(5);
}

static pid_t start(void) {
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        signal_and_leave(parent);
    }
    return pid;
}

int main(void) {
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    int status;
    pid_t pid = start();
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(WEXITSTATUS(status) == 5 && handled == 1);
    action.sa_flags = 0;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    pid = start();
    errno = 0;
    CHECK(waitpid(pid, &status, 0) == -1 && errno == EINTR && handled == 2);
    CHECK(waitpid(pid, &status, 0) == pid);
    sigset_t blocked;
    sigset_t none;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    CHECK(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0);
    pid = start();
    errno = 0;
    CHECK(sigsuspend(&none) == -1 && errno == EINTR && handled == 3);
    sigset_t now;
    CHECK(sigprocmask(SIG_SETMASK, NULL, &now) == 0 && sigismember(&now, SIGUSR1));
    CHECK(waitpid(pid, &status, 0) == pid);
    return 0;
}
