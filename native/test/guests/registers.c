/* After a call, whoever executed it, every register but %rax, %rcx and %r11 is what it was, the red zone too. */
#include "check.h"

struct registers {
    uint64_t rbx, rbp, rdi, rsi, rdx, r8, r9, r10, r12, r13, r14, r15, rcx, r11, rax, rsp_before, rsp_after, red_zone, after;
    uint64_t flags;
};

extern void call_with(struct registers *registers, uint64_t number, uint64_t misalignment, uint64_t direction);

/* Loads every register with a pattern, makes the call with the arguments 0x5101.., stores what it finds. */
__asm__(".text\n"
        "call_with:\n"
        "  push %rbx\n  push %rbp\n  push %r12\n  push %r13\n  push %r14\n  push %r15\n"
        "  mov %rdi, saved_registers(%rip)\n"
        "  mov %rsp, saved_stack(%rip)\n"
        "  sub $512, %rsp\n"
        "  sub %rdx, %rsp\n"
        "  mov %rsi, %rax\n"
        "  test %rcx, %rcx\n  je 1f\n  std\n"
        "1:\n"
        "  movq $0x77777777, -8(%rsp)\n"
        "  movq $0x66666666, -128(%rsp)\n"
        "  mov $0x1101, %rbx\n  mov $0x1102, %rbp\n  mov $-1, %rdi\n  mov $0x5102, %rsi\n  mov $0x5103, %rdx\n"
        "  mov $0x1108, %r8\n  mov $0x1109, %r9\n  mov $0x1110, %r10\n  mov $0x1112, %r12\n  mov $0x1113, %r13\n"
        "  mov $0x1114, %r14\n"
        "  mov %rsp, %r15\n"
        "  syscall\n"
        "call_return:\n"
        "  mov %rsp, saved_after(%rip)\n"
        "  push %rdi\n" /* below the red zone's first word, which is read before */
        "  pop %rdi\n"
        "  pushfq\n"
        "  cld\n"
        "  mov saved_stack(%rip), %rsp\n"
        "  sub $1024, %rsp\n"
        "  push %rax\n"
        "  mov saved_registers(%rip), %rax\n"
        "  mov %rbx, 0(%rax)\n  mov %rbp, 8(%rax)\n  mov %rdi, 16(%rax)\n  mov %rsi, 24(%rax)\n  mov %rdx, 32(%rax)\n"
        "  mov %r8, 40(%rax)\n  mov %r9, 48(%rax)\n  mov %r10, 56(%rax)\n  mov %r12, 64(%rax)\n  mov %r13, 72(%rax)\n"
        "  mov %r14, 80(%rax)\n  mov %r15, 112(%rax)\n  mov %rcx, 96(%rax)\n  mov %r11, 104(%rax)\n"
        "  mov -128(%r15), %rbx\n  mov %rbx, 136(%rax)\n"
        "  mov %r15, 120(%rax)\n"
        "  mov saved_after(%rip), %rbx\n  mov %rbx, 128(%rax)\n"
        "  pop 112(%rax)\n"
        "  lea call_return(%rip), %rbx\n  mov %rbx, 144(%rax)\n"
        "  mov -8(%r15), %rbx\n  mov %rbx, 152(%rax)\n" /* the flags pushed above */
        "  mov saved_stack(%rip), %rsp\n"
        "  pop %r15\n  pop %r14\n  pop %r13\n  pop %r12\n  pop %rbp\n  pop %rbx\n"
        "  ret\n"
        ".bss\n saved_registers: .quad 0\n saved_stack: .quad 0\n saved_after: .quad 0\n.text\n");

static void check(uint64_t number, uint64_t misalignment, uint64_t direction) {
    struct registers r = {0};
    call_with(&r, number, misalignment, direction);
    CHECK(r.rbx == 0x1101 && r.rbp == 0x1102 && r.rdi == (uint64_t)-1 && r.rsi == 0x5102 && r.rdx == 0x5103);
    CHECK(r.r8 == 0x1108 && r.r9 == 0x1109 && r.r10 == 0x1110 && r.r12 == 0x1112 && r.r13 == 0x1113 && r.r14 == 0x1114);
    CHECK(r.rsp_before == r.rsp_after);
    CHECK(r.red_zone == 0x66666666);
    CHECK(r.rcx == r.after);
    CHECK(((r.flags >> 10) & 1) == direction);
    CHECK(((r.r11 >> 10) & 1) == direction);
    CHECK((int64_t)r.rax < 0 || number == SYS_getppid || number == SYS_rt_sigreturn);
}

int main(void) {
    /* dup(-1): the kernel by way of the shim; getppid: the engine; 9999: unknown; rseq: the shim. */
    const uint64_t numbers[] = {SYS_dup, SYS_getppid, 9999, 334, SYS_fstat, SYS_clock_gettime};
    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        for (uint64_t misalignment = 0; misalignment < 16; misalignment++) {
            check(numbers[i], misalignment, 0);
            check(numbers[i], misalignment, 1);
        }
    }
    return 0;
}
