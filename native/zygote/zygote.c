/*
 * The zygote: starts guests for the engine, buries them, and takes them along when it dies.
 *
 * Two processes. The guardian is what the engine starts: it opens what guests will need, creates the zygote proper in
 * namespaces of its own, and waits for it. The zygote reads requests from standard input and writes events to standard
 * output (zygote-protocol.h); it is the parent of every guest, also of those that guests fork (the shim adds
 * CLONE_PARENT), and so the one that learns of every death.
 *
 * Nobody survives:
 *   1. The engine dies or closes the pipe: the zygote reads end of file (or sees the engine's pidfd) and exits.
 *   2. The zygote dies: it is process 1 of its PID namespace, so the kernel kills all in it. The guardian exits.
 *   3. The guardian dies: the zygote has asked to be killed with it (PR_SET_PDEATHSIG), then 2.
 *   4. No PID namespace is permitted: guests ask to be killed with the zygote; zygote and guardian are both child
 *      subreapers and watch each other, and the one left kills every descendant before it exits.
 *
 * Both have a session of their own, so a terminal's Ctrl-C reaches the engine alone, which ends the run in order.
 */
#define _GNU_SOURCE
#include "../tracer/tracer.h"
#include "zygote-protocol.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

/* Where the guests' root is put together; in their own /dev/shm, which is empty. */
#define NEW_ROOT "/dev/shm/.root"

#define TRACERS_LIMIT 4096 /* traced programs at the same time */

#define GUEST_STACK_BYTES (8ul << 20)      /* fixed: it moves the addresses of mappings */
#define GUEST_DESCRIPTORS_SOFT 1024ul      /* the usual default */
#define GUEST_DESCRIPTORS_HARD 32768ul     /* as many as the arena's descriptor maps have bits */

static int engine_pidfd;
static int guardian_pidfd;
static uint32_t namespaces;
static const char *data_path; /* empty for none */

static void __attribute__((noreturn, format(printf, 1, 2))) fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("gnomon-zygote: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(2);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

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
            kill((pid_t)pid, SIGKILL);
        }
    }
    closedir(proc);
    return 0;
}

/* Kills children until there are none: the orphans of those killed become children of this subreaper. */
static void kill_descendants(void) {
    while (kill_children() == 0) {
        if (waitpid(-1, NULL, __WALL) < 0 && errno == ECHILD) {
            return;
        }
        while (waitpid(-1, NULL, __WALL | WNOHANG) > 0) {
        }
    }
}

static void __attribute__((noreturn)) end_zygote(void) {
    if (!(namespaces & ZYGOTE_NAMESPACE_PID)) {
        kill_descendants();
    }
    _exit(0);
}

/* ---- events ----------------------------------------------------------------------------------------------------- */

#define EVENTS_BUFFERED 128
static struct zygote_event events[EVENTS_BUFFERED];
static size_t events_count;

static void flush_events(void) {
    const char *from = (const char *)events;
    size_t left = events_count * sizeof *events;
    while (left > 0) {
        ssize_t written = write(STDOUT_FILENO, from, left);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            end_zygote();
        }
        from += written;
        left -= (size_t)written;
    }
    events_count = 0;
}

static void tell(uint32_t type, uint32_t request, int32_t pid, int32_t value, int32_t detail) {
    events[events_count++] = (struct zygote_event){type, request, pid, value, detail, 0};
    if (events_count == EVENTS_BUFFERED) {
        flush_events();
    }
}

/* ---- guests ----------------------------------------------------------------------------------------------------- */

struct start {
    const char *program, *directory, *input, *output, *error;
    char **arguments, **environment;
    int cpu;
    bool traced;
    volatile int failed_step, failed_errno;
};

static int place(const char *path, int flags, int descriptor) {
    int opened = open(path, flags | O_CLOEXEC | O_NOCTTY, 0644);
    return opened < 0 ? -1 : dup2(opened, descriptor);
}

