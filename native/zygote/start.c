/* Starting a guest: a child on the memory of the nursery, which waits, that becomes the program. */
#include "zygote.h"
#include "catcher.h"
#include "gate.h"
#include "../tracer/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Program, working directory, standard input, output, error. */
#define LEADING_STRINGS 5

/* Of the new process until it has executed its program. */
#define BIRTH_STACK_BYTES 16384

static int place(const char *path, int flags, int descriptor) {
    int opened = open(path, flags | O_CLOEXEC | O_NOCTTY, 0644);
    return opened < 0 ? -1 : dup2(opened, descriptor);
}

bool injects(uint32_t mechanism) {
    return mechanism == ZYGOTE_INJECT || mechanism == ZYGOTE_NOTIFY || mechanism == ZYGOTE_HYBRID;
}

bool stands_behind_wall(uint32_t mechanism) {
    return mechanism != ZYGOTE_PTRACE && mechanism != ZYGOTE_HYBRID;
}

void become_guest(void *argument) {
    static const sigset_t none;
    struct start *start = argument;
    int step;
    if (!(namespaces & ZYGOTE_NAMESPACE_PID)) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    step = ZYGOTE_STEP_INPUT;
    if (place(start->input, O_RDONLY, STDIN_FILENO) < 0) {
        goto failed;
    }
    step = ZYGOTE_STEP_OUTPUT;
    if (place(start->output, O_WRONLY | O_CREAT | O_APPEND, STDOUT_FILENO) < 0) {
        goto failed;
    }
    step = ZYGOTE_STEP_ERROR;
    if (place(start->error, O_WRONLY | O_CREAT | O_APPEND, STDERR_FILENO) < 0) {
        goto failed;
    }
    step = ZYGOTE_STEP_DIRECTORY;
    if (chdir(start->directory) < 0) {
        goto failed;
    }
    setrlimit(RLIMIT_NOFILE, &guest_descriptors);
    step = ZYGOTE_STEP_NOTIFY;
    if (start->mechanism == ZYGOTE_NOTIFY && notify_install(start->hand_over) < 0) {
        goto failed;
    }
    step = ZYGOTE_STEP_TRACE;
    if (injects(start->mechanism) && gate_try(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0, 0) < 0) {
        goto failed;
    }
    sigprocmask(SIG_SETMASK, &none, NULL);
    step = ZYGOTE_STEP_NOTIFY;
    if (start->mechanism == ZYGOTE_HYBRID) {
        prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0); /* the catcher is no ancestor (Yama) */
        if (escape_filter_install(start->hand_over) < 0) {
            goto failed;
        }
    }
    step = ZYGOTE_STEP_TRACE;
    if (start->mechanism == ZYGOTE_PTRACE && tracer_filter(start->stops_at_all_calls) < 0) {
        goto failed;
    }
    step = ZYGOTE_STEP_EXECUTE;
    gate_try(SYS_execve, (long)start->program, (long)start->arguments, (long)start->environment, 0, 0);
failed:
    start->failed_errno = errno;
    start->failed_step = step;
    gate_call(SYS_exit_group, 127, 0, 0, 0, 0);
    __builtin_unreachable();
}

/* The process as the engine's /proc shows it: the kernel translates in the information on a pidfd. 0 where unknown. */
int outer_pid(pid_t pid) {
    if (!(namespaces & ZYGOTE_NAMESPACE_PID)) {
        return (int)pid;
    }
    int pidfd = (int)gate_try(SYS_pidfd_open, pid, 0, 0, 0, 0);
    if (pidfd < 0) {
        return 0;
    }
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/self/fdinfo/%d", pidfd);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0) {
        close(file);
    }
    close(pidfd);
    if (length <= 0) {
        return 0;
    }
    text[length] = 0;
    const char *line = strstr(text, "\nPid:");
    int outer = 0;
    return line != NULL && sscanf(line, "\nPid: %d", &outer) == 1 && outer > 0 ? outer : 0;
}

/* The strings of a request, with a terminating NULL after the arguments and after the environment. NULL where the request is
 * malformed or memory is used up, with errno. */
