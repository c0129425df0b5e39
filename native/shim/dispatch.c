#include "dispatch.h"
#include "carry.h"
#include "copies.h"
#include "copy.h"
#include "counter.h"
#include "crossing.h"
#include "deliver.h"
#include "execute.h"
#include "install.h"
#include "local.h"
#include "local_time.h"
#include "lock.h"
#include "native.h"
#include "route.h"
#include "spawn.h"
#include "text.h"
#include "vector.h"

#define STANDARD_ERROR 2

#define SIG_UNBLOCK 1
#define SIGSEGV 11
#define SI_KERNEL 0x80
#define SA_RESTART 0x10000000
#define CLOCK_MONOTONIC 1

struct kernel_action {
    uint64_t handler;
    uint64_t flags;
    uint64_t restorer;
    uint64_t mask;
};

_Noreturn void gnomon_die(int signal) {
    struct kernel_action standard = {0};
    uint64_t mask = UINT64_C(1) << (signal - 1);
    gnomon_raw4(__NR_rt_sigaction, signal, (long)&standard, 0, 8);
    gnomon_raw4(__NR_rt_sigprocmask, SIG_UNBLOCK, (long)&mask, 0, 8);
    gnomon_raw3(__NR_tgkill, gnomon_raw3(__NR_getpid, 0, 0, 0), gnomon_raw3(__NR_gettid, 0, 0, 0), signal);
    for (;;) {
        gnomon_raw3(__NR_exit_group, 128 + signal, 0, 0);
    }
}

_Noreturn void gnomon_refuse(const char *reason) {
    char line[256];
    struct gnomon_text text = {.start = line, .limit = sizeof(line) - 1};
    gnomon_text_add(&text, "gnomon shim: ");
    gnomon_text_add(&text, reason);
    text.start[text.length++] = '\n';
    gnomon_raw3(__NR_write, STANDARD_ERROR, (long)line, (long)text.length);
    for (;;) {
        gnomon_raw3(__NR_exit_group, GNOMON_EXIT_SHIM_REFUSED, 0, 0);
    }
}

static _Noreturn void exit_thread(struct gnomon_thread *thread, long status) {
    gnomon_cross_gone(thread);
    for (;;) {
        gnomon_raw3(__NR_exit, status, 0, 0);
    }
}

static _Noreturn void exit_process(long status) {
    for (;;) {
        gnomon_raw3(__NR_exit_group, status, 0, 0);
    }
}

/* The call with another path, where the reply says so. */
static struct gnomon_call with_path(struct gnomon_slot *slot, const struct gnomon_call *call) {
    struct gnomon_call changed = *call;
    uint32_t argument = slot->reply_parameter[0];
    uint32_t offset = slot->reply_parameter[1];
    if (argument < 6 && offset < GNOMON_TRANSFER_BYTES) {
        changed.arguments[argument] = (uint64_t)(slot->transfer + offset);
    }
    return changed;
}

/*
 * Crosses, and does what the engine says until it says how the guest goes on.
 * `call` is the call in question, NULL where there is none (then only RESULT and the ways to end make sense).
 * Returns the call's result.
 */
static long converse(struct gnomon_thread *thread, enum gnomon_phase phase, const struct gnomon_call *call) {
    struct gnomon_slot *slot = thread->slot;
    const struct gnomon_signature *signature = call != NULL ? gnomon_signature_of(call->number) : NULL;
    for (;;) {
        gnomon_cross(thread, phase);
        enum gnomon_reply reply = slot->reply_kind;
        if (call == NULL && reply < GNOMON_REPLY_EXIT_THREAD && reply != GNOMON_REPLY_RESULT) {
            gnomon_refuse("the engine's reply needs a call, and there is none");
        }
        switch (reply) {
        case GNOMON_REPLY_RESULT:
            return gnomon_scatter(slot) ? slot->reply_value : -GNOMON_EFAULT;
        case GNOMON_REPLY_NATIVE:
            return gnomon_native(call, signature);
        case GNOMON_REPLY_NATIVE_PATH: {
            struct gnomon_call changed = with_path(slot, call);
            return gnomon_native(&changed, signature);
        }
        case GNOMON_REPLY_NATIVE_REPORT:
            slot->native_result = gnomon_native(call, signature);
            gnomon_gather(slot, call, signature, GNOMON_AFTER_NATIVE_CALL, slot->native_result);
            phase = GNOMON_PHASE_AFTER_NATIVE;
            break;
        case GNOMON_REPLY_NATIVE_PATH_REPORT: {
            struct gnomon_call changed = with_path(slot, call);
            slot->native_result = gnomon_native(&changed, signature);
            gnomon_gather(slot, call, signature, GNOMON_AFTER_NATIVE_CALL, slot->native_result);
            phase = GNOMON_PHASE_AFTER_NATIVE;
            break;
        }
        case GNOMON_REPLY_INSTALL:
            gnomon_install(slot, (uint64_t)"/dev/null");
            if (slot->reply_parameter[2] != GNOMON_INSTALL_REPORT) {
                return gnomon_complete_installation(thread);
            }
            phase = GNOMON_PHASE_AFTER_INSTALL;
            break;
        case GNOMON_REPLY_SPAWN:
            slot->native_result = gnomon_spawn(thread, call, slot->reply_parameter[0], slot->reply_parameter[1]);
            phase = GNOMON_PHASE_SPAWNED;
            break;
        case GNOMON_REPLY_EXEC:
            slot->native_result = gnomon_execute(thread, call);
            phase = GNOMON_PHASE_AFTER_NATIVE;
            break;
        case GNOMON_REPLY_COPY:
            gnomon_copies_make(thread);
            slot->range_count = 0;
            phase = GNOMON_PHASE_COPIES_MADE;
            break;
        case GNOMON_REPLY_EXIT_THREAD:
            exit_thread(thread, slot->reply_value);
        case GNOMON_REPLY_EXIT_PROCESS:
            exit_process(slot->reply_value);
        case GNOMON_REPLY_DIE:
            gnomon_die((int)slot->reply_parameter[0]);
        default:
            gnomon_refuse("the engine's reply is of no known kind");
        }
    }
}

