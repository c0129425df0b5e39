/*
 * void tracer_switch(void **left, void *entered)
 *
 * Goes on where another context was left: on the stack that `entered` points to. *left is where this one is to be entered again.
 * What swapcontext(3) does, without its system calls for signal masks: all contexts of the tracer have the same.
 */
    .text
    .globl tracer_switch
    .type tracer_switch, @function
tracer_switch:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov %rsp, (%rdi)
    mov %rsi, %rsp
    pop %r15
    pop %r14
    pop %r13
    pop %r12
    pop %rbx
    pop %rbp
    ret
    .size tracer_switch, . - tracer_switch

    .section .note.GNU-stack, "", @progbits
