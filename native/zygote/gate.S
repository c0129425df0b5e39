/* The gate; see gate.h. */
#include <asm/unistd.h>

#define CLONE_VM 0x100      /* include/uapi/linux/sched.h */
#define CLONE_VFORK 0x4000
#define SIGCHLD 17

    .data
    .balign 8
    .globl gate_instructions
gate_instructions:
    .quad open_gate

    .text
open_gate:
    syscall
    ret

    .globl gate_call
    .type gate_call, @function
gate_call:
    mov %rdi, %rax
    mov %rsi, %rdi
    mov %rdx, %rsi
    mov %rcx, %rdx
    mov %r8, %r10
    mov %r9, %r8
    xor %r9d, %r9d
    jmp *gate_instructions(%rip)
    .size gate_call, . - gate_call

/* What is born returns from the gate on its own stack, to `born`. */
    .globl gate_birth
    .type gate_birth, @function
gate_birth:
    and $-16, %rdx
    sub $24, %rdx
    lea born(%rip), %rax
    mov %rax, (%rdx)
    mov %rdi, 8(%rdx)
    mov %rsi, 16(%rdx)
    mov %rdx, %rsi
    mov $(CLONE_VM | CLONE_VFORK | SIGCHLD), %edi
    xor %edx, %edx
    xor %r10d, %r10d
    xor %r8d, %r8d
    mov $__NR_clone, %eax
    jmp *gate_instructions(%rip)
born:
    pop %rax
    pop %rdi
    xor %ebp, %ebp
    call *%rax
    hlt
    .size gate_birth, . - gate_birth

    .section .note.GNU-stack, "", @progbits
