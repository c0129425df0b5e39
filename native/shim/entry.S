/*
 * The ways from guest code into the shim and back. No word of the guest's stack is touched: it may be tiny, misaligned, or
 * about to be replaced.
 *
 * Two entries: gnomon_trap_entry, to which the handler of SIGSYS sends the guest, expects what the syscall instruction leaves:
 * %rax the call's number, %rcx the address to return to, %r11 the flags; all else is the guest's. gnomon_call_entry, to
 * which patched call sites jump (stub.h), expects the same but for the flags, which are still in their own register.
 */
#include "thread_offsets.h"

/* The flags that the shim's code must not run with, or that gnomon_call_return cannot bring back: alignment check, nested
 * task, direction, trap. */
#define UNUSUAL_FLAGS 0x44500

/* What is the guest's, without flags, stack and address: what a function may change, */
    .macro save_changed_registers
    mov %rcx, %gs:GNOMON_CONTEXT_RIP
    mov %rcx, %gs:GNOMON_CONTEXT_RCX
    mov %r8, %gs:GNOMON_CONTEXT_R8
    mov %r9, %gs:GNOMON_CONTEXT_R9
    mov %r10, %gs:GNOMON_CONTEXT_R10
    mov %rdi, %gs:GNOMON_CONTEXT_RDI
    mov %rsi, %gs:GNOMON_CONTEXT_RSI
    mov %rdx, %gs:GNOMON_CONTEXT_RDX
    mov %rax, %gs:GNOMON_CONTEXT_RAX
    .endm

/* and what it preserves. */
    .macro save_preserved_registers
    mov %r12, %gs:GNOMON_CONTEXT_R12
    mov %r13, %gs:GNOMON_CONTEXT_R13
    mov %r14, %gs:GNOMON_CONTEXT_R14
    mov %r15, %gs:GNOMON_CONTEXT_R15
    mov %rbp, %gs:GNOMON_CONTEXT_RBP
    mov %rbx, %gs:GNOMON_CONTEXT_RBX
    .endm

    .text

    .globl gnomon_trap_entry
    .hidden gnomon_trap_entry
    .type gnomon_trap_entry, @function
gnomon_trap_entry:
    mov %rsp, %gs:GNOMON_CONTEXT_RSP
    mov %gs:GNOMON_THREAD_STACK_TOP, %rsp
    save_changed_registers
    save_preserved_registers
    mov %r11, %gs:GNOMON_CONTEXT_RFLAGS
    mov %r11, %gs:GNOMON_CONTEXT_R11
    cld
    xor %ebp, %ebp
    mov %gs:GNOMON_THREAD_SELF, %rdi
    call gnomon_patch_trapped
1:  mov %gs:GNOMON_THREAD_SELF, %rdi
    call gnomon_dispatch_locally
    test %al, %al
    jne gnomon_resume
    mov %gs:GNOMON_THREAD_SELF, %rdi
    call gnomon_dispatch_call
    jmp gnomon_resume
    .size gnomon_trap_entry, . - gnomon_trap_entry

    .globl gnomon_call_entry
    .hidden gnomon_call_entry
    .type gnomon_call_entry, @function
gnomon_call_entry:
    mov %rsp, %gs:GNOMON_CONTEXT_RSP
    mov %gs:GNOMON_THREAD_FLAGS_END, %rsp
    pushfq /* into GNOMON_CONTEXT_RFLAGS */
    mov %gs:GNOMON_THREAD_STACK_TOP, %rsp
    save_changed_registers
    mov %gs:GNOMON_CONTEXT_RFLAGS, %r11
    mov %r11, %gs:GNOMON_CONTEXT_R11
    mov %gs:GNOMON_THREAD_SELF, %rdi
    test $UNUSUAL_FLAGS, %r11d
    jnz 2f
    call gnomon_dispatch_locally
    test %al, %al
    jne gnomon_call_return
    /* From here on the whole context may be asked for. */
    save_preserved_registers
    xor %ebp, %ebp
    mov %gs:GNOMON_THREAD_SELF, %rdi
    call gnomon_dispatch_call
    test %al, %al
    je gnomon_resume
    mov %gs:GNOMON_CONTEXT_RBP, %rbp

/* The call returned, and changed nothing but %rax. popfq is slow, so the six flags that code changes are brought back one way
 * or another: OF by an addition that overflows where bit 11 is set, the other five by sahf. The registers that a function
 * preserves are the guest's still. */
gnomon_call_return:
    mov %gs:GNOMON_CONTEXT_RFLAGS, %eax
    mov %gs:GNOMON_CONTEXT_RDI, %rdi
    mov %gs:GNOMON_CONTEXT_RSI, %rsi
    mov %gs:GNOMON_CONTEXT_RDX, %rdx
    mov %gs:GNOMON_CONTEXT_R8, %r8
    mov %gs:GNOMON_CONTEXT_R9, %r9
    mov %gs:GNOMON_CONTEXT_R10, %r10
    mov %gs:GNOMON_CONTEXT_R11, %r11
    mov %gs:GNOMON_CONTEXT_RCX, %rcx
    xchg %al, %ah
    add $0x78, %al /* 0x02, or 0x0a with OF */
    sahf
    mov %gs:GNOMON_CONTEXT_RAX, %rax
    mov %gs:GNOMON_CONTEXT_RSP, %rsp
    jmp *%rcx
