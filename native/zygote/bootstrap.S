/*
 * What inject.c writes into a program that was just executed: opens the image, maps its code, jumps there. No byte of it
 * depends on where it lies.
 *
 * Registers: %rax openat's number, %rdi AT_FDCWD, %rsi the image's path, %rdx flags, %r10 0, %r9 GNOMON_BOOTSTRAP_MARK;
 * %rbp struct gnomon_start, %rbx the image's address, %r12 the length of its code, %r13 its entry.
 */
#include <asm/unistd.h>

    .section .rodata
    .globl bootstrap_begin, bootstrap_end
bootstrap_begin:
    syscall
    mov %eax, %r8d
    mov %rbx, %rdi
    mov %r12, %rsi
    mov $5, %edx            /* PROT_READ | PROT_EXEC */
    mov $0x100002, %r10d    /* MAP_PRIVATE | MAP_FIXED_NOREPLACE */
    xor %r9d, %r9d
    mov $__NR_mmap, %eax
    syscall
    cmp %rbx, %rax
    jne 1f
    jmp *%r13
1:  mov $126, %edi          /* GNOMON_EXIT_SHIM_REFUSED */
    mov $__NR_exit_group, %eax
    syscall
    .balign 8
bootstrap_end:

    .section .note.GNU-stack, "", @progbits
