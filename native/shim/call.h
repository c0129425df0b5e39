/* A system call as its registers say. */
#ifndef GNOMON_CALL_H
#define GNOMON_CALL_H

#include "raw.h"
#include "thread.h"

struct gnomon_call {
    int32_t number;
    uint64_t arguments[6];
};

static inline struct gnomon_call gnomon_call_of(const struct gnomon_context *context) {
    return (struct gnomon_call){
        .number = (int32_t)context->rax,
        .arguments = {context->rdi, context->rsi, context->rdx, context->r10, context->r8, context->r9},
    };
}

static inline long gnomon_call_native(const struct gnomon_call *call) {
    const uint64_t *a = call->arguments;
    return gnomon_raw6(call->number, (long)a[0], (long)a[1], (long)a[2], (long)a[3], (long)a[4], (long)a[5]);
}

#endif
