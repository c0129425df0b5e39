/* Vector registers and their control word survive calls and signal handlers; a handler begins with the initial ones. */
#include "check.h"
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

static uint8_t pattern[16][32] __attribute__((aligned(32)));
static uint8_t found[16][32] __attribute__((aligned(32)));
static uint32_t handler_mxcsr;
static int handled;

static void handler(int number, siginfo_t *information, void *context) {
    (void)number;
    (void)information;
    ucontext_t *user = context;
    handled++;
    __asm__ volatile("stmxcsr %0" : "=m"(handler_mxcsr));
    /* What was interrupted is visible in the frame. */
    CHECK(memcmp(&user->uc_mcontext.fpregs->_xmm[3], pattern[3], 16) == 0);
    __asm__ volatile("vzeroall" ::: "memory");
    for (volatile double x = 1; x < 100; x *= 1.5) {
    }
}

#define EACH(operation)                                                                                             \
    operation(0) operation(1) operation(2) operation(3) operation(4) operation(5) operation(6) operation(7) operation(8) \
        operation(9) operation(10) operation(11) operation(12) operation(13) operation(14) operation(15)
#define LOAD(n) "vmovdqa " #n "*32(%[pattern]), %%ymm" #n "\n"
#define STORE(n) "vmovdqa %%ymm" #n ", " #n "*32(%[found])\n"
#define CLOBBERED "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", \
                  "xmm13", "xmm14", "xmm15"

static long around(long number, long a, long b, long c) {
    uint32_t mxcsr = 0x3f80 | 0x8000; /* round down, flush to zero */
    uint32_t after;
    uint32_t standard = 0x1f80;
    long result;
    memset(found, 0, sizeof(found));
    __asm__ volatile("ldmxcsr %[mxcsr]\n" EACH(LOAD) "syscall\n" EACH(STORE) "stmxcsr %[after]\n"
                     "ldmxcsr %[standard]\n"
                     : "=a"(result), [after] "=m"(after)
                     : "0"(number), "D"(a), "S"(b), "d"(c), [pattern] "r"(pattern), [found] "r"(found), [mxcsr] "m"(mxcsr),
                       [standard] "m"(standard)
                     : "rcx", "r11", "memory", CLOBBERED);
    CHECK(memcmp(pattern, found, sizeof(found)) == 0);
    CHECK((after & ~0x3fu) == mxcsr);
    return result;
}

static void fault_handler(int number, siginfo_t *information, void *context) {
    handler(number, information, context);
    CHECK(mprotect((void *)((uintptr_t)information->si_addr & ~4095ul), 4096, PROT_READ | PROT_WRITE) == 0);
}

static void across_fault(void) {
    char *page = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    memset(found, 0, sizeof(found));
    __asm__ volatile(EACH(LOAD) "movb $5, (%[page])\n" EACH(STORE)
                     :
                     : [pattern] "r"(pattern), [found] "r"(found), [page] "r"(page + 100)
                     : "memory", CLOBBERED);
    CHECK(memcmp(pattern, found, sizeof(found)) == 0);
    CHECK(page[100] == 5);
}

int main(void) {
    if (!__builtin_cpu_supports("avx")) {
        fprintf(stderr, "this CPU has no AVX\n");
        return 1;
    }
    for (unsigned i = 0; i < sizeof(pattern); i++) {
        ((uint8_t *)pattern)[i] = (uint8_t)(i * 7 + 1);
    }
    struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO};
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    action.sa_sigaction = fault_handler;
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    around(SYS_getppid, 0, 0, 0);
    around(SYS_dup, -1, 0, 0);
    CHECK(around(SYS_tgkill, getpid(), gettid(), SIGUSR1) == 0);
    CHECK(handled == 1);
    CHECK(handler_mxcsr == 0x1f80);
    across_fault();
    CHECK(handled == 2);
    return 0;
}
