/*
 * long nursery_wait(const uint32_t *wanted, siginfo_t *information, int options)
 *
 * waitid(2) for any child: 0 or -errno; -EINTR where *wanted is not 0 before the kernel has begun to wait, or a signal came.
 * The signal's handler (leave_wait) moves a thread that stands between the two labels to the end, so that a signal between
 * the look at the word and the call is not lost.
 */
#include <asm/errno.h>
#include <asm/unistd.h>

    .text
    .globl nursery_wait, nursery_wait_begin, nursery_wait_call, nursery_wait_interrupted
    .type nursery_wait, @function
nursery_wait:
    mov %rdi, %r9
    mov %edx, %r10d
    mov %rsi, %rdx
    xor %edi, %edi          /* P_ALL */
    xor %esi, %esi
    xor %r8d, %r8d          /* no rusage */
nursery_wait_begin:
    mov $__NR_waitid, %eax
    cmpl $0, (%r9)
    jne nursery_wait_interrupted
nursery_wait_call:
    syscall
    ret
nursery_wait_interrupted:
    mov $-EINTR, %rax
    ret
    .size nursery_wait, . - nursery_wait

    .section .note.GNU-stack, "", @progbits