/* Runs in the new process on the zygote's memory (vfork), so it calls nothing that keeps state. */
static void __attribute__((noreturn, noinline)) become_guest(struct start *start) {
    static const sigset_t none;
    int step;
    if (start->traced) {
        /* What the shim does for others; the time-stamp counter's setting outlives execve. */
        struct rlimit no_core = {0, 0};
        setrlimit(RLIMIT_CORE, &no_core);
        prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
    }
    setsid();
    if (!(namespaces & ZYGOTE_NAMESPACE_PID)) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
    }
    step = ZYGOTE_STEP_AFFINITY;
    if (start->cpu >= 0) {
        cpu_set_t set;
        CPU_ZERO(&set);
        if (start->cpu >= CPU_SETSIZE) {
            errno = EINVAL;
            goto failed;
        }
        CPU_SET(start->cpu, &set);
        if (sched_setaffinity(0, sizeof set, &set) < 0) {
            goto failed;
        }
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
    step = ZYGOTE_STEP_EXECUTE;
    sigprocmask(SIG_SETMASK, &none, NULL);
    execve(start->program, start->arguments, start->environment);
failed:
    start->failed_errno = errno;
    start->failed_step = step;
    _exit(127);
}

/* The process as the engine's /proc shows it: the kernel translates in the information on a pidfd. 0 where unknown. */
static int outer_pid(pid_t pid) {
    if (!(namespaces & ZYGOTE_NAMESPACE_PID)) {
        return (int)pid;
    }
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
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

/* Tracers that have not ended; their deaths are nobody's business. */
static pid_t tracers[TRACERS_LIMIT];

static bool forget_tracer(pid_t pid) {
    for (size_t n = 0; n < TRACERS_LIMIT; n++) {
        if (tracers[n] == pid) {
            tracers[n] = 0;
            return true;
        }
    }
    return false;
}

static void become_traced_guest(void *start) {
    become_guest(start);
}

/*
 * Starts a tracer, which starts the guest as a child of the zygote's. Returns the guest's pid; 0 where it could not be
 * started and start->failed_step says why, -1 with errno where there is no tracer.
 */
static pid_t spawn_traced(struct start *request, const struct zygote_place *place) {
    int report[2];
    size_t slot = 0;
    while (slot < TRACERS_LIMIT && tracers[slot] != 0) {
        slot++;
    }
    struct start *start = mmap(NULL, sizeof *start, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (slot == TRACERS_LIMIT || start == MAP_FAILED || pipe2(report, O_CLOEXEC) < 0) {
        errno = slot == TRACERS_LIMIT ? EAGAIN : errno;
        return -1;
    }
    *start = *request;
    start->traced = true;
    pid_t tracer = fork();
    if (tracer == 0) {
        close(report[0]);
        struct tracer_start arguments = {
            .host_index = place->host,
            .process_index = place->process,
            .thread_index = place->thread,
            .arena = ZYGOTE_ARENA_DESCRIPTOR,
            .become_guest = become_traced_guest,
            .argument = start,
            .failed_step = &start->failed_step,
            .failed_errno = &start->failed_errno,
            .report = report[1],
        };
        tracer_run(&arguments);
    }
    int error = errno;
    close(report[1]);
    int32_t pid = 0;
    if (tracer > 0) {
        tracers[slot] = tracer;
        while (read(report[0], &pid, sizeof pid) < 0 && errno == EINTR) {
        }
    }
    close(report[0]);
    request->failed_step = pid > 0 ? 0 : start->failed_step > 0 ? start->failed_step : ZYGOTE_STEP_FORK;
    request->failed_errno = start->failed_errno != 0 ? start->failed_errno : EAGAIN;
    munmap(start, sizeof *start);
    errno = error;
    return tracer < 0 ? -1 : pid;
}

/* @place NULL: a guest with a shim */
static void spawn_guest(const char *payload, uint32_t length, const struct zygote_place *place) {
    struct zygote_spawn header;
    if (length < sizeof header) {
        fail("a request of %u bytes is too short", length);
    }
    memcpy(&header, payload, sizeof header);
    uint64_t count = (uint64_t)header.argument_count + header.environment_count + 5;
    if (count > length || header.argument_count == 0) {
        tell(ZYGOTE_FAILED, header.request, 0, EINVAL, ZYGOTE_STEP_REQUEST);
        return;
    }
    /* The strings, with a terminating NULL after the arguments and after the environment. */
    char **strings = calloc(count + 2, sizeof *strings);
    if (strings == NULL) {
        tell(ZYGOTE_FAILED, header.request, 0, ENOMEM, ZYGOTE_STEP_REQUEST);
        return;
    }
    const char *at = payload + sizeof header, *end = payload + length;
    uint64_t environment_at = 5 + (uint64_t)header.argument_count + 1;
    for (uint64_t n = 0, to = 0; n < count; n++, to++) {
        const char *nul = memchr(at, 0, (size_t)(end - at));
        if (nul == NULL) {
            free(strings);
            tell(ZYGOTE_FAILED, header.request, 0, EINVAL, ZYGOTE_STEP_REQUEST);
            return;
        }
        if (to == environment_at - 1) {
            to++;
        }
        strings[to] = (char *)at;
        at = nul + 1;
    }
    struct start start = {
        .program = strings[0],
        .directory = strings[1],
        .input = strings[2],
        .output = strings[3],
        .error = strings[4],
        .arguments = strings + 5,
        .environment = strings + environment_at,
        .cpu = header.cpu,
    };
    pid_t pid = place != NULL ? spawn_traced(&start, place) : vfork();
    if (pid == 0 && place == NULL) {
        become_guest(&start);
    }
    if (pid < 0) {
        tell(ZYGOTE_FAILED, header.request, 0, errno, ZYGOTE_STEP_FORK);
    } else if (start.failed_step != 0) {
        if (pid > 0) {
            waitpid(pid, NULL, 0);
        }
        tell(ZYGOTE_FAILED, header.request, 0, start.failed_errno, start.failed_step);
    } else {
        tell(ZYGOTE_STARTED, header.request, (int32_t)pid, outer_pid(pid), 0);
    }
    free(strings);
}

static int is_child(pid_t pid) {
    siginfo_t information;
    return pid > 1 && waitid(P_PID, (id_t)pid, &information, WEXITED | WNOHANG | WNOWAIT | __WALL) == 0;
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

static void serve_request(void) {
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
    struct zygote_place place;
    switch (header.type) {
    case ZYGOTE_SPAWN:
        spawn_guest(payload, header.length, NULL);
        return;
    case ZYGOTE_SPAWN_TRACED:
        if (header.length < sizeof place) {
            break;
        }
        memcpy(&place, payload, sizeof place);
        spawn_guest(payload + sizeof place, header.length - (uint32_t)sizeof place, &place);
        return;
    case ZYGOTE_KILL:
    case ZYGOTE_CHECK:
        if (header.length != sizeof target) {
            break;
        }
        memcpy(&target, payload, sizeof target);
        if (header.type == ZYGOTE_CHECK) {
            tell(ZYGOTE_CHECKED, target.request, target.pid, is_child(target.pid) ? outer_pid(target.pid) : 0, 0);
        } else if (is_child(target.pid)) {
            kill(target.pid, SIGKILL);
        }
        return;
    default:
        break;
    }
    fail("request type %u of %u bytes is not known", header.type, header.length);
}

static void bury_dead(void) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
        if (!forget_tracer(pid)) {
            tell(ZYGOTE_DIED, 0, (int32_t)pid, status, 0);
        }
    }
}

/* ---- the start -------------------------------------------------------------------------------------------------- */

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) {
        return -1;
    }
    ssize_t written = write(file, text, strlen(text));
    int error = errno;
    close(file);
    errno = error;
    return written == (ssize_t)strlen(text) ? 0 : -1;
}

