/* spawn-and-wait N PROGRAM: N times posix_spawn (which is vfork) and fork with exec, in turn; each child must exit with 0. */
#define _GNU_SOURCE
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv) {
    if (argc < 3) {
        return 2;
    }
    char *arguments[] = {argv[2], NULL};
    for (int n = 0; n < atoi(argv[1]); n++) {
        pid_t child;
        int status;
        if (n % 2 == 0) {
            if (posix_spawn(&child, argv[2], NULL, NULL, arguments, environ) != 0) {
                return 3;
            }
        } else {
            child = fork();
            if (child == 0) {
                execv(argv[2], arguments);
                _exit(100);
            }
        }
        if (wait4(child, &status, 0, NULL) != child || status != 0) {
            fprintf(stderr, "round %d: child %d, status %x\n", n, child, status);
            return 4;
        }
    }
    if (posix_spawn(&(pid_t){0}, "/no/such", NULL, NULL, arguments, environ) == 0) {
        return 5;
    }
    return 0;
}
