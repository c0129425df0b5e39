/* Sites with `mov $number, %eax` before the syscall instruction: after a few traps they jump, and nothing else changes. */
#include "check.h"
#include "traps.h"
#include <signal.h>
#include <ucontext.h>

#define CALLS 1000
/* Traps before a site is patched, and a few for what libc calls in between. */
#define FEW 8

/* Each function loads %rax by itself, sets the flags given in its second argument, and returns what pushfq sees after. */
/* The call's arguments. */
static volatile uint64_t first __attribute__((used)) = UINT64_MAX, second __attribute__((used));

#define SITE(name, move)                                                                                     \
    extern uint64_t name(uint64_t *result, uint64_t flags);                                                  \
    extern const uint8_t name##_return[];                                                                    \
    __asm__(".text\n" #name ":\n push %rbx\n mov %rdi, %rbx\n push %rsi\n popfq\n"                           \
            " movq $0x1234, -8(%rsp)\n movq $0x5678, -128(%rsp)\n mov first(%rip), %rdi\n mov second(%rip), %rsi\n mov $0, %edx\n" move "\n syscall\n"       \
            #name "_return:\n mov %rax, (%rbx)\n mov %rcx, 8(%rbx)\n mov %r11, 16(%rbx)\n mov -8(%rsp), %rcx\n" \
            " mov %rcx, 24(%rbx)\n mov -128(%rsp), %rcx\n mov %rcx, 32(%rbx)\n pushfq\n pop %rax\n push $2\n popfq\n" \
            " pop %rbx\n ret\n")

SITE(short_dup, "mov $32, %eax");
SITE(long_dup, ".byte 0x48, 0xc7, 0xc0, 32, 0, 0, 0");
SITE(short_parent, "mov $110, %eax");
SITE(extended, ".byte 0x41, 0xb8, 32, 0, 0, 0"); /* mov $32, %r8d: ends as a mov to %eax does */
SITE(unknown, "mov $9999, %eax");
SITE(fill, "mov $318, %eax"); /* getrandom */

#define CARRY 0x1
#define PARITY 0x4
#define ADJUST 0x10
#define ZERO 0x40
#define SIGN 0x80
#define DIRECTION 0x400
#define OVERFLOW 0x800
#define NESTED 0x4000
#define ALIGNMENT 0x40000
#define FIXED 0x202

static void check_flags(uint64_t (*site)(uint64_t *, uint64_t), const uint8_t *after, int64_t expected) {
    const uint64_t bits[] = {CARRY, PARITY, ADJUST, ZERO, SIGN, OVERFLOW, DIRECTION, NESTED};
    for (unsigned set = 0; set < 1 << (sizeof(bits) / sizeof(bits[0])); set++) {
        uint64_t flags = FIXED;
        for (unsigned bit = 0; bit < sizeof(bits) / sizeof(bits[0]); bit++) {
            flags |= (set >> bit & 1) != 0 ? bits[bit] : 0;
        }
        uint64_t result[5] = {0};
        CHECK(site(result, flags) == flags);
        CHECK((int64_t)result[0] == expected);
        CHECK(result[1] == (uint64_t)after && result[2] == flags);
        CHECK(result[3] == 0x1234 && result[4] == 0x5678);
    }
}

static void check_sites(void) {
    uint64_t traps = trapped_calls();
    check_flags(short_dup, short_dup_return, -EBADF);
    check_flags(long_dup, long_dup_return, -EBADF);
    check_flags(short_parent, short_parent_return, getppid());
    check_flags(unknown, unknown_return, -ENOSYS);
    CHECK(patched(short_dup_return, -7) && patched(long_dup_return, -9) && patched(short_parent_return, -7));
    CHECK(trapped_calls() - traps < 4 * FEW);
}

/* The shim copies in the direction that it expects. */
static void check_direction(void) {
    for (int i = 0; i < 100; i++) {
        uint64_t result[5] = {0};
        uint64_t bytes[16];
        memset(bytes, 0xaa, sizeof(bytes));
        first = (uint64_t)&bytes[6];
        second = 4 * sizeof(bytes[0]);
        CHECK(fill(result, FIXED | DIRECTION) == (FIXED | DIRECTION) && result[0] == second);
        for (int k = 0; k < 16; k++) {
            CHECK((bytes[k] != UINT64_C(0xaaaaaaaaaaaaaaaa)) == (k >= 6 && k < 10));
        }
    }
    first = UINT64_MAX;
    second = 0;
}

/* The number stands in %rax already, so the look of the site does not betray that its move is another one. */
static void check_extended(void) {
    for (int i = 0; i < 100; i++) {
        uint64_t result[5] = {0};
        long r8;
        __asm__ volatile("mov %[result], %%rdi\n mov $0x202, %%esi\n mov $32, %%eax\n call extended\n mov %%r8, %[r8]"
                         : [r8] "=r"(r8)
                         : [result] "r"(result)
                         : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
        CHECK((int64_t)result[0] == -EBADF && r8 == 32);
    }
    CHECK(code_at(extended_return, -8) == 0x41 && code_at(extended_return, -7) == 0xb8);
}

/* What natively returns behind the syscall instruction traps there too, if somebody jumps to it. */
static void check_jump_to_syscall(void) {
    for (int i = 0; i < CALLS; i++) {
        uint64_t result[5] = {0};
        __asm__ volatile("push %%rbx\n mov %[result], %%rbx\n mov $-1, %%rdi\n mov $33, %%eax\n"
                         "lea 1f(%%rip), %%rcx\n push %%rcx\n push %%rbx\n lea short_dup_return(%%rip), %%rcx\n sub $2, %%rcx\n jmp *%%rcx\n"
                         "1: pop %%rbx\n"
                         :
                         : [result] "r"(result)
                         : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
        CHECK((int64_t)result[0] == -EBADF && result[1] == (uint64_t)short_dup_return);
    }
}

/* Linux's alignment check: nothing of the shim may fall over it. */
static void check_alignment_check(void) {
    uint64_t result[5] = {0};
    CHECK(short_dup(result, FIXED | ALIGNMENT) == (FIXED | ALIGNMENT));
    CHECK(short_parent(result, FIXED | ALIGNMENT) == (FIXED | ALIGNMENT));
}

/* Step by step, a call is one instruction. */
#define TRAP 0x100
static volatile int steps;
static volatile bool strange;

static void step(int number, siginfo_t *information, void *context) {
    (void)number;
    (void)information;
    ucontext_t *user = context;
    uint64_t rip = (uint64_t)user->uc_mcontext.gregs[REG_RIP];
    strange |= rip < (uint64_t)short_dup || rip > (uint64_t)short_dup_return + 64;
    steps++;
}

static void check_steps(void) {
    struct sigaction action = {.sa_sigaction = step, .sa_flags = SA_SIGINFO};
    uint64_t result[5] = {0};
    CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
    short_dup(result, FIXED | TRAP);
    CHECK((int64_t)result[0] == -EBADF && steps > 5 && steps < 30 && !strange);
}

int main(void) {
    check_sites();
    check_direction();
    check_extended();
    check_jump_to_syscall();
    check_alignment_check();
    check_steps();
    return 0;
}
