/* The end: of the zygote, and of every process below it. */
#include "zygote.h"
#include "gate.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("gnomon-zygote: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

static int kill_children(void) {
    DIR *proc = opendir("/proc");
    if (proc == NULL) {
        return -1;
    }
    int self = (int)getpid();
    struct dirent *entry;
    while ((entry = readdir(proc)) != NULL) {
        char *end;
        long pid = strtol(entry->d_name, &end, 10);
        if (*end != 0 || pid <= 1) {
            continue;
        }
        char path[64], text[512];
        snprintf(path, sizeof path, "/proc/%ld/stat", pid);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        if (file < 0) {
            continue;
        }
        ssize_t length = read(file, text, sizeof text - 1);
        close(file);
        if (length <= 0) {
            continue;
        }
        text[length] = 0;
        /* The name in parentheses may hold anything, so the fields are counted from its last parenthesis. */
        char *fields = strrchr(text, ')');
        int parent;
        if (fields != NULL && sscanf(fields + 1, " %*c %d", &parent) == 1 && parent == self) {
            gate_call(SYS_kill, pid, SIGKILL, 0, 0, 0);
        }
    }
    closedir(proc);
    return 0;
}

/* Kills children until there are none: the orphans of those killed become children of this subreaper. */
void kill_descendants(void) {
    static const struct timespec pause = {.tv_nsec = 1000000};
    while (kill_children() == 0) {
        pid_t pid;
        while ((pid = waitpid(-1, NULL, __WALL | WNOHANG)) > 0) {
        }
        if (pid < 0 && errno == ECHILD) {
            return;
        }
        nanosleep(&pause, NULL); /* others may bury them too, and somebody may have been born meanwhile */
    }
}

void end_zygote(void) {
    if (!(namespaces & ZYGOTE_NAMESPACE_PID)) {
        close_nurseries();
        kill_descendants();
    }
    _exit(0);
}
