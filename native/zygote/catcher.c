/* The catcher; catcher.h tells what it is for. */
#include "zygote.h"
#include "catcher.h"
#include "../shim/caught.h"
#include "../shim/thread_offsets.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

/* More than any kernel's structure has, which it copies as a whole. */
#define NOTIFICATION_ROOM 512
#define EVENTS 32

#define ERESTARTSYS 512 /* include/linux/errno.h: what a wait leaves that was interrupted */

/* The zygote's; written by its first thread. */
static int guests_end = -1;
static pid_t catcher; /* 0: none */
static uint32_t lost;

enum outcome { SENT_ON, NOT_THERE, NO_SHIM, NOT_PERMITTED };

/* Whether the thread has just been interrupted in the call that the notification tells of. */
static bool stands_at(const struct user_regs_struct *registers, const struct seccomp_data *call) {
    if (registers->rax != (uint64_t)-ERESTARTSYS) {
        return false;
    }
    if (gnomon_is_vsyscall(call->instruction_pointer)) {
        return registers->orig_rax == (uint64_t)-1; /* it has returned already (vsyscall_64.c) */
    }
    return registers->rip == call->instruction_pointer && (int)registers->orig_rax == call->nr;
}

/* A thread of the shim's has its area at %gs, which begins with its own address. */
static bool has_shim(pid_t thread, const struct user_regs_struct *registers) {
    uint64_t self = 0;
    struct iovec local = {&self, sizeof self}, remote = {(void *)(registers->gs_base + GNOMON_THREAD_SELF), sizeof self};
    return process_vm_readv(thread, &local, 1, &remote, 1, 0) == sizeof self && self != 0 && self == registers->gs_base;
}

/* As the handler of a trap does (shim/fault.c). */
static void send_to_shim(struct user_regs_struct *registers, int number) {
    registers->rcx = registers->rip;
    registers->r11 = registers->eflags;
    registers->rip = shim_image.caught;
    registers->rax = (uint64_t)number;
    registers->orig_rax = (uint64_t)-1; /* nothing that the kernel would make again */
    registers->eflags &= ~GNOMON_RFLAGS_CLEARED;
}

/* Where the thread was killed, its parent hears of it only after this. */
static void detach(pid_t thread, int signal) {
    if (ptrace(PTRACE_DETACH, thread, 0, signal) < 0) {
        waitpid(thread, NULL, __WALL);
    }
}

static enum outcome send_on(pid_t thread, const struct seccomp_data *call) {
    struct user_regs_struct registers;
    int status;
    if (ptrace(PTRACE_SEIZE, thread, 0, PTRACE_O_EXITKILL) < 0) {
        return errno == ESRCH ? NOT_THERE : NOT_PERMITTED;
    }
    ptrace(PTRACE_INTERRUPT, thread, 0, 0);
    if (waitpid(thread, &status, __WALL) != thread || !WIFSTOPPED(status)) {
        return NOT_THERE;
    }
    int signal = status >> 16 == 0 ? WSTOPSIG(status) : 0;
    if (ptrace(PTRACE_GETREGS, thread, 0, &registers) < 0 || !stands_at(&registers, call)) {
        detach(thread, signal); /* a signal was faster, and the call comes again */
        return NOT_THERE;
    }
    if (!has_shim(thread, &registers)) {
        return NO_SHIM;
    }
    send_to_shim(&registers, call->nr);
    ptrace(PTRACE_SETREGS, thread, 0, &registers);
    detach(thread, signal);
    return SENT_ON;
}

/* A thread's number will do for its process. */
static void end_guest(pid_t thread, int number, enum outcome why) {
    const char *reason = why == NO_SHIM ? "in a thread that has none" : "and the kernel refused to let its thread be traced";
    dprintf(STDERR_FILENO, "gnomon-zygote: call %d of thread %d escaped the shim, %s\n", number, (int)thread, reason);
    tell(ZYGOTE_LOST, 0, (int32_t)thread, number, why == NO_SHIM ? ZYGOTE_LOSS_ESCAPED : ZYGOTE_LOSS_ESCAPED_UNTRACED);
    kill(thread, SIGKILL);
    if (why == NO_SHIM) {
        waitpid(thread, NULL, __WALL);
    }
}

static void attend_escape(int listener) {
    union {
        struct seccomp_notif notification;
        uint8_t room[NOTIFICATION_ROOM];
    } taken;
    memset(&taken, 0, sizeof taken);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &taken) < 0) {
        return; /* who made the call was killed */
    }
    pid_t thread = (pid_t)taken.notification.pid;
    enum outcome outcome = send_on(thread, &taken.notification.data);
    if (outcome == NO_SHIM || outcome == NOT_PERMITTED) {
        end_guest(thread, taken.notification.data.nr, outcome);
    }
}

/* False where the zygote is gone, or the table of descriptors is full: then guests are better ended than left uncaught. */
static bool watch_listener(int epoll, int socket) {
    errno = 0;
    int listener = notify_listener(socket);
    if (listener < 0) {
        return errno == EAGAIN || errno == EINTR;
    }
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener};
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event) < 0) {
        fail("cannot watch a filter: %s", strerror(errno));
    }
    return true;
}

static _Noreturn void catch_escapes(int socket) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Other descriptors of the zygote's came along by fork. */
    dup2(socket, STDIN_FILENO);
    syscall(SYS_close_range, STDERR_FILENO + 1, UINT32_MAX, 0);
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = STDIN_FILENO}, happened[EVENTS];
    if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, STDIN_FILENO, &event) < 0) {
        fail("epoll: %s", strerror(errno));
    }
    for (;;) {
        int count = epoll_wait(epoll, happened, EVENTS, -1);
        for (int n = 0; n < count; n++) {
            int descriptor = happened[n].data.fd;
            if (descriptor == STDIN_FILENO) {
                if (!watch_listener(epoll, STDIN_FILENO)) {
                    _exit(1);
                }
            } else if ((happened[n].events & EPOLLIN) != 0) {
                attend_escape(descriptor);
            } else {
                close(descriptor); /* all whom the filter held have gone */
            }
        }
    }
}

int open_catcher(void) {
    int ends[2];
    if (catcher > 0) {
        return guests_end;
    }
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0) {
        return -1;
    }
    catcher = fork();
    if (catcher == 0) {
        catch_escapes(ends[0]);
    }
    int error = errno;
    close(ends[0]);
    if (catcher < 0) {
        close(ends[1]);
        errno = error;
        return -1;
    }
    if (guests_end < 0) {
        __atomic_store_n(&guests_end, ends[1], __ATOMIC_RELEASE);
    } else { /* a nursery may be about to use the number */
        dup3(ends[1], guests_end, O_CLOEXEC);
        close(ends[1]);
    }
    return guests_end;
}

int catcher_socket(void) {
    return __atomic_load_n(&guests_end, __ATOMIC_ACQUIRE);
}

uint32_t catchers_lost(void) {
    return __atomic_load_n(&lost, __ATOMIC_ACQUIRE);
}

bool forget_catcher(pid_t pid) {
    if (pid != catcher) {
        return false;
    }
    catcher = 0;
    __atomic_add_fetch(&lost, 1, __ATOMIC_RELEASE);
    return true;
}
