/* Signal frames, as the kernel builds them (arch/x86/kernel/signal_64.c). */
#ifndef GNOMON_DELIVER_H
#define GNOMON_DELIVER_H

#include "thread.h"

/* struct rt_sigframe: what a handler finds on the stack. */
struct gnomon_frame {
    uint64_t return_address;
    /* struct ucontext */
    uint64_t flags;
    uint64_t link;
    uint64_t stack_base;
    uint32_t stack_flags;
    uint32_t stack_padding;
    uint64_t stack_bytes;
    /* struct sigcontext_64 */
    struct gnomon_context context;
    uint16_t cs, gs, fs, ss;
    uint64_t error;
    uint64_t trap;
    uint64_t old_mask;
    uint64_t fault_address;
    uint64_t vector; /* address of the saved vector registers */
    uint64_t reserved[8];
    uint64_t mask;
    uint8_t siginfo[GNOMON_SIGINFO_BYTES];
};

_Static_assert(offsetof(struct gnomon_frame, context) == 48, "kernel layout");
_Static_assert(offsetof(struct gnomon_frame, vector) == 232, "kernel layout");
_Static_assert(offsetof(struct gnomon_frame, mask) == 304, "kernel layout");
_Static_assert(sizeof(struct gnomon_frame) == 440, "kernel layout");

/* What a delivery needs besides the slot's block. */
struct gnomon_delivery {
    /* Of the fault that caused it; 0 else. */
    uint64_t error;
    uint64_t trap;
    uint64_t address;
    /* The interrupted vector registers stand in memory at vector_address, not in the CPU. */
    bool vector_in_frame;
    uint64_t vector_address;
};

/* Builds the frame for the signal in the slot and makes the handler the thread's context. False where no frame could be
 * written. */
bool gnomon_deliver(struct gnomon_thread *thread, const struct gnomon_delivery *delivery);

/* Reads the frame that the guest's rt_sigreturn refers to. */
bool gnomon_frame_read(const struct gnomon_thread *thread, struct gnomon_frame *frame);

/* Goes on as the frame says. */
_Noreturn void gnomon_frame_return(struct gnomon_thread *thread, const struct gnomon_frame *frame);

#endif
