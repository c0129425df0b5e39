/*
 * Handlers that do nothing but send the guest elsewhere: a call to the entry stub, with the registers that the syscall
 * instruction would have left; a fault to the fault entry, on the shim's stack.
 */
#include "fault.h"
#include "caught.h"
#include "code.h"
#include "copy.h"
#include "deliver.h"
#include "raw.h"
#include "stub.h"
#include "text.h"

#define SIGILL 4
#define SIGTRAP 5
#define SIGBUS 7
#define SIGFPE 8
#define SIGSEGV 11
#define SIGSYS 31

#define SA_SIGINFO 0x4
#define SA_RESTORER 0x04000000
#define SA_ONSTACK 0x08000000

#define SIG_SETMASK 2

#define TRAP_DEBUG 1
#define TRAP_INT3 3
#define INT3_BYTES 1

#define SYS_SECCOMP 1
#define SYS_USER_DISPATCH 2
#define SIGINFO_ADDRESS 16
#define AUDIT_ARCH_X86_64 0xc000003e

struct kernel_action {
    const void *handler;
    uint64_t flags;
    const void *restorer;
    uint64_t mask;
};

/* siginfo of SIGSYS. */
struct call_information {
    int32_t signal;
    int32_t error;
    int32_t code;
    int32_t padding;
    uint64_t call_address;
    int32_t call;
    uint32_t architecture;
};

/* struct ucontext, which begins at `flags` of the frame. */
struct user_context {
    uint64_t flags;
    uint64_t link;
    uint64_t stack[3];
    struct gnomon_context context;
    uint16_t segments[4];
    uint64_t error;
    uint64_t trap;
    uint64_t old_mask;
    uint64_t fault_address;
};

_Static_assert(offsetof(struct user_context, context) ==
                   offsetof(struct gnomon_frame, context) - offsetof(struct gnomon_frame, flags),
               "kernel layout");

extern const char gnomon_trap_entry[], gnomon_fault_entry[], gnomon_restorer[];
extern const char gnomon_copy_begin[], gnomon_copy_end[], gnomon_copy_fault[];
extern const char gnomon_copy_string_begin[], gnomon_copy_string_end[], gnomon_copy_string_fault[];

const void *gnomon_copy_recovery(uint64_t instruction) {
    if (instruction >= (uint64_t)gnomon_copy_begin && instruction < (uint64_t)gnomon_copy_end) {
        return gnomon_copy_fault;
    }
    if (instruction >= (uint64_t)gnomon_copy_string_begin && instruction < (uint64_t)gnomon_copy_string_end) {
        return gnomon_copy_string_fault;
    }
    return NULL;
}

/* A fault of the shim itself: says where, and lets it happen again without a handler. */
static void own_fault(int signal, const struct user_context *user) {
    char line[200];
    struct gnomon_text text = {.start = line, .limit = sizeof(line)};
    struct kernel_action standard = {0};
    gnomon_text_add(&text, "gnomon shim: signal ");
    gnomon_text_add_number(&text, (uint64_t)signal);
    gnomon_text_add(&text, " at text+0x");
    gnomon_text_add_in_base(&text, user->context.rip - (uint64_t)gnomon_text_begin, 16);
    gnomon_text_add(&text, ", address 0x");
    gnomon_text_add_in_base(&text, user->fault_address, 16);
    gnomon_text_add(&text, "\n");
    gnomon_raw3(__NR_write, 2, (long)line, (long)text.length);
    gnomon_raw4(__NR_rt_sigaction, signal, (long)&standard, 0, 8);
}

/* Whether a trap is none of the guest's: it met a patch half-done, or executes step by step and is in the way of a call, which
 * to the guest is one instruction. */
static bool is_own_trap(struct user_context *user) {
    struct gnomon_context *context = &user->context;
    if (user->trap == TRAP_INT3 && gnomon_code_was_exchanged(context->rip - INT3_BYTES)) {
        context->rip -= INT3_BYTES;
        return true;
    }
    return user->trap == TRAP_DEBUG && (gnomon_in_stub(context->rip) || gnomon_in_text(context->rip) ||
                                        gnomon_leads_to_stub(context->rip));
}

static void handle_fault(int signal, const void *information, struct user_context *user) {
    struct gnomon_context *context = &user->context;
    if (signal == SIGTRAP && is_own_trap(user)) {
        return;
    }
    const void *recovery = gnomon_copy_recovery(context->rip);
    if (recovery != NULL) {
        context->rip = (uint64_t)recovery;
        return;
    }
    if (gnomon_in_text(context->rip)) {
        own_fault(signal, user);
        return;
    }
    struct gnomon_thread *thread = gnomon_thread_current();
    thread->context = *context;
    thread->context.rip = gnomon_stub_origin(context->rip);
    thread->fault_error = user->error;
    thread->fault_trap = user->trap;
    thread->fault_address = user->fault_address;
    memcpy(thread->fault_siginfo, information, GNOMON_SIGINFO_BYTES);
    /* Where it says the instruction's address, it says the one that the guest knows. */
    uint64_t said;
    memcpy(&said, thread->fault_siginfo + SIGINFO_ADDRESS, sizeof(said));
    if (said == context->rip) {
        memcpy(thread->fault_siginfo + SIGINFO_ADDRESS, &thread->context.rip, sizeof(said));
    }
    context->rip = (uint64_t)gnomon_fault_entry;
    context->rsp = thread->stack_top;
    context->rflags &= ~GNOMON_RFLAGS_CLEARED;
}

/* The dispatch caught it; or it is one of the vsyscall page, which has returned to its caller already (vsyscall_64.c), caught by
 * the wall. */
static bool is_caught(const struct call_information *information) {
    bool by_dispatch = information->code == SYS_USER_DISPATCH;
    bool by_wall = information->code == SYS_SECCOMP && gnomon_is_vsyscall(information->call_address);
    return (by_dispatch || by_wall) && information->architecture == AUDIT_ARCH_X86_64;
}

static void handle_call(int signal, const struct call_information *information, struct user_context *user) {
    struct gnomon_context *context = &user->context;
    if (!is_caught(information)) {
        handle_fault(signal, information, user);
        return;
    }
    context->rcx = context->rip;
    context->r11 = context->rflags;
    context->rip = (uint64_t)gnomon_trap_entry;
    context->rflags &= ~GNOMON_RFLAGS_CLEARED;
}

long gnomon_fault_install(void) {
    static const int32_t faults[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    struct kernel_action action = {.handler = handle_call,
                                   .flags = SA_SIGINFO | SA_ONSTACK | SA_RESTORER,
                                   .restorer = gnomon_restorer,
                                   .mask = UINT64_MAX};
    uint64_t none = 0;
    long result = gnomon_raw4(__NR_rt_sigaction, SIGSYS, (long)&action, 0, 8);
    action.handler = handle_fault;
    for (size_t i = 0; result == 0 && i < sizeof(faults) / sizeof(faults[0]); i++) {
        result = gnomon_raw4(__NR_rt_sigaction, faults[i], (long)&action, 0, 8);
    }
    /* A guest's mask is kept by the engine; really nothing is blocked, for a blocked SIGSYS would be the end. */
    return result != 0 ? result : gnomon_raw4(__NR_rt_sigprocmask, SIG_SETMASK, (long)&none, 0, 8);
}
