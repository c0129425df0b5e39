/*
 * Guests that cross by notification (slot.h): a seccomp filter turns one call of the shim's into a notification, and its
 * listener goes to the engine. The filter outlives fork and execve, so one listener serves a program and all it brings to life.
 *
 * The filter can only be installed by who is to be filtered, which is the child before it executes, and a listener in the
 * guest's own table would let it answer itself. So it goes to the zygote by a socket, where the engine fetches it.
 */
#include "zygote.h"
#include "gate.h"
#include <gnomon/slot.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* include/uapi/linux/seccomp.h, since Linux 6.6: the worker is woken on the processor on which the guest falls asleep. */
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP 1UL
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
/* Since Linux 5.19: once the notification is read, only a deadly signal ends the wait. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

#define HALF(field, half) (offsetof(struct seccomp_data, field) + 4 * (half))

union control {
    struct cmsghdr header;
    char room[CMSG_SPACE(sizeof(int))];
};

int send_listener(int hand_over, int listener) {
    char byte = 0;
    union control control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    struct iovec one = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    memcpy(CMSG_DATA(&control.header), &listener, sizeof listener);
    return gate_try(SYS_sendmsg, hand_over, (long)&message, 0, 0, 0) < 0 ? -1 : 0;
}

int notify_install(int hand_over) {
    const uint64_t begin = shim_image.text_begin, end = shim_image.text_end;
    /* The number first: for all others the kernel keeps the answer and does not ask again. The instruction's address, which is
     * behind it, may be end too. */
    struct sock_filter instructions[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, HALF(nr, 0)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, GNOMON_CALL_NOTIFY, 0, 6),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, HALF(instruction_pointer, 1)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(begin >> 32), 0, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, HALF(instruction_pointer, 0)),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)begin, 0, 2),
        BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)end, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof instructions / sizeof *instructions, .filter = instructions};
    unsigned long flags = SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    int listener =
        (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &program);
    if (listener < 0) {
        return -1;
    }
    /* An older kernel refuses; then it is only slower. */
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    return send_listener(hand_over, listener);
}

int notify_listener(int socket) {
    char byte;
    union control control;
    struct iovec one = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &one, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    int listener = -1;
    if (gate_try(SYS_recvmsg, socket, (long)&message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT, 0, 0) == 1 && message.msg_controllen >= CMSG_LEN(sizeof(int))) {
        memcpy(&listener, CMSG_DATA(&control.header), sizeof listener);
    }
    return listener;
}
