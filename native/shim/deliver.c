#include "deliver.h"
#include "copy.h"
#include "dispatch.h"
#include "vector.h"

/* arch/x86/include/uapi/asm/ucontext.h: extended state present, %ss saved, %ss to be restored strictly. */
#define UC_FLAGS 7

#define SS_ONSTACK 1
#define SS_DISABLE 2
#define SIGSEGV 11

#define RFLAGS_TRAP 0x100
#define RFLAGS_DIRECTION 0x400
#define RFLAGS_RESUME 0x10000

#define RED_ZONE 128
#define VECTOR_ALIGNMENT 64

/* arch/x86/include/uapi/asm/sigcontext.h */
#define FP_XSTATE_MAGIC1 0x46505853
#define FP_XSTATE_MAGIC2 0x46505845
#define LEGACY_SOFTWARE 464

struct software_bytes {
    uint32_t magic1;
    uint32_t extended_bytes;
    uint64_t components;
    uint32_t vector_bytes;
    uint32_t padding[7];
};

_Static_assert(sizeof(struct software_bytes) == 48, "kernel layout");

void gnomon_native_signal_return(uint64_t stack);

/* The interrupted vector registers, as a frame holds them, in the thread's area. */
static bool collect_vector(struct gnomon_thread *thread, const struct gnomon_delivery *delivery) {
    uint8_t *vector = gnomon_thread_vector(thread);
    if (!delivery->vector_in_frame) {
        gnomon_vector_save(vector);
    } else if (!gnomon_copy_in(vector, delivery->vector_address, gnomon_vector_bytes)) {
        return false;
    }
    struct software_bytes software = {.magic1 = FP_XSTATE_MAGIC1,
                                      .extended_bytes = gnomon_vector_bytes + (uint32_t)sizeof(uint32_t),
                                      .components = gnomon_vector_components,
                                      .vector_bytes = gnomon_vector_bytes};
    memcpy(vector + LEGACY_SOFTWARE, &software, sizeof(software));
    uint32_t magic2 = FP_XSTATE_MAGIC2;
    memcpy(vector + gnomon_vector_bytes, &magic2, sizeof(magic2));
    return true;
}

bool gnomon_deliver(struct gnomon_thread *thread, const struct gnomon_delivery *delivery) {
    struct gnomon_signal_delivery *signal = &thread->slot->signal;
    struct gnomon_context *context = &thread->context;
    bool has_stack = signal->stack_base != 0;
    bool on_stack = has_stack && context->rsp > signal->stack_base && context->rsp - signal->stack_base <= signal->stack_bytes;
    uint64_t top = has_stack && !on_stack ? signal->stack_base + signal->stack_bytes : context->rsp - RED_ZONE;
    uint64_t vector = (top - gnomon_vector_bytes - sizeof(uint32_t)) & ~(uint64_t)(VECTOR_ALIGNMENT - 1);
    uint64_t stack = ((vector - sizeof(struct gnomon_frame)) & ~UINT64_C(15)) - 8;
    if (has_stack && (stack <= signal->stack_base || stack > signal->stack_base + signal->stack_bytes)) {
        return false; /* the alternate stack is too small */
    }
    if (!collect_vector(thread, delivery)) {
        return false;
    }
    struct gnomon_frame frame = {
        .return_address = signal->restorer,
        .flags = UC_FLAGS,
        .stack_base = signal->stack_base,
        .stack_flags = on_stack ? SS_ONSTACK : has_stack ? 0 : SS_DISABLE,
        .stack_bytes = signal->stack_bytes,
        .context = *context,
        .error = delivery->error,
        .trap = delivery->trap,
        .old_mask = signal->saved_mask,
        .fault_address = delivery->address,
        .vector = vector,
        .mask = signal->saved_mask,
    };
    __asm__("mov %%cs, %0" : "=r"(frame.cs));
    __asm__("mov %%ss, %0" : "=r"(frame.ss));
    memcpy(frame.siginfo, signal->siginfo, GNOMON_SIGINFO_BYTES);
    if (!gnomon_copy_out(vector, gnomon_thread_vector(thread), gnomon_vector_bytes + sizeof(uint32_t)) ||
        !gnomon_copy_out(stack, &frame, sizeof(frame))) {
        return false;
    }
    gnomon_vector_reset(gnomon_thread_vector(thread));
    context->rsp = stack;
    context->rip = signal->handler;
    context->rdi = signal->number;
    context->rsi = stack + offsetof(struct gnomon_frame, siginfo);
    context->rdx = stack + offsetof(struct gnomon_frame, flags);
    context->rax = 0;
    context->rflags &= ~(uint64_t)(RFLAGS_TRAP | RFLAGS_DIRECTION | RFLAGS_RESUME);
    signal->number = 0;
    return true;
}

bool gnomon_frame_read(const struct gnomon_thread *thread, struct gnomon_frame *frame) {
    /* The handler's return took the return address off the stack. */
    return gnomon_copy_in(frame, thread->context.rsp - 8, sizeof(*frame));
}

/* The kernel restores registers; mask and alternate stack in the frame are what the kernel knows of this thread, not the
 * guest's. */
_Noreturn void gnomon_frame_return(struct gnomon_thread *thread, const struct gnomon_frame *frame) {
    struct gnomon_frame changed = *frame;
    changed.mask = 0;
    changed.stack_base = (uint64_t)gnomon_thread_signal_stack(thread);
    changed.stack_flags = 0;
    changed.stack_bytes = GNOMON_AREA_SIGNAL_STACK;
    uint64_t address = thread->context.rsp - 8;
    if (gnomon_copy_out(address, &changed, offsetof(struct gnomon_frame, siginfo))) {
        gnomon_native_signal_return(address + 8);
    }
    gnomon_die(SIGSEGV);
}
