/*
 * The zygote: starts guests for the engine, buries them, and takes them along when it dies.
 *
 * Two processes. The guardian is what the engine starts: it opens what guests will need, creates the zygote proper in
 * namespaces of its own, and waits for it. The zygote reads requests from standard input and writes events to standard
 * output (zygote-protocol.h); its nurseries start guests, on all processors at once. It is the parent of every guest, also of those that guests fork (the shim adds
 * CLONE_PARENT), and so the one that learns of every death.
 *
 * Nobody survives:
 *   1. The engine dies or closes the pipe: the zygote reads end of file (or sees the engine's pidfd) and exits.
 *   2. The zygote dies: it is process 1 of its PID namespace, so the kernel kills all in it. The guardian exits.
 *   3. The guardian dies: the zygote has asked to be killed with it (PR_SET_PDEATHSIG), then 2.
 *   4. No PID namespace is permitted: guests ask to be killed with the zygote; zygote and guardian are both child
 *      subreapers and watch each other, and the one left kills every descendant before it exits.
 *
 * Parts: setup.c the guests' surroundings, nursery.c the threads that have children, start.c a start, wall.c what keeps
 * escaped calls in, notify.c the filter of guests that cross by notification, escape.c and catcher.c what becomes of escaped
 * calls of hybrid guests, inject.c the shim's way into a program, trace.c
 * the start of a program without a shim (native/tracer), events.c what is told, end.c the end.
 *
 * Both have a session of their own, so a terminal's Ctrl-C reaches the engine alone, which ends the run in order.
 */
#include "zygote.h"
#include "catcher.h"
#include "wall.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* How the zygote tells the guardian that the kernel refused this set of namespaces: try a smaller one. */
#define EXIT_SETUP_REFUSED 77

#define GUEST_STACK_BYTES (8ul << 20)      /* fixed: it moves the addresses of mappings */
#define GUEST_DESCRIPTORS_SOFT 1024ul      /* the usual default */
#define GUEST_DESCRIPTORS_HARD 32768ul     /* as many as the arena's descriptor maps have bits */

uint32_t namespaces;
int zygote_outer_pid;
bool walled;
struct rlimit guest_descriptors;

static int engine_pidfd;
static int guardian_pidfd;
static const char *data_path; /* empty for none */

/* A descriptor of the process where it is an unburied child, by which it stays the same process; otherwise -1. */
static int open_child(pid_t pid) {
    siginfo_t information;
    int pidfd = pid > 1 ? (int)syscall(SYS_pidfd_open, pid, 0) : -1;
    if (pidfd >= 0 && waitid(P_PIDFD, (id_t)pidfd, &information, WEXITED | WNOHANG | WNOWAIT | __WALL) < 0) {
        close(pidfd);
        return -1;
    }
    return pidfd;
}

static void serve_target(uint32_t type, const struct zygote_target *target) {
    int child = open_child(target->pid);
    if (type == ZYGOTE_CHECK) {
        tell(ZYGOTE_CHECKED, target->request, target->pid, child >= 0 ? outer_pid(target->pid) : 0, 0);
    } else if (child >= 0) {
        syscall(SYS_pidfd_send_signal, child, SIGKILL, NULL, 0);
    }
    if (child >= 0) {
        close(child);
    }
}

static void read_fully(void *to, size_t length) {
    char *at = to;
    while (length > 0) {
        ssize_t got = read(STDIN_FILENO, at, length);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            end_zygote();
        }
        at += got;
        length -= (size_t)got;
    }
}

void serve_request(void) {
    static char *payload;
    static uint32_t capacity;
    struct zygote_request_header header;
    read_fully(&header, sizeof header);
    if (header.length > ZYGOTE_REQUEST_LIMIT) {
        fail("a request of %u bytes is too long", header.length);
    }
    if (header.length > capacity) {
        free(payload);
        payload = malloc(header.length);
        if (payload == NULL) {
            fail("no memory for a request of %u bytes", header.length);
        }
        capacity = header.length;
    }
    read_fully(payload, header.length);
    struct zygote_target target;
    switch (header.type) {
    case ZYGOTE_SPAWN: {
        struct zygote_spawn spawn;
        if (header.length < sizeof spawn) {
            break;
        }
        memcpy(&spawn, payload, sizeof spawn);
        if (spawn.mechanism == ZYGOTE_HYBRID && open_catcher() < 0) {
            tell(ZYGOTE_FAILED, spawn.place.request, 0, errno, ZYGOTE_STEP_FORK);
        } else {
            queue_start(payload, header.length);
        }
        return;
    }
    case ZYGOTE_EXPECT: {
        struct zygote_place place;
        if (header.length != sizeof place) {
            break;
        }
        memcpy(&place, payload, sizeof place);
        expect_execution(&place, false);
        return;
    }
    case ZYGOTE_KILL:
    case ZYGOTE_CHECK:
    case ZYGOTE_TAKEN:
        if (header.length != sizeof target) {
            break;
        }
        memcpy(&target, payload, sizeof target);
        if (header.type == ZYGOTE_TAKEN) {
            close(target.pid);
        } else {
            serve_target(header.type, &target);
        }
        return;
    default:
        break;
    }
    fail("request type %u of %u bytes is not known", header.type, header.length);
}

