/* Sites without a mov of the number directly before them: a short jump into a gap, or the mov further before. */
#include "check.h"
#include "traps.h"
#include <signal.h>
#include <ucontext.h>

#define CALLS 1000
#define FEW 8

#define CARRY 0x1
#define ZERO 0x40
#define TRAP 0x100
#define DIRECTION 0x400
#define OVERFLOW 0x800
#define FIXED 0x202

/* Calls number `number` with an invalid descriptor and these flags; stores %rax, %rcx, %r11, two words of the red zone, and
 * returns the flags. */
#define BODY(name, before, behind)                                                                                \
    __asm__(".text\n .p2align 4\n" #name ":\n push %rbx\n mov %rdi, %rbx\n mov %rdx, %rax\n push %rsi\n popfq\n"  \
            " movq $0x1234, -8(%rsp)\n movq $0x5678, -128(%rsp)\n mov $-1, %rdi\n" before " syscall\n" #name "_return:\n" \
            " mov %rax, (%rbx)\n mov %rcx, 8(%rbx)\n mov %r11, 16(%rbx)\n mov -8(%rsp), %rcx\n"                   \
            " mov %rcx, 24(%rbx)\n mov -128(%rsp), %rcx\n mov %rcx, 32(%rbx)\n pushfq\n pop %rax\n push $2\n popfq\n" \
            " pop %rbx\n" behind);                                                                                \
    extern uint64_t name(uint64_t *result, uint64_t flags, uint64_t number);                                      \
    extern const uint8_t name##_return[]

/* Filler behind a return. */
BODY(gap_behind, "", " ret\n .p2align 4\n");
/* int3 as filler, as Go's linker puts it. */
BODY(gap_of_stops, "", " ret\n .p2align 4, 0xcc\n .skip 16, 0xcc\n");
/* Far from all that could be a gap. */
#define NO_GAP " .skip 200, 0xf5\n"
__asm__(NO_GAP " .p2align 4, 0xf5\n");
/* What looks like a return is the end of mov %eax, %ebx, and the filler behind it is executed. */
BODY(executed, "", " push %rbx\n .p2align 4\n mov $3, %ecx\n mov %eax, %ebx\n"
                   " .p2align 4\n1: dec %ecx\n jnz 1b\n mov %rbx, %rax\n pop %rbx\n ret\n" NO_GAP " .p2align 4, 0xf5\n");
/* The filler behind the jump is jumped to. */
BODY(branched, "", " .p2align 4\n jmp 3f\n4: .p2align 4\n ret\n" NO_GAP "3: jmp 4b\n" NO_GAP " .p2align 4, 0xf5\n");
BODY(without_gap, "", " ret\n" NO_GAP " .p2align 4, 0xf5\n");

static const uint64_t word = 0x7777;
static volatile uint64_t pointed = 0x4321;
static volatile uint64_t *pointer __attribute__((used)) = &pointed;

/* The mov is further before; what stands in between depends on its place, uses the stack, sets flags. */
BODY(early_move, " mov $33, %eax\n lea word_label(%rip), %rsi\n mov 8(%rsp), %r9\n movq $77, -16(%rsp)\n stc\n nop\n", " ret\n");
BODY(early_lea, " mov %rbx, %r9\n mov pointer(%rip), %r10\n mov $32, %eax\n lea 6f(%rip), %rsi\n mov (%r10), %r8\n 6:\n", " mov %rsi, 40(%r9)\n ret\n");

/* dup(-1), and between the mov and the call a load that may fault: of a register that the handler mends. */
extern long loading(const volatile uint64_t *from, uint64_t *loaded);
extern const uint8_t loading_return[], loading_load[];
__asm__(".data\nword_label: .quad 1\n.text\n .p2align 4\nloading:\n push %rbx\n mov %rsi, %rbx\n mov %rdi, %rsi\n mov $-1, %rdi\n"
        " mov $32, %eax\n lea 0x10(%rsi), %rdx\nloading_load: mov -0x10(%rdx), %r8\n xor %r10d, %r10d\n syscall\n"
        "loading_return: mov %r8, (%rbx)\n pop %rbx\n ret\n .p2align 4\n");

static void check_site(uint64_t (*site)(uint64_t *, uint64_t, uint64_t), const uint8_t *after, uint64_t number, int64_t expected) {
    const uint64_t bits[] = {CARRY, ZERO, OVERFLOW, DIRECTION};
    for (int i = 0; i < CALLS; i++) {
        uint64_t flags = FIXED;
        for (unsigned bit = 0; bit < sizeof(bits) / sizeof(bits[0]); bit++) {
            flags |= (i >> bit & 1) != 0 ? bits[bit] : 0;
        }
        uint64_t result[6] = {0};
        CHECK(site(result, flags, number) == flags);
        CHECK((int64_t)result[0] == expected && result[1] == (uint64_t)after && result[2] == flags);
        CHECK(result[3] == 0x1234 && result[4] == 0x5678);
    }
}