/* Delivers what came with the reply, on top of the thread's context. */
static void deliver(struct gnomon_thread *thread, const struct gnomon_delivery *delivery) {
    while (thread->slot->signal.number != 0 && !gnomon_deliver(thread, delivery)) {
        /* No frame fits where it has to stand: that is a fault itself, deadly if the signal was this already. */
        uint32_t failed = thread->slot->signal.number;
        thread->slot->signal.number = 0;
        if (failed == SIGSEGV) {
            gnomon_die(SIGSEGV);
        }
        int32_t siginfo[GNOMON_SIGINFO_BYTES / 4] = {SIGSEGV, 0, SI_KERNEL};
        memcpy(thread->slot->fault_siginfo, siginfo, sizeof(siginfo));
        thread->slot->range_count = 0;
        converse(thread, GNOMON_PHASE_FAULT, NULL);
    }
}

static void fault_at(struct gnomon_thread *thread, const uint8_t *siginfo, const struct gnomon_delivery *delivery) {
    memcpy(thread->slot->fault_siginfo, siginfo, GNOMON_SIGINFO_BYTES);
    thread->slot->range_count = 0;
    converse(thread, GNOMON_PHASE_FAULT, NULL);
    deliver(thread, delivery);
}

/* A loop over the time-stamp counter lets time pass as one over the clock does: now and then it yields. */
static void read_counter(struct gnomon_thread *thread) {
    uint64_t nanos;
    if (!gnomon_read_counter(thread, &nanos)) {
        struct gnomon_call yield = {.number = __NR_sched_yield};
        gnomon_gather(thread->slot, &yield, gnomon_signature_of(yield.number), GNOMON_BEFORE_CALL, 0);
        converse(thread, GNOMON_PHASE_NEW_CALL, &yield);
        if (!gnomon_read_counter(thread, &nanos)) {
            nanos = gnomon_counter_now(); /* the engine allows nothing, but an instruction needs an answer */
        }
    }
    gnomon_counter_answer(thread, nanos);
    struct gnomon_delivery delivery = {0};
    deliver(thread, &delivery);
}

/* A copy begins with the registers of the one that was copied, so the engine compares them as it does memory. */
static void show_registers(struct gnomon_thread *thread) {
    struct gnomon_slot *slot = thread->slot;
    uint32_t bytes = gnomon_vector_bytes + sizeof(thread->context);
    memset(slot->transfer, 0, bytes);
    gnomon_vector_save(slot->transfer);
    /* Which components are in their initial state, and so not in use, depends on when the thread was interrupted. */
    memset(slot->transfer + GNOMON_VECTOR_HEADER, 0, sizeof(uint64_t));
    memcpy(slot->transfer + gnomon_vector_bytes, &thread->context, sizeof(thread->context));
    slot->ranges[0] = (struct gnomon_range){
        .guest_address = (uint64_t)&thread->context, .length = bytes, .direction = GNOMON_RANGE_IN};
    slot->range_count = 1;
}

/* The loader is done: the engine may want copies of the process as it is now. */
static void entry_reached(struct gnomon_thread *thread) {
    struct gnomon_slot *slot = thread->slot;
    slot->native_result = gnomon_entry_restore(thread);
    /* Nothing is left of the last call, which need not have crossed in every process that comes here. */
    slot->call_number = 0;
    memset(slot->arguments, 0, sizeof(slot->arguments));
    show_registers(thread);
    converse(thread, GNOMON_PHASE_ENTRY, NULL);
}

void gnomon_dispatch_fault(struct gnomon_thread *thread) {
    if (gnomon_entry_caused(thread)) {
        entry_reached(thread);
        return;
    }
    if (gnomon_counter_caused(thread)) {
        read_counter(thread);
        return;
    }
    struct gnomon_delivery delivery = {.error = thread->fault_error,
                                       .trap = thread->fault_trap,
                                       .address = thread->fault_address};
    fault_at(thread, thread->fault_siginfo, &delivery);
}

