/* fork-bomb: forks in parent and child alike until it is refused, then waits for its children. */
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void) {
    while (fork() >= 0) {
    }
    int refused = errno == EAGAIN;
    for (int n = 0; n < 20; n++) {
        sched_yield();
    }
    int status, good = 1;
    while (wait4(-1, &status, 0, NULL) > 0) {
        good = good && status == 0;
    }
    return refused && good ? 0 : 1;
}