2:  save_preserved_registers
    push $2 /* no flag set */
    popfq
    jmp 1b
    .size gnomon_call_entry, . - gnomon_call_entry

/* Goes on with the guest as gnomon_thread.context says. Every register is the guest's, the flags too: the order below
 * matters. */
    .globl gnomon_resume
    .hidden gnomon_resume
    .type gnomon_resume, @function
gnomon_resume:
    push %gs:GNOMON_CONTEXT_RFLAGS
    mov %gs:GNOMON_CONTEXT_R8, %r8
    mov %gs:GNOMON_CONTEXT_R9, %r9
    mov %gs:GNOMON_CONTEXT_R10, %r10
    mov %gs:GNOMON_CONTEXT_R11, %r11
    mov %gs:GNOMON_CONTEXT_R12, %r12
    mov %gs:GNOMON_CONTEXT_R13, %r13
    mov %gs:GNOMON_CONTEXT_R14, %r14
    mov %gs:GNOMON_CONTEXT_R15, %r15
    mov %gs:GNOMON_CONTEXT_RDI, %rdi
    mov %gs:GNOMON_CONTEXT_RSI, %rsi
    mov %gs:GNOMON_CONTEXT_RBP, %rbp
    mov %gs:GNOMON_CONTEXT_RBX, %rbx
    mov %gs:GNOMON_CONTEXT_RDX, %rdx
    mov %gs:GNOMON_CONTEXT_RAX, %rax
    mov %gs:GNOMON_CONTEXT_RCX, %rcx
    popfq
    mov %gs:GNOMON_CONTEXT_RSP, %rsp
    jmp *%gs:GNOMON_CONTEXT_RIP
    .size gnomon_resume, . - gnomon_resume

/* The handler of faults sends the guest here, on the shim's stack, its registers already in gnomon_thread.context. */
    .globl gnomon_fault_entry
    .hidden gnomon_fault_entry
    .type gnomon_fault_entry, @function
gnomon_fault_entry:
    cld
    xor %ebp, %ebp
    mov %gs:GNOMON_THREAD_SELF, %rdi
    call gnomon_dispatch_fault
    jmp gnomon_resume
    .size gnomon_fault_entry, . - gnomon_fault_entry

/* The bootstrap jumps here (gnomon/image.h): %rbp = struct gnomon_start, %r8 = descriptor of the image. The variables are
 * not mapped yet. The stack is the program's, below what it holds. */
    .globl gnomon_injected_entry
    .hidden gnomon_injected_entry
    .type gnomon_injected_entry, @function
gnomon_injected_entry:
    mov %r8, %rbx
    lea gnomon_data(%rip), %rdi
    lea gnomon_end(%rip), %rsi
    sub %rdi, %rsi
    lea gnomon_image_header(%rip), %rax
    mov %rdi, %r9
    sub %rax, %r9
    mov $3, %edx /* PROT_READ | PROT_WRITE */
    mov $0x12, %r10d /* MAP_PRIVATE | MAP_FIXED */
    mov $9, %eax
    syscall
    mov %rbx, %rdi
    mov $3, %eax
    syscall
    lea -16(%rbp), %rsp
    and $-16, %rsp
    mov %rbp, %rbx
    mov %rbp, %rdi
    xor %ebp, %ebp
    call gnomon_injected
    mov GNOMON_THREAD_STACK_TOP(%rax), %rsp
    mov %rax, %rdi
    mov %rbx, %rsi
    call gnomon_begin
    jmp gnomon_resume
    .size gnomon_injected_entry, . - gnomon_injected_entry

/*
 * long gnomon_clone(flags, stack, clear_tid, tls, thread, start)
 * The child begins on `stack` with start(thread) and then goes on as thread->context says. The parent gets the id or -errno.
 */
    .globl gnomon_clone
    .hidden gnomon_clone
    .type gnomon_clone, @function
gnomon_clone:
    push %r12
    push %r13
    mov %r8, %r12
    mov %r9, %r13
    mov %rdx, %r10
    mov %rcx, %r8
    xor %edx, %edx
    mov $56, %eax
    syscall
    test %rax, %rax
    je 1f
    pop %r13
    pop %r12
    ret
1:  xor %ebp, %ebp
    mov %r12, %rdi
    call *%r13
    jmp gnomon_resume
    .size gnomon_clone, . - gnomon_clone

/* void gnomon_native_signal_return(stack): rt_sigreturn of the frame that lies 8 bytes below `stack`. */
    .globl gnomon_native_signal_return
    .hidden gnomon_native_signal_return
    .type gnomon_native_signal_return, @function
gnomon_native_signal_return:
    mov %rdi, %rsp
/* Also where the shim's own handlers return to. */
    .globl gnomon_restorer
    .hidden gnomon_restorer
gnomon_restorer:
    mov $15, %eax
    syscall
    ud2
    .size gnomon_native_signal_return, . - gnomon_native_signal_return

/* int gnomon_outside_call(a, b, c), number in %eax: a call made as a patched site of the guest makes it, for the vDSO's
 * functions. One that is made again traps. */
    .section .outside, "ax", @progbits
    .globl gnomon_outside_call
    .hidden gnomon_outside_call
    .type gnomon_outside_call, @function
gnomon_outside_call:
    lea 1f(%rip), %rcx
    jmp gnomon_call_entry
    syscall
1:  ret
    .size gnomon_outside_call, . - gnomon_outside_call

    .section .note.GNU-stack, "", @progbits