/* Guests keep their user and group numbers: one line each is what an unprivileged user may write. */
static int map_identity(uid_t user, gid_t group) {
    char line[64];
    snprintf(line, sizeof line, "%u %u 1\n", user, user);
    if (write_file("/proc/self/uid_map", line) < 0) {
        return -1;
    }
    if (write_file("/proc/self/setgroups", "deny") < 0 && errno != ENOENT) {
        return -1;
    }
    snprintf(line, sizeof line, "%u %u 1\n", group, group);
    return write_file("/proc/self/gid_map", line);
}

/*
 * A guest may open /proc/ZYGOTE/fd only where the zygote has no capability that the guest lacks
 * (PTRACE_MODE_READ, security/commoncap.c), and a guest of an ordinary user has none.
 */
static void drop_capabilities(void) {
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    syscall(SYS_capset, &header, none);
}

/* Puts one entry of the real root into the new one: directories with all that is mounted in them, links as they are. */
static int show_entry(const char *name) {
    char from[512], to[512], target[4096];
    struct stat status;
    snprintf(from, sizeof from, "/%s", name);
    snprintf(to, sizeof to, "%s/%s", NEW_ROOT, name);
    if (lstat(from, &status) < 0) {
        return errno == ENOENT ? 0 : -1;
    }
    if (S_ISLNK(status.st_mode)) {
        ssize_t length = readlink(from, target, sizeof target - 1);
        if (length < 0) {
            return -1;
        }
        target[length] = 0;
        return symlink(target, to);
    }
    if (S_ISDIR(status.st_mode)) {
        return mkdir(to, 0755) < 0 ? -1 : mount(from, to, NULL, MS_BIND | MS_REC, NULL);
    }
    if (S_ISREG(status.st_mode)) {
        int file = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
        if (file < 0) {
            return -1;
        }
        close(file);
        return mount(from, to, NULL, MS_BIND, NULL);
    }
    return 0;
}