static void signal_return(struct gnomon_thread *thread) {
    struct gnomon_slot *slot = thread->slot;
    struct gnomon_frame frame;
    if (!gnomon_frame_read(thread, &frame)) {
        int32_t siginfo[GNOMON_SIGINFO_BYTES / 4] = {SIGSEGV, 0, SI_KERNEL};
        struct gnomon_delivery delivery = {0};
        fault_at(thread, (const uint8_t *)siginfo, &delivery);
        return;
    }
    slot->call_number = __NR_rt_sigreturn;
    slot->range_count = 0;
    slot->arguments[0] = frame.mask;
    slot->arguments[1] = frame.stack_base;
    slot->arguments[2] = frame.stack_flags;
    slot->arguments[3] = frame.stack_bytes;
    converse(thread, GNOMON_PHASE_SIGNAL_RETURN, NULL);
    if (slot->signal.number == 0) {
        gnomon_frame_return(thread, &frame);
    }
    /* One more signal: the next handler interrupts what the frame holds. */
    struct gnomon_delivery delivery = {.vector_in_frame = true, .vector_address = frame.vector};
    thread->context = frame.context;
    deliver(thread, &delivery);
}

/* Lets virtual time pass. */
static void sleep_for(struct gnomon_thread *thread, const struct gnomon_pause *pause) {
    struct gnomon_call call = {.number = __NR_clock_nanosleep, .arguments = {CLOCK_MONOTONIC, 0, (uint64_t)pause, 0}};
    gnomon_gather(thread->slot, &call, gnomon_signature_of(call.number), GNOMON_BEFORE_CALL, 0);
    converse(thread, GNOMON_PHASE_NEW_CALL, &call);
}

/* Sets the result, or goes back to the call where it is to be made again after the handler; then delivers. */
static void finish(struct gnomon_thread *thread, long result, bool restart) {
    struct gnomon_context *context = &thread->context;
    if (thread->slot->signal.number != 0 && restart) {
        context->rip -= 2; /* back to the two bytes of the syscall instruction, %rax still the number */
    } else {
        context->rax = (uint64_t)result;
    }
    struct gnomon_delivery delivery = {0};
    deliver(thread, &delivery);
}

/*
 * Who holds a file's lock may be a guest that does not run before this one sleeps. So the kernel is only ever asked for what
 * it can give at once, and the thread sleeps in virtual time between two attempts.
 */
static void wait_for_lock(struct gnomon_thread *thread, const struct gnomon_call *call) {
    const struct gnomon_call attempt = gnomon_lock_attempt(call);
    long result = gnomon_call_native(&attempt);
    while (gnomon_lock_contended(result)) {
        sleep_for(thread, &gnomon_lock_pause);
        if (thread->slot->signal.number != 0) {
            result = -GNOMON_EINTR;
            break;
        }
        result = gnomon_call_native(&attempt);
    }
    finish(thread, result, (thread->slot->signal.flags & SA_RESTART) != 0);
}

bool gnomon_dispatch_locally(struct gnomon_thread *thread) {
    struct gnomon_call call = gnomon_call_of(&thread->context);
    long result;
    if (!gnomon_answer_locally(thread, &call, &result)) {
        return false;
    }
    thread->context.rax = (uint64_t)result;
    return true;
}

bool gnomon_dispatch_call(struct gnomon_thread *thread) {
    struct gnomon_context *context = &thread->context;
    struct gnomon_call call = gnomon_call_of(context);
    const struct gnomon_signature *signature = gnomon_signature_of(call.number);
    long result;
    if (call.number == __NR_rt_sigreturn) {
        signal_return(thread);
        return false;
    }
    if (signature->disposition == GNOMON_REFUSED) {
        context->rax = (uint64_t)-GNOMON_ENOSYS;
        return true;
    }
    if (gnomon_lock_waits(&call) && !gnomon_emulated(thread, call.arguments[0])) {
        wait_for_lock(thread, &call);
        return false;
    }
    if (!gnomon_crosses(thread, &call, signature)) {
        if ((thread->process->flags & GNOMON_PROCESS_WATCHED) != 0) {
            gnomon_gather(thread->slot, &call, signature, GNOMON_BEFORE_CALL, 0);
            context->rax = (uint64_t)converse(thread, GNOMON_PHASE_WATCHED_CALL, &call);
        } else {
            context->rax = (uint64_t)gnomon_native(&call, signature);
        }
        return true;
    }
    gnomon_gather(thread->slot, &call, signature, GNOMON_BEFORE_CALL, 0);
    result = converse(thread, GNOMON_PHASE_NEW_CALL, &call);
    finish(thread, result, (thread->slot->reply_flags & GNOMON_REPLY_RESTART) != 0);
    return false;
}

void gnomon_dispatch_start(struct gnomon_thread *thread, enum gnomon_phase phase) {
    if (phase != GNOMON_PHASE_EXEC_START) {
        thread->slot->range_count = 0;
    }
    converse(thread, phase, NULL);
    if (phase != GNOMON_PHASE_EXEC_START) {
        struct gnomon_delivery delivery = {0};
        deliver(thread, &delivery);
    }
}