static void check_gaps(void) {
    uint64_t traps = trapped_calls();
    check_site(gap_behind, gap_behind_return, SYS_dup, -EBADF);
    check_site(gap_of_stops, gap_of_stops_return, SYS_dup, -EBADF);
    CHECK(patched(gap_behind_return, -2) && patched(gap_of_stops_return, -2));
    /* One site, many numbers. */
    check_site(gap_behind, gap_behind_return, SYS_close, -EBADF);
    check_site(gap_behind, gap_behind_return, 9999, -ENOSYS);
    check_site(gap_behind, gap_behind_return, SYS_getppid, getppid());
    CHECK(trapped_calls() - traps < 2 * FEW);
}

/* Execution that comes through filler, or is led into it, finds it as it was. */
static void check_refused(void) {
    uint64_t traps = trapped_calls();
    check_site(executed, executed_return, SYS_dup, -EBADF);
    check_site(branched, branched_return, SYS_dup, -EBADF);
    check_site(without_gap, without_gap_return, SYS_dup, -EBADF);
    CHECK(code_at(executed_return, -2) == 0x0f && code_at(branched_return, -2) == 0x0f &&
          code_at(without_gap_return, -2) == 0x0f);
    CHECK(trapped_calls() - traps == 3 * CALLS);
}

static volatile int faults;
static volatile uint64_t mended = 0x99;

static void mend(int number, siginfo_t *information, void *context) {
    ucontext_t *user = context;
    CHECK(number == SIGSEGV && information->si_addr == (void *)8);
    CHECK(user->uc_mcontext.gregs[REG_RIP] == (long)loading_load);
    CHECK(user->uc_mcontext.gregs[REG_RAX] == SYS_dup);
    user->uc_mcontext.gregs[REG_RDX] = (long)&mended + 0x10;
    faults++;
}

/* A displaced instruction that faults does so at its own place. */
static void check_fault(void) {
    struct sigaction action = {.sa_sigaction = mend, .sa_flags = SA_SIGINFO};
    uint64_t loaded;
    CHECK(sigaction(SIGSEGV, &action, NULL) == 0);
    for (int i = 0; i < 20; i++) {
        CHECK(loading(&word, &loaded) == -EBADF && loaded == word);
    }
    CHECK(patched(loading_return, -2 - 3 - 4 - 4 - 5) && code_at(loading_return, -2) == 0x0f);
    for (int i = 1; i <= 20; i++) {
        CHECK(loading((void *)8, &loaded) == -EBADF && loaded == mended && faults == i);
    }
    /* The syscall instruction, which the resumed call came to, is patched by now. */
    CHECK(patched(loading_return, -2));
}

static void check_early_moves(void) {
    for (int i = 0; i < CALLS; i++) {
        uint64_t result[6] = {0};
        CHECK((early_move(result, FIXED, 0) & CARRY) != 0);
        CHECK((int64_t)result[0] == -EBADF && result[1] == (uint64_t)early_move_return && (result[2] & CARRY) != 0);
        early_lea(result, FIXED, 0);
        CHECK((int64_t)result[0] == -EBADF && result[5] == (uint64_t)early_lea_return - 2);
    }
    CHECK(patched(early_move_return, -30) && patched(early_lea_return, -17));
}

static volatile int steps;
static volatile bool strange;

static void step(int number, siginfo_t *information, void *context) {
    (void)number;
    (void)information;
    ucontext_t *user = context;
    uint64_t rip = (uint64_t)user->uc_mcontext.gregs[REG_RIP];
    strange |= rip < (uint64_t)gap_behind || rip > (uint64_t)gap_behind_return + 60;
    /* The gap is in there, so that is not enough. */
    strange |= code_at((const uint8_t *)rip, 0) == 0xe9;
    steps++;
}

static void check_steps(void) {
    struct sigaction action = {.sa_sigaction = step, .sa_flags = SA_SIGINFO};
    uint64_t result[6] = {0};
    CHECK(sigaction(SIGTRAP, &action, NULL) == 0);
    gap_behind(result, FIXED | TRAP, SYS_dup);
    CHECK((int64_t)result[0] == -EBADF && steps > 5 && steps < 30 && !strange);
}

int main(void) {

    check_gaps();
    check_refused();
    check_early_moves();
    check_fault();
    check_steps();
    return 0;
}
