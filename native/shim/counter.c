#include "counter.h"
#include "copy.h"
#include "raw.h"

#define PR_SET_TSC 26
#define PR_TSC_ENABLE 1
#define PR_TSC_SIGSEGV 2

#define TRAP_GENERAL_PROTECTION 13

#define RDTSC_BYTES 2
#define RDTSCP_BYTES 3

enum instruction { OTHER, RDTSC, RDTSCP };

void gnomon_counter_trap(bool trapped) {
    if ((gnomon_process.arena->run_flags & GNOMON_RUN_REAL_COUNTER) == 0) {
        gnomon_raw3(__NR_prctl, PR_SET_TSC, trapped ? PR_TSC_SIGSEGV : PR_TSC_ENABLE, 0);
    }
}

static enum instruction instruction_at(uint64_t address) {
    uint8_t bytes[RDTSCP_BYTES] = {0};
    uint64_t missing = gnomon_copy(bytes, (const void *)address, sizeof(bytes));
    if (missing <= 1 && bytes[0] == 0x0f && bytes[1] == 0x31) {
        return RDTSC;
    }
    return missing == 0 && bytes[0] == 0x0f && bytes[1] == 0x01 && bytes[2] == 0xf9 ? RDTSCP : OTHER;
}

bool gnomon_counter_caused(const struct gnomon_thread *thread) {
    return thread->fault_trap == TRAP_GENERAL_PROTECTION && instruction_at(thread->context.rip) != OTHER;
}

void gnomon_counter_answer(struct gnomon_thread *thread, uint64_t ticks) {
    struct gnomon_context *context = &thread->context;
    bool with_processor = instruction_at(context->rip) == RDTSCP;
    context->rax = (uint32_t)ticks;
    context->rdx = ticks >> 32;
    if (with_processor) {
        context->rcx = 0; /* the first CPU of the first node */
    }
    context->rip += with_processor ? RDTSCP_BYTES : RDTSC_BYTES;
}