static void __attribute__((noreturn)) serve(uint32_t entered, int refused, uid_t user, gid_t group, int randomized) {
    namespaces = entered;
    if (entered & ZYGOTE_NAMESPACE_USER) {
        if (map_identity(user, group) < 0) {
            _exit(EXIT_SETUP_REFUSED);
        }
    }
    int shared_memory_errno = 0;
    int data_errno = 0;
    if (entered & ZYGOTE_NAMESPACE_MOUNT) {
        /* Of this namespace, and before anything covers it. */
        int data_directory = data_path[0] == 0 ? -1 : open(data_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (data_path[0] != 0 && data_directory < 0) {
            fail("cannot open %s: %s", data_path, strerror(errno));
        }
        if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0) {
            _exit(EXIT_SETUP_REFUSED);
        }
        if (mount("gnomon", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") < 0) {
            shared_memory_errno = errno;
        } else if (data_directory >= 0) {
            if (show_data_directory(data_directory) < 0) {
                data_errno = errno;
            } else {
                entered |= ZYGOTE_DATA_SHOWN;
            }
            close(data_directory);
        }
    }
    if (entered & ZYGOTE_NAMESPACE_PID) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    } else {
        prctl(PR_SET_CHILD_SUBREAPER, 1);
    }
    if (entered & ZYGOTE_NAMESPACE_USER) {
        drop_capabilities();
    }

    /* Stops are news for the nurseries alone. */
    const struct sigaction deaths_only = {.sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP};
    sigaction(SIGCHLD, &deaths_only, NULL);
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    int deaths = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
    if (deaths < 0) {
        fail("signalfd: %s", strerror(errno));
    }

    char link[32] = "";
    ssize_t length = readlink("/proc/self", link, sizeof link - 1);
    link[length < 0 ? 0 : length] = 0;
    zygote_outer_pid = atoi(link);
    int wall_errno = walled ? wall_prepare(&shim_image) : 0;
    walled = walled && wall_errno == 0;
    int trace_errno = inject_probe();
    if (trace_errno == 0) {
        entered |= ZYGOTE_TRACES;
    }
    tell(ZYGOTE_HELLO, 0, zygote_outer_pid, (int32_t)entered, 0);
    const struct {
        int error;
        enum zygote_notice notice;
    } notices[] = {
        {refused, ZYGOTE_NOTICE_NAMESPACES},         {shared_memory_errno, ZYGOTE_NOTICE_SHARED_MEMORY},
        {data_errno, ZYGOTE_NOTICE_DATA},            {randomized, ZYGOTE_NOTICE_RANDOMIZE},
        {trace_errno, ZYGOTE_NOTICE_TRACE},          {wall_errno, ZYGOTE_NOTICE_WALL},
    };
    for (size_t n = 0; n < sizeof notices / sizeof *notices; n++) {
        if (notices[n].error != 0) {
            tell(ZYGOTE_NOTICE, 0, 0, notices[n].error, notices[n].notice);
        }
    }

    int called = open_nurseries();
    if (called < 0) {
        fail("eventfd: %s", strerror(errno));
    }
    struct pollfd watched[] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = deaths, .events = POLLIN},
        {.fd = engine_pidfd, .events = POLLIN},
        {.fd = guardian_pidfd, .events = POLLIN},
        {.fd = called, .events = POLLIN},
    };
    for (;;) {
        if (poll(watched, sizeof watched / sizeof *watched, -1) < 0 && errno != EINTR) {
            fail("poll: %s", strerror(errno));
        }
        if (watched[2].revents != 0 || watched[3].revents != 0) {
            end_zygote();
        }
        if (watched[1].revents != 0) {
            struct signalfd_siginfo taken[16];
            while (read(deaths, taken, sizeof taken) > 0) {
            }
            attend_orphans();
        }
        if (watched[4].revents != 0) {
            attend_nurseries();
        } else if (watched[0].revents != 0) {
            serve_request();
        }
    }
}

static void keep_descriptor(const char *path, int flags, int number) {
    int opened = open(path, flags | O_CLOEXEC);
    if (opened < 0) {
        fail("cannot open %s: %s", path, strerror(errno));
    }
    if (dup3(opened, number, O_CLOEXEC) < 0) {
        fail("cannot keep %s as descriptor %d: %s", path, number, strerror(errno));
    }
    close(opened);
}

static void ignore_broken_pipe(int signal) {
    (void)signal; /* write reports it; a handler, unlike SIG_IGN, does not outlive execve */
}

static void limit(int resource, rlim_t soft, rlim_t hard) {
    struct rlimit now;
    if (getrlimit((enum __rlimit_resource)resource, &now) == 0) {
        now.rlim_max = hard < now.rlim_max ? hard : now.rlim_max;
        now.rlim_cur = soft < now.rlim_max ? soft : now.rlim_max;
        setrlimit((enum __rlimit_resource)resource, &now);
    }
}

