/* What the shim's dispatch.c, spawn.c, execute.c and fault.c do for guests that have them. */
#define _GNU_SOURCE
#include "tracer.h"

#include <linux/audit.h>
#include <linux/sched.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../shim/budget.h"
#include "../shim/carry.h"
#include "../shim/copy.h"
#include "../shim/counter.h"
#include "../shim/deliver.h"
#include "../shim/dispatch.h"
#include "../shim/install.h"
#include "../shim/lock.h"
#include "../shim/native.h"
#include "../shim/route.h"
#include "../shim/spawn.h"

#define FUTEX_WAKE 1
#define O_PATH 010000000
#define O_CLOEXEC 02000000
#define AT_FDCWD (-100)
#define TRAP_GENERAL_PROTECTION 13
#define TRAP_PAGE_FAULT 14
/* si_code of SIGSYS. */
#define SYS_SECCOMP 1
#define SYS_USER_DISPATCH 2

/* Keys of the auxiliary vector. */
#define AT_NULL 0
#define AT_IGNORE 1
#define AT_RANDOM 25
#define AT_SYSINFO_EHDR 33
#define RANDOM_BYTES 16

/* ---- the engine */

static void publish(enum gnomon_guest_state state) {
    struct gnomon_worker_word *worker = tracee->thread->worker_word;
    tracee->turn = false;
    __atomic_store_n(&tracee->thread->slot->guest_state, state, __ATOMIC_RELEASE);
    __atomic_add_fetch(&worker->sequence, 1, __ATOMIC_SEQ_CST);
    if (__atomic_load_n(&worker->sleeping, __ATOMIC_SEQ_CST) != 0) {
        syscall(SYS_futex, &worker->sequence, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
}

/* As crossing.c: guest and tracer run where the worker wants its guests. */
static void follow(void) {
    struct gnomon_thread *thread = tracee->thread;
    int32_t processor = __atomic_load_n(&thread->worker_word->guest_processor, __ATOMIC_RELAXED);
    if (processor >= 0 && processor != thread->processor) {
        tracer_run_on(0, processor);
        tracer_run_on(tracee->tid, processor);
        thread->processor = processor;
    }
}

static void cross(enum gnomon_phase phase) {
    struct gnomon_slot *slot = tracee->thread->slot;
    slot->phase = phase;
    slot->instruction_pointer = tracee->thread->context.rip;
    slot->stack_pointer = tracee->thread->context.rsp;
    slot->real_process_id = tracee->process;
    slot->real_thread_id = tracee->tid;
    tracee->seen = __atomic_load_n(&slot->guest_word, __ATOMIC_RELAXED);
    publish(GNOMON_STATE_CALL);
    tracee_await_answer();
    follow();
}

/* ---- the ways to end */

/* Lets the guest run to its end; its last status goes to the main loop. */
static _Noreturn void to_the_end(int signal) {
    for (;;) {
        int status = tracee_continue(PTRACE_CONT, signal);
        signal = tracee_event(status) == 0 && !tracee_is_syscall_stop(status) ? WSTOPSIG(status) : 0;
    }
}

_Noreturn void gnomon_die(int signal) {
    tracee->turn = false;
    syscall(SYS_tgkill, tracee->process, tracee->tid, signal);
    tracee_store_registers();
    to_the_end(0);
}

_Noreturn void gnomon_refuse(const char *reason) {
    (void)!write(STDERR_FILENO, "gnomon tracer: ", 15);
    (void)!write(STDERR_FILENO, reason, strlen(reason));
    (void)!write(STDERR_FILENO, "\n", 1);
    tracee->turn = false;
    kill(tracee->process, SIGKILL);
    to_the_end(0);
}

static _Noreturn void end(long number, long status) {
    uint64_t arguments[6] = {(uint64_t)status};
    tracee->turn = false; /* a leader's death is told after that of all other threads */
    tracee_begin_call(number, arguments);
    to_the_end(0);
}

/* ---- replies */

static void install(struct gnomon_slot *slot) {
    uint64_t path = tracee_scratch();
    if (path == 0 || !gnomon_copy_out(path, "/dev/null", sizeof "/dev/null")) {
        slot->installed[0] = -GNOMON_ENOMEM;
        return;
    }
    gnomon_install(slot, path);
}

/* Flags that the kernel is to see: identities are the engine's (spawn.c). */
#define KEPT_FLAGS                                                                                                    \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | \
     CLONE_IO)

/* The arguments of clone(2) that bring to life what the guest's call asks for; 0 or -errno. */
static long birth_of(const struct gnomon_call *call, uint64_t *arguments) {
    struct clone_args extended;
    memset(arguments, 0, 6 * sizeof *arguments);
    switch (call->number) {
    case SYS_fork:
        break;
    case SYS_vfork:
        arguments[0] = CLONE_VM | CLONE_VFORK;
        break;
    case SYS_clone:
        arguments[0] = call->arguments[0];
        arguments[1] = call->arguments[1];
        arguments[4] = call->arguments[4];
        break;
    case SYS_clone3:
        if (call->arguments[1] < CLONE_ARGS_SIZE_VER0) {
            return -GNOMON_EINVAL;
        }
        if (!gnomon_copy_in(&extended, call->arguments[0], CLONE_ARGS_SIZE_VER0)) {
            return -GNOMON_EFAULT;
        }
        arguments[0] = extended.flags;
        arguments[1] = extended.stack == 0 ? 0 : extended.stack + extended.stack_size;
        arguments[4] = extended.tls;
        break;
    default:
        return -GNOMON_EINVAL;
    }
    arguments[0] &= KEPT_FLAGS;
    if ((arguments[0] & CLONE_THREAD) == 0) {
        arguments[0] |= CLONE_PARENT | SIGCHLD;
    }
    return 0;
}

long gnomon_spawn(struct gnomon_thread *thread, const struct gnomon_call *call, uint32_t thread_page,
                  uint32_t process_page) {
    uint64_t arguments[6];
    long refused = birth_of(call, arguments);
    if (refused != 0) {
        return refused;
    }
    int status = tracee_begin_call(SYS_clone, arguments);
    while (!tracee_is_syscall_stop(status)) {
        int event = tracee_event(status);
        if (event == PTRACE_EVENT_VFORK) {
            tracee->turn = false; /* the child has it, until it executes or ends */
        }
        if (event == PTRACE_EVENT_CLONE || event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) {
            struct tracee *born = tracee_born((pid_t)tracee_event_message(), (arguments[0] & CLONE_THREAD) != 0,
                                              process_page, thread_page);
            /* Its registers are those of the guest's call, not of the one made in its place. */
            born->thread->context = thread->context;
            born->thread->context.rax = 0;
            born->thread->context.rsp = arguments[1] != 0 ? arguments[1] : thread->context.rsp;
        }
        status = tracee_continue(PTRACE_SYSCALL, 0);
    }
    return tracee_result();
}

static void announce_program(void);

/* Executes a program; returns the error where the kernel refused. */
static long execute(const struct gnomon_call *call) {
    int status = tracee_begin_call(call->number, call->arguments);
    while (!tracee_is_syscall_stop(status)) {
        if (tracee_event(status) == PTRACE_EVENT_EXEC) {
            tracee->process = tracee->tid;
            tracee->scratch = 0;
            tracee_continue(PTRACE_SYSCALL, 0);
            announce_program();
            longjmp(tracee->next_stop, 1);
        }
        status = tracee_continue(PTRACE_SYSCALL, 0);
    }
    return tracee_result();
}

static struct gnomon_call with_path(struct gnomon_slot *slot, const struct gnomon_call *call) {
    struct gnomon_call changed = *call;
    uint32_t argument = slot->reply_parameter[0], offset = slot->reply_parameter[1];
    uint64_t at = tracee_scratch();
    if (argument < 6 && offset < GNOMON_TRANSFER_BYTES && at != 0) {
        const char *path = (const char *)slot->transfer + offset;
        uint64_t bytes = strnlen(path, GNOMON_TRANSFER_BYTES - offset) + 1;
        if (bytes <= 4096 && gnomon_copy_out(at, path, bytes)) {
            changed.arguments[argument] = at;
        }
    }
    return changed;
}

/* Lets the guest make the call before which it stands, where nothing is to be done afterwards; otherwise returns. */
static void let_call(const struct gnomon_signature *signature) {
    if (tracee->position == TRACER_AT_ENTRY && signature->afterwards == GNOMON_NOTHING) {
        tracee_let_call();
    }
}

/* As in dispatch.c, and in the same words with the engine. */
static long converse(enum gnomon_phase phase, const struct gnomon_call *call) {
    struct gnomon_thread *thread = tracee->thread;
    struct gnomon_slot *slot = thread->slot;
    const struct gnomon_signature *signature = call != NULL ? gnomon_signature_of(call->number) : NULL;
    for (;;) {
        cross(phase);
        enum gnomon_reply reply = slot->reply_kind;
        if (call == NULL && reply < GNOMON_REPLY_EXIT_THREAD && reply != GNOMON_REPLY_RESULT) {
            gnomon_refuse("the engine's reply needs a call, and there is none");
        }
        struct gnomon_call changed;
        switch (reply) {
        case GNOMON_REPLY_RESULT:
            return gnomon_scatter(slot) ? slot->reply_value : -GNOMON_EFAULT;
        case GNOMON_REPLY_NATIVE:
            if (slot->signal.number == 0) {
                let_call(signature);
            }
            return gnomon_native(call, signature);
        case GNOMON_REPLY_NATIVE_PATH:
            changed = with_path(slot, call);
            return gnomon_native(&changed, signature);
        case GNOMON_REPLY_NATIVE_REPORT:
        case GNOMON_REPLY_NATIVE_PATH_REPORT:
            changed = reply == GNOMON_REPLY_NATIVE_REPORT ? *call : with_path(slot, call);
            slot->native_result = gnomon_native(&changed, signature);
            gnomon_gather(slot, call, signature, GNOMON_AFTER_NATIVE_CALL, slot->native_result);
            phase = GNOMON_PHASE_AFTER_NATIVE;
            break;
        case GNOMON_REPLY_INSTALL:
            install(slot);
            if (slot->reply_parameter[2] != GNOMON_INSTALL_REPORT) {
                return gnomon_complete_installation(tracee->thread);
            }
            phase = GNOMON_PHASE_AFTER_INSTALL;
            break;
        case GNOMON_REPLY_SPAWN:
            slot->native_result = gnomon_spawn(thread, call, slot->reply_parameter[0], slot->reply_parameter[1]);
            phase = GNOMON_PHASE_SPAWNED;
            break;
        case GNOMON_REPLY_EXEC:
            slot->native_result = execute(call);
            phase = GNOMON_PHASE_AFTER_NATIVE;
            break;
        case GNOMON_REPLY_EXIT_THREAD:
            publish(GNOMON_STATE_GONE);
            end(SYS_exit, slot->reply_value);
        case GNOMON_REPLY_EXIT_PROCESS:
            end(SYS_exit_group, slot->reply_value);
        case GNOMON_REPLY_DIE:
            gnomon_die((int)slot->reply_parameter[0]);
        default:
            gnomon_refuse("the engine's reply is of no known kind");
        }
    }
}

/* ---- signals */

static void deliver(const struct gnomon_delivery *delivery);

static void fault_at(const void *siginfo, const struct gnomon_delivery *delivery) {
    memcpy(tracee->thread->slot->fault_siginfo, siginfo, GNOMON_SIGINFO_BYTES);
    tracee->thread->slot->range_count = 0;
    converse(GNOMON_PHASE_FAULT, NULL);
    deliver(delivery);
}

static void deliver(const struct gnomon_delivery *delivery) {
    struct gnomon_slot *slot = tracee->thread->slot;
    while (slot->signal.number != 0 && !gnomon_deliver(tracee->thread, delivery)) {
        /* No frame fits where it has to stand: that is a fault itself, deadly if the signal was this already. */
        uint32_t failed = slot->signal.number;
        slot->signal.number = 0;
        if (failed == SIGSEGV) {
            gnomon_die(SIGSEGV);
        }
        int32_t siginfo[GNOMON_SIGINFO_BYTES / 4] = {SIGSEGV, 0, SI_KERNEL};
        memcpy(slot->fault_siginfo, siginfo, sizeof siginfo);
        slot->range_count = 0;
        converse(GNOMON_PHASE_FAULT, NULL);
    }
}

static void signal_return(void) {
    struct gnomon_thread *thread = tracee->thread;
    struct gnomon_slot *slot = thread->slot;
    struct gnomon_frame frame;
    if (!gnomon_frame_read(thread, &frame)) {
        int32_t siginfo[GNOMON_SIGINFO_BYTES / 4] = {SIGSEGV, 0, SI_KERNEL};
        struct gnomon_delivery delivery = {0};
        fault_at(siginfo, &delivery);
        return;
    }
    slot->call_number = SYS_rt_sigreturn;
    slot->range_count = 0;
    slot->arguments[0] = frame.mask;
    slot->arguments[1] = frame.stack_base;
    slot->arguments[2] = frame.stack_flags;
    slot->arguments[3] = frame.stack_bytes;
    converse(GNOMON_PHASE_SIGNAL_RETURN, NULL);
    if (slot->signal.number == 0) {
        gnomon_frame_return(thread, &frame);
    }
    /* One more signal: the next handler interrupts what the frame holds. */
    struct gnomon_delivery delivery = {.vector_in_frame = true, .vector_address = frame.vector};
    thread->context = frame.context;
    deliver(&delivery);
}

/* ---- calls */

static void sleep_for(const struct gnomon_pause *pause) {
    uint64_t at = tracee_scratch();
    if (at == 0 || !gnomon_copy_out(at, pause, sizeof *pause)) {
        gnomon_refuse("no memory in the guest for a pause");
    }
    struct gnomon_call call = {.number = SYS_clock_nanosleep, .arguments = {1 /* CLOCK_MONOTONIC */, 0, at, 0}};
    gnomon_gather(tracee->thread->slot, &call, gnomon_signature_of(call.number), GNOMON_BEFORE_CALL, 0);
    converse(GNOMON_PHASE_NEW_CALL, &call);
}

static void finish(long result, bool restart) {
    struct gnomon_context *context = &tracee->thread->context;
    if (tracee->thread->slot->signal.number != 0 && restart) {
        context->rip -= 2;
    } else {
        context->rax = (uint64_t)result;
    }
    struct gnomon_delivery delivery = {0};
    deliver(&delivery);
}

static void wait_for_lock(const struct gnomon_call *call) {
    struct gnomon_slot *slot = tracee->thread->slot;
    const struct gnomon_call attempt = gnomon_lock_attempt(call);
    long result = gnomon_call_native(&attempt);
    while (gnomon_lock_contended(result)) {
        sleep_for(&gnomon_lock_pause);
        if (slot->signal.number != 0) {
            result = -GNOMON_EINTR;
            break;
        }
        result = gnomon_call_native(&attempt);
    }
    finish(result, (slot->signal.flags & SA_RESTART) != 0);
}

static void call_made(void) {
    struct gnomon_thread *thread = tracee->thread;
    struct gnomon_call call = gnomon_call_of(&thread->context);
    const struct gnomon_signature *signature = gnomon_signature_of(call.number);
    if (call.number == SYS_rt_sigreturn) {
        signal_return();
    } else if (signature->disposition == GNOMON_REFUSED) {
        thread->context.rax = (uint64_t)-GNOMON_ENOSYS;
    } else if (gnomon_lock_waits(&call) && !gnomon_emulated(thread, call.arguments[0])) {
        wait_for_lock(&call);
    } else if (!gnomon_crosses(thread, &call, signature)) {
        let_call(signature);
        thread->context.rax = (uint64_t)gnomon_native(&call, signature);
    } else {
        gnomon_gather(thread->slot, &call, signature, GNOMON_BEFORE_CALL, 0);
        long result = converse(GNOMON_PHASE_NEW_CALL, &call);
        finish(result, (thread->slot->reply_flags & GNOMON_REPLY_RESTART) != 0);
    }
}

/* A call of the 32-bit kind, at which the filter raised SIGSYS, is reported as the shim's trap would report it. */
static void refuse_32_bit(void) {
    int32_t siginfo[GNOMON_SIGINFO_BYTES / 4] = {SIGSYS, 0, SYS_USER_DISPATCH};
    siginfo[6] = (int32_t)tracee->thread->context.rax;
    siginfo[7] = (int32_t)AUDIT_ARCH_I386;
    struct gnomon_delivery delivery = {0};
    fault_at(siginfo, &delivery);
}

/* ---- faults */

/* A loop over the time-stamp counter lets time pass as one over the clock does: now and then it yields. */
static void read_counter(void) {
    struct gnomon_thread *thread = tracee->thread;
    int64_t nanos = gnomon_process.host->time_call_nanos;
    if (!gnomon_budget_allows(thread, nanos)) {
        struct gnomon_call yield = {.number = SYS_sched_yield};
        gnomon_gather(thread->slot, &yield, gnomon_signature_of(yield.number), GNOMON_BEFORE_CALL, 0);
        converse(GNOMON_PHASE_NEW_CALL, &yield);
    }
    if (gnomon_budget_allows(thread, nanos)) {
        gnomon_budget_count_time(thread);
    }
    const struct gnomon_host_header *host = gnomon_process.host;
    gnomon_counter_answer(thread, (uint64_t)(host->clock_nanos - host->monotonic_origin_nanos));
    struct gnomon_delivery delivery = {0};
    deliver(&delivery);
}

static bool is_fault(int signal) {
    return signal == SIGSEGV || signal == SIGBUS || signal == SIGFPE || signal == SIGILL || signal == SIGTRAP;
}

/* Returns the signal that the guest is to get when it goes on. */
static int signalled(int signal) {
    siginfo_t information;
    if ((!is_fault(signal) && signal != SIGSYS) || ptrace(PTRACE_GETSIGINFO, tracee->tid, 0, &information) < 0 ||
        (signal == SIGSYS && information.si_code != SYS_SECCOMP)) {
        return signal;
    }
    struct gnomon_thread *thread = tracee->thread;
    tracee->position = TRACER_OUTSIDE;
    tracee_load_registers();
    /* What ptrace does not tell is what it must have been. */
    bool protection = signal == SIGSEGV && information.si_code == SI_KERNEL;
    thread->fault_trap = protection ? TRAP_GENERAL_PROTECTION : TRAP_PAGE_FAULT;
    if (signal == SIGSYS) {
        refuse_32_bit();
    } else if (gnomon_counter_caused(thread)) {
        read_counter();
    } else {
        struct gnomon_delivery delivery = {.trap = thread->fault_trap, .address = (uint64_t)information.si_addr};
        fault_at(&information, &delivery);
    }
    tracee_store_registers();
    return 0;
}

/* ---- lives */

/* Hides the vDSO, whose functions make no call, and tells the engine where AT_RANDOM is. */
static void announce_program(void) {
    struct gnomon_slot *slot = tracee->thread->slot;
    tracee->position = TRACER_AT_EXIT;
    tracee_load_registers();
    uint64_t stack = tracee->thread->context.rsp, at, random = 0, vdso = 0, entry[2] = {0}, word;
    gnomon_copy_in(&word, stack, sizeof word);
    at = stack + 8 * (word + 2);
    while (gnomon_copy_in(&word, at, sizeof word) && word != 0) {
        at += 8;
    }
    for (at += 8; gnomon_copy_in(entry, at, sizeof entry) && entry[0] != AT_NULL; at += sizeof entry) {
        if (entry[0] == AT_RANDOM) {
            random = entry[1];
        } else if (entry[0] == AT_SYSINFO_EHDR) {
            uint64_t ignored = AT_IGNORE;
            vdso = entry[1];
            gnomon_copy_out(at, &ignored, sizeof ignored);
        }
    }
    tracee_find_site(vdso);
    slot->call_number = SYS_execve;
    slot->arguments[0] = random;
    slot->arguments[1] = stack;
    slot->arguments[2] = 0;
    slot->ranges[0] = (struct gnomon_range){.guest_address = random, .length = RANDOM_BYTES, .direction = GNOMON_RANGE_OUT};
    slot->range_count = random != 0 ? 1 : 0;
    tracee->thread->process->real_process_id = tracee->process;
    converse(GNOMON_PHASE_EXEC_START, NULL);
    tracee_store_registers();
}

static void begin(void) {
    tracee_await_stop();
    if (tracee->first_phase == GNOMON_PHASE_EXEC_START) {
        announce_program();
        return;
    }
    struct gnomon_context born_with = tracee->thread->context;
    tracee_load_registers();
    tracee->thread->context = born_with;
    if (tracee->first_phase == GNOMON_PHASE_PROCESS_START) {
        tracee->thread->process->real_process_id = tracee->process;
    }
    tracee->thread->slot->range_count = 0;
    converse(tracee->first_phase, NULL);
    struct gnomon_delivery delivery = {0};
    deliver(&delivery);
    tracee_store_registers();
}

void tracee_live(void) {
    if (setjmp(tracee->next_stop) == 0) {
        begin();
    }
    for (;;) {
        int status = tracee_continue(PTRACE_CONT, tracee->signal_to_pass);
        tracee->signal_to_pass = 0;
        if (tracee_is_call(status)) {
            tracee->position = TRACER_AT_ENTRY;
            tracee_load_registers();
            call_made();
            tracee_store_registers();
        } else if (tracee_event(status) == 0) {
            tracee->signal_to_pass = signalled(WSTOPSIG(status));
        }
    }
}
