/*
 * The filter of hybrid guests (catcher.h): every call that does not come from the shim's code is an escaped one, and becomes a
 * notification (seccomp_unotify(2)), whoever makes it. Its listener goes to the catcher.
 *
 * What runs before the shim is there is known by its arguments: the bootstrap opens the image with a mark in a register that
 * the call does not use, and maps it at its address (bootstrap.S).
 */
#include "catcher.h"
#include "gate.h"
#include "zygote.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/syscall.h>

#define SYSCALL_BYTES 2
#define X32_BIT 0x40000000 /* __X32_SYSCALL_BIT */

#define HALF(field, half) (offsetof(struct seccomp_data, field) + 4 * (half))
#define ARGUMENT(n, half) (offsetof(struct seccomp_data, args) + 8 * (n) + 4 * (half))
#define LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define EQUAL(value, if_true, if_false) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), if_true, if_false)
#define ABOVE(value, if_true, if_false) BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)(value), if_true, if_false)
#define ANSWER(action) BPF_STMT(BPF_RET | BPF_K, action)

int escape_filter_install(int hand_over) {
    const uint64_t begin = shim_image.text_begin, end = shim_image.text_end;
    /* The instruction's address is that behind it. Image and gate lie within the same 4 GB. */
    struct sock_filter instructions[] = {
        LOAD(HALF(instruction_pointer, 1)),
        EQUAL(begin >> 32, 0, 6), /* else to the architecture */
        LOAD(HALF(instruction_pointer, 0)),
        ABOVE(end, 2, 0), /* to the gate */
        ABOVE(begin, 0, 3),
        ANSWER(SECCOMP_RET_ALLOW),
        EQUAL(GNOMON_GATE_ADDRESS + SYSCALL_BYTES, 0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        LOAD(HALF(arch, 0)),
        EQUAL(AUDIT_ARCH_X86_64, 1, 0),
        ANSWER(SECCOMP_RET_TRAP), /* as at the wall: the shim has no answer to other kinds of calls */
        LOAD(HALF(nr, 0)),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, X32_BIT, 0, 1),
        ANSWER(SECCOMP_RET_TRAP),
        EQUAL(SYS_openat, 0, 4),
        LOAD(ARGUMENT(5, 0)),
        EQUAL(GNOMON_BOOTSTRAP_MARK, 0, 8), /* else a notification */
        LOAD(ARGUMENT(5, 1)),
        EQUAL(GNOMON_BOOTSTRAP_MARK >> 32, 5, 6),
        EQUAL(SYS_mmap, 0, 5),
        LOAD(ARGUMENT(0, 0)),
        EQUAL(GNOMON_IMAGE_ADDRESS & UINT32_MAX, 0, 3),
        LOAD(ARGUMENT(0, 1)),
        EQUAL(GNOMON_IMAGE_ADDRESS >> 32, 0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        ANSWER(SECCOMP_RET_USER_NOTIF),
    };
    struct sock_fprog program = {.len = sizeof instructions / sizeof *instructions, .filter = instructions};
    int listener = (int)gate_try(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                                 SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_SPEC_ALLOW, (long)&program, 0, 0);
    return listener < 0 ? -1 : send_listener(hand_over, listener);
}