static uint32_t namespace_bits(unsigned long flags) {
    return (flags & CLONE_NEWUSER ? ZYGOTE_NAMESPACE_USER : 0u) | (flags & CLONE_NEWPID ? ZYGOTE_NAMESPACE_PID : 0u) |
           (flags & CLONE_NEWNS ? ZYGOTE_NAMESPACE_MOUNT : 0u) | (flags & CLONE_NEWIPC ? ZYGOTE_NAMESPACE_IPC : 0u) |
           (flags & CLONE_NEWNET ? ZYGOTE_NAMESPACE_NETWORK : 0u) | (flags & CLONE_NEWUTS ? ZYGOTE_NAMESPACE_UTS : 0u);
}

int main(int argc, char **argv) {
    if (argc < 7) {
        fputs("usage: gnomon-zygote ENGINE-PID PERMITTED ARENA SHIM IMAGE DATA-DIRECTORY [CARRIED-FILE ...]\n", stderr);
        return 2;
    }
    setsid();
    pid_t engine = (pid_t)atoi(argv[1]);
    engine_pidfd = (int)syscall(SYS_pidfd_open, engine, 0);
    if (engine_pidfd < 0) {
        fail("cannot watch the engine, process %d: %s", (int)engine, strerror(errno));
    }
    guardian_pidfd = (int)syscall(SYS_pidfd_open, getpid(), 0);
    fcntl(engine_pidfd, F_SETFD, FD_CLOEXEC);
    fcntl(guardian_pidfd, F_SETFD, FD_CLOEXEC);
    if (argc - 7 > ZYGOTE_DESCRIPTORS_LIMIT - ZYGOTE_FIRST_CARRIED_DESCRIPTOR) {
        fail("%d carried files are too many", argc - 7);
    }
    keep_descriptor(argv[3], O_RDWR, ZYGOTE_ARENA_DESCRIPTOR);
    keep_descriptor(argv[4], O_RDONLY, ZYGOTE_SHIM_DESCRIPTOR);
    keep_descriptor(argv[5], O_RDONLY, ZYGOTE_IMAGE_DESCRIPTOR);
    if (!inject_prepare(ZYGOTE_IMAGE_DESCRIPTOR)) {
        fail("the image %s is of another version", argv[5]);
    }
    data_path = argv[6];
    for (int n = 7; n < argc; n++) {
        keep_descriptor(argv[n], O_RDONLY, ZYGOTE_FIRST_CARRIED_DESCRIPTOR + n - 7);
    }

    /* Guests inherit all of this; nothing of the engine's surroundings may show. */
    for (int signal = 1; signal < NSIG; signal++) {
        struct sigaction action = {.sa_handler = signal == SIGPIPE ? ignore_broken_pipe : SIG_DFL};
        sigaction(signal, &action, NULL);
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    umask(022);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); /* a set-user-ID guest would refuse the preloaded shim */
    limit(RLIMIT_CORE, 0, RLIM_INFINITY);
    limit(RLIMIT_STACK, GUEST_STACK_BYTES, RLIM_INFINITY);
    limit(RLIMIT_NOFILE, GUEST_DESCRIPTORS_SOFT, GUEST_DESCRIPTORS_HARD);
    getrlimit(RLIMIT_NOFILE, &guest_descriptors);
    limit(RLIMIT_NOFILE, GUEST_DESCRIPTORS_HARD, GUEST_DESCRIPTORS_HARD); /* the zygote's own, for listeners and files */
    int randomized = personality(ADDR_NO_RANDOMIZE) < 0 ? errno : 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    static const unsigned long choices[] = {
        CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS,
        CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS,
        CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS,
        0,
    };
    unsigned long allowed = strtoul(argv[2], NULL, 0);
    walled = (allowed & ZYGOTE_WALL) != 0;
    uid_t user = geteuid();
    gid_t group = getegid();
    int refused = 0;
    for (size_t n = 0; n < sizeof choices / sizeof *choices; n++) {
        if ((namespace_bits(choices[n]) & ~allowed) != 0) {
            continue;
        }
        /* Like fork, into new namespaces: with CLONE_NEWPID the child is process 1. */
        long zygote = syscall(SYS_clone, choices[n] | SIGCHLD, 0, 0, 0, 0);
        if (zygote == 0) {
            int full = (choices[n] & CLONE_NEWNET) != 0;
            serve(namespace_bits(choices[n]), full ? 0 : refused, user, group, randomized);
        }
        if (zygote < 0) {
            refused = errno;
            continue;
        }
        int status;
        while (waitpid((pid_t)zygote, &status, 0) < 0 && errno == EINTR) {
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SETUP_REFUSED) {
            refused = EPERM;
            continue;
        }
        kill_descendants();
        return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
    }
    fail("cannot create the zygote: %s", strerror(refused));
}
