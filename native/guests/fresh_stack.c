/*
 * The stack below what the kernel put there: zeros before the program's first instruction, and with a loader at least nothing
 * that tells who started the program, or how. Linked with own_start as the entry point (part.mk).
 */
#include "check.h"
#include <stdint.h>
#include <sys/auxv.h>

/* Of the 64 KiB below the stack pointer at the entry point: all bits that are set somewhere, and how often "/pro" is there. */
uint64_t bits, paths;

__asm__(".globl own_start\n"
        "own_start:\n"
        "    mov %rsp, %rcx\n"
        "    sub $65536, %rcx\n"
        "    xor %eax, %eax\n"
        "    xor %r8d, %r8d\n"
        "1:  cmpl $0x6f72702f, (%rcx)\n"
        "    jne 2f\n"
        "    inc %r8\n"
        "2:  orb (%rcx), %al\n"
        "    inc %rcx\n"
        "    lea -8(%rsp), %r9\n"
        "    cmp %r9, %rcx\n"
        "    jb 1b\n"
        "    mov %rax, bits(%rip)\n"
        "    mov %r8, paths(%rip)\n"
        "    xor %ecx, %ecx\n"
        "    jmp _start\n");

int main(void) {
    CHECK(paths == 0);
    if (getauxval(AT_BASE) == 0) {
        CHECK(bits == 0);
    }
    return 0;
}