/*
 * Shows the data directory to guests at a path that is the same in every run, ZYGOTE_DATA_PATH: where a guest works is
 * among what it can write down. Everything else stays where it is: the new root holds what the old one held.
 * Returns 0, or -1 with errno; then nothing has changed that a guest could see.
 */
static int show_data_directory(int data_directory) {
    char source[64];
    if (mkdir(NEW_ROOT, 0755) < 0 || mount("gnomon", NEW_ROOT, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755") < 0) {
        return -1;
    }
    DIR *root = opendir("/");
    if (root == NULL) {
        return -1;
    }
    int result = 0;
    struct dirent *entry;
    while (result == 0 && (entry = readdir(root)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0 &&
            strcmp(entry->d_name, ZYGOTE_DATA_PATH + 1) != 0) {
            result = show_entry(entry->d_name);
        }
    }
    closedir(root);
    snprintf(source, sizeof source, "/proc/self/fd/%d", data_directory);
    if (result < 0 || mkdir(NEW_ROOT ZYGOTE_DATA_PATH, 0755) < 0 ||
        mount(source, NEW_ROOT ZYGOTE_DATA_PATH, NULL, MS_BIND | MS_REC, NULL) < 0 || chdir(NEW_ROOT) < 0 ||
        chroot(".") < 0) {
        int error = errno;
        umount2(NEW_ROOT, MNT_DETACH);
        rmdir(NEW_ROOT);
        errno = error;
        return -1;
    }
    if (chdir("/") < 0) {
        return -1;
    }
    /* /dev came along with the place in which the root was built. */
    umount2(NEW_ROOT, MNT_DETACH);
    rmdir(NEW_ROOT);
    return 0;
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
    tell(ZYGOTE_HELLO, 0, atoi(link), (int32_t)entered, 0);
    if (refused != 0) {
        tell(ZYGOTE_NOTICE, 0, 0, refused, ZYGOTE_NOTICE_NAMESPACES);
    }
    if (shared_memory_errno != 0) {
        tell(ZYGOTE_NOTICE, 0, 0, shared_memory_errno, ZYGOTE_NOTICE_SHARED_MEMORY);
    }
    if (data_errno != 0) {
        tell(ZYGOTE_NOTICE, 0, 0, data_errno, ZYGOTE_NOTICE_DATA);
    }
    if (randomized) {
        tell(ZYGOTE_NOTICE, 0, 0, randomized, ZYGOTE_NOTICE_RANDOMIZE);
    }

    struct pollfd watched[] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = deaths, .events = POLLIN},
        {.fd = engine_pidfd, .events = POLLIN},
        {.fd = guardian_pidfd, .events = POLLIN},
    };
    for (;;) {
        flush_events();
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
            bury_dead();
        }
        if (watched[0].revents != 0) {
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
    if (argc < 6) {
        fputs("usage: gnomon-zygote ENGINE-PID NAMESPACES-ALLOWED ARENA SHIM DATA-DIRECTORY [CARRIED-FILE ...]\n", stderr);
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
    if (argc - 6 > ZYGOTE_DESCRIPTORS_LIMIT - ZYGOTE_FIRST_CARRIED_DESCRIPTOR) {
        fail("%d carried files are too many", argc - 6);
    }
    keep_descriptor(argv[3], O_RDWR, ZYGOTE_ARENA_DESCRIPTOR);
    keep_descriptor(argv[4], O_RDONLY, ZYGOTE_SHIM_DESCRIPTOR);
    data_path = argv[5];
    for (int n = 6; n < argc; n++) {
        keep_descriptor(argv[n], O_RDONLY, ZYGOTE_FIRST_CARRIED_DESCRIPTOR + n - 6);
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
    int randomized = personality(ADDR_NO_RANDOMIZE) < 0 ? errno : 0;
    prctl(PR_SET_CHILD_SUBREAPER, 1);

    static const unsigned long choices[] = {
        CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS,
        CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUTS,
        CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS,
        0,
    };
    unsigned long allowed = strtoul(argv[2], NULL, 0);
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