static char **strings_of(const struct zygote_spawn *header, const char *at, const char *end) {
    uint64_t count = (uint64_t)header->argument_count + header->environment_count + LEADING_STRINGS;
    if (count > (uint64_t)(end - at) || header->argument_count == 0) {
        errno = EINVAL;
        return NULL;
    }
    char **strings = calloc(count + 2, sizeof *strings);
    uint64_t arguments_end = LEADING_STRINGS + (uint64_t)header->argument_count;
    for (uint64_t n = 0; strings != NULL && n < count; n++) {
        const char *nul = memchr(at, 0, (size_t)(end - at));
        if (nul == NULL) {
            free(strings);
            errno = EINVAL;
            return NULL;
        }
        strings[n < arguments_end ? n : n + 1] = (char *)at;
        at = nul + 1;
    }
    return strings;
}

/* -1 with errno where there is no new process. */
static pid_t spawn(struct start *start) {
    uint8_t stack[BIRTH_STACK_BYTES];
    long born = gate_birth(become_guest, start, stack + sizeof stack);
    if (born < 0) {
        errno = (int)-born;
        return -1;
    }
    return (pid_t)born;
}

/* Sets *listener where the guest could be started. */
static pid_t spawn_notifying(struct start *start, int *listener) {
    int ends[2];
    if (gate_try(SYS_socketpair, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, (long)ends, 0) < 0) {
        return -1;
    }
    start->hand_over = ends[1];
    pid_t pid = spawn(start);
    int spawn_errno = errno;
    *listener = pid > 0 ? notify_listener(ends[0]) : -1;
    close(ends[0]);
    close(ends[1]);
    if (start->failed_step != 0 && *listener >= 0) {
        close(*listener);
    }
    errno = spawn_errno;
    return pid;
}

pid_t spawn_guest(const char *payload, uint32_t length) {
    struct zygote_spawn header;
    memcpy(&header, payload, sizeof header);
    char **strings = strings_of(&header, payload + sizeof header, payload + length);
    if (strings == NULL) {
        tell(ZYGOTE_FAILED, header.place.request, 0, errno, ZYGOTE_STEP_REQUEST);
        return -1;
    }
    struct start start = {
        .program = strings[0],
        .directory = strings[1],
        .input = strings[2],
        .output = strings[3],
        .error = strings[4],
        .arguments = strings + LEADING_STRINGS,
        .environment = strings + LEADING_STRINGS + header.argument_count + 1,
        .mechanism = header.mechanism,
        .hand_over = catcher_socket(),
    };
    int listener = -1;
    uint32_t lost_before = catchers_lost();
    pid_t pid = header.mechanism == ZYGOTE_PTRACE   ? spawn_traced(&start, &header)
                : header.mechanism == ZYGOTE_NOTIFY ? spawn_notifying(&start, &listener)
                                                    : spawn(&start);
    int spawn_errno = errno;
    free(strings);
    if (pid < 0) {
        tell(ZYGOTE_FAILED, header.place.request, 0, spawn_errno, ZYGOTE_STEP_FORK);
        return -1;
    }
    if (start.failed_step != 0) {
        if (pid > 0) {
            waitpid(pid, NULL, 0);
        }
        tell(ZYGOTE_FAILED, header.place.request, 0, start.failed_errno, start.failed_step);
        return -1;
    }
    header.place.pid = (int32_t)pid;
    if (injects(start.mechanism)) {
        expect_execution(&header.place, header.copies > 0);
    }
    tell(ZYGOTE_STARTED, header.place.request, (int32_t)pid, outer_pid(pid), listener);
    if (start.mechanism == ZYGOTE_HYBRID && catchers_lost() != lost_before) {
        /* Its listener may have gone to the one that died, of which the engine heard before it heard of the guest. */
        tell(ZYGOTE_LOST, 0, (int32_t)pid, 0, ZYGOTE_LOSS_UNCAUGHT);
        gate_call(SYS_kill, pid, SIGKILL, 0, 0, 0);
    }
    return pid;
}
