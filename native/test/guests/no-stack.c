/* Calls touch no stack: it may be used up, or not be there at all. */
#include "check.h"
#include <sys/mman.h>

/* getppid, dup(-1) and clock_gettime with %rsp = stack. */
static long call_on(uint64_t stack, long number, long a, long b) {
    long result;
    register long saved __asm__("r12");
    __asm__ volatile("mov %%rsp, %[saved]\n mov %[stack], %%rsp\n syscall\n mov %[saved], %%rsp\n"
                     : "=a"(result), [saved] "=&r"(saved)
                     : "0"(number), "D"(a), "S"(b), [stack] "r"(stack)
                     : "rcx", "r11", "memory");
    return result;
}

int main(void) {
    char *pages = mmap(NULL, 2 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(mprotect(pages, 4096, PROT_NONE) == 0);
    const uint64_t stacks[] = {(uint64_t)pages + 4096, (uint64_t)pages + 4099, 0, 8, 0x7fff12345678, UINT64_C(1) << 63};
    uint64_t time[2];
    for (unsigned i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
        CHECK(call_on(stacks[i], SYS_getppid, 0, 0) == 1);
        CHECK(call_on(stacks[i], SYS_dup, -1, 0) == -EBADF);
        CHECK(call_on(stacks[i], SYS_clock_gettime, 0, (long)time) == 0);
    }
    return 0;
}
