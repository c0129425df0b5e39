#include "deliver.h"
#include "copy.h"
#include "dispatch.h"

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
#define LEGACY_MXCSR 24
#define LEGACY_MXCSR_MASK 28
#define LEGACY_SOFTWARE 464
#define XSAVE_HEADER 512
#define XSAVE_HEADER_BYTES 64
#define MXCSR_INITIAL 0x1f80

/* Components of the extended state (SDM volume 1, 13.1). Tile data is 8 KB and only there for who asked the kernel. */
#define COMPONENT_PKRU (UINT64_C(1) << 9)
#define COMPONENT_TILE_DATA (UINT64_C(1) << 18)
#define COMPONENT_TILE_CONFIGURATION (UINT64_C(1) << 17)

struct software_bytes {
    uint32_t magic1;
    uint32_t extended_bytes;
    uint64_t components;
    uint32_t vector_bytes;
    uint32_t padding[7];
};

_Static_assert(sizeof(struct software_bytes) == 48, "kernel layout");

void gnomon_native_signal_return(uint64_t stack);

/* Written once at start-up. */
static uint64_t components;
static uint32_t vector_bytes;

static void identify(uint32_t leaf, uint32_t subleaf, uint32_t *registers) {
    __asm__ volatile("cpuid"
                     : "=a"(registers[0]), "=b"(registers[1]), "=c"(registers[2]), "=d"(registers[3])
                     : "0"(leaf), "2"(subleaf));
}

bool gnomon_deliver_prepare(void) {
    uint32_t registers[4];
    identify(1, 0, registers);
    if ((registers[2] >> 27 & 1) == 0) { /* OSXSAVE */
        return false;
    }
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    components = ((uint64_t)high << 32 | low) & ~(COMPONENT_TILE_DATA | COMPONENT_TILE_CONFIGURATION);
    uint32_t end = XSAVE_HEADER + XSAVE_HEADER_BYTES;
    for (uint32_t i = 2; i < 63; i++) {
        if ((components >> i & 1) != 0) {
            identify(0xd, i, registers);
            end = registers[0] + registers[1] > end ? registers[0] + registers[1] : end;
        }
    }
    vector_bytes = end;
    return end + sizeof(uint32_t) <= GNOMON_AREA_VECTOR;
}

static void save_vector(uint8_t *vector) {
    memset(vector + XSAVE_HEADER, 0, XSAVE_HEADER_BYTES);
    __asm__ volatile("xsave64 (%0)"
                     :
                     : "r"(vector), "a"((uint32_t)components), "d"((uint32_t)(components >> 32))
                     : "memory");
}

/* The state in which the kernel lets handlers begin. Protection keys stay. */
static void reset_vector(uint8_t *vector) {
    uint64_t reset = components & ~COMPONENT_PKRU;
    uint32_t mxcsr = MXCSR_INITIAL;
    memset(vector + XSAVE_HEADER, 0, XSAVE_HEADER_BYTES);
    memcpy(vector + LEGACY_MXCSR, &mxcsr, sizeof(mxcsr));
    __asm__ volatile("xrstor64 (%0)"
                     :
                     : "r"(vector), "a"((uint32_t)reset), "d"((uint32_t)(reset >> 32))
                     : "memory");
}

/* The interrupted vector registers, as a frame holds them, in the thread's area. */
static bool collect_vector(struct gnomon_thread *thread, const struct gnomon_delivery *delivery) {
    uint8_t *vector = gnomon_thread_vector(thread);
    if (!delivery->vector_in_frame) {
        save_vector(vector);
    } else if (!gnomon_copy_in(vector, delivery->vector_address, vector_bytes)) {
        return false;
    }
    struct software_bytes software = {.magic1 = FP_XSTATE_MAGIC1,
                                      .extended_bytes = vector_bytes + (uint32_t)sizeof(uint32_t),
                                      .components = components,
                                      .vector_bytes = vector_bytes};
    memcpy(vector + LEGACY_SOFTWARE, &software, sizeof(software));
    uint32_t magic2 = FP_XSTATE_MAGIC2;
    memcpy(vector + vector_bytes, &magic2, sizeof(magic2));
    return true;
}

bool gnomon_deliver(struct gnomon_thread *thread, const struct gnomon_delivery *delivery) {
    struct gnomon_signal_delivery *signal = &thread->slot->signal;
    struct gnomon_context *context = &thread->context;
    bool has_stack = signal->stack_base != 0;
    bool on_stack = has_stack && context->rsp > signal->stack_base && context->rsp - signal->stack_base <= signal->stack_bytes;
    uint64_t top = has_stack && !on_stack ? signal->stack_base + signal->stack_bytes : context->rsp - RED_ZONE;
    uint64_t vector = (top - vector_bytes - sizeof(uint32_t)) & ~(uint64_t)(VECTOR_ALIGNMENT - 1);
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
    if (!gnomon_copy_out(vector, gnomon_thread_vector(thread), vector_bytes + sizeof(uint32_t)) ||
        !gnomon_copy_out(stack, &frame, sizeof(frame))) {
        return false;
    }
    reset_vector(gnomon_thread_vector(thread));
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
