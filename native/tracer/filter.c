/*
 * What makes a traced guest stop at a call: a seccomp filter (seccomp(2)). It asks the tracer (SECCOMP_RET_TRACE) before a call
 * is made, and the tracer says how it goes on: so one stop suffices, where PTRACE_SYSCALL takes one more at the call's end.
 * What the kernel may do without the engine does not stop at all.
 */
#define _GNU_SOURCE
#include "tracer.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../shim/signature.h"

#define NUMBER_LIMIT 512
#define INSTRUCTION_LIMIT (NUMBER_LIMIT + 16)
/* The flags of mmap(2). */
#define LOW_OF_FOURTH_ARGUMENT (offsetof(struct seccomp_data, args) + 3 * sizeof(uint64_t))

struct program {
    struct sock_filter instructions[INSTRUCTION_LIMIT];
    unsigned short count;
};

static void add(struct program *program, uint16_t code, uint32_t operand, uint8_t if_true, uint8_t if_false) {
    program->instructions[program->count++] = (struct sock_filter){code, if_true, if_false, operand};
}

static void add_answer(struct program *program, uint32_t action) {
    add(program, BPF_RET | BPF_K, action, 0, 0);
}

static bool needs_no_engine(int32_t number) {
    const struct gnomon_signature *signature = gnomon_signature_of(number);
    return signature->disposition == GNOMON_NATIVE && signature->afterwards == GNOMON_NOTHING;
}

int tracer_filter(bool all_calls) {
    struct program program = {.count = 0};
    add(&program, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch), 0, 0);
    add(&program, BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0);
    add_answer(&program, SECCOMP_RET_TRAP); /* SIGSYS, which the tracer sees too */
    add(&program, BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr), 0, 0);
    for (int32_t number = 0; number < NUMBER_LIMIT && !all_calls; number++) {
        if (needs_no_engine(number)) {
            add(&program, BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)number, 0, 1);
            add_answer(&program, SECCOMP_RET_ALLOW);
        }
    }
    if (!all_calls) {
        add(&program, BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 3);
        add(&program, BPF_LD | BPF_W | BPF_ABS, LOW_OF_FOURTH_ARGUMENT, 0, 0);
        add(&program, BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 0, 1);
        add_answer(&program, SECCOMP_RET_ALLOW);
    }
    add_answer(&program, SECCOMP_RET_TRACE);
    struct sock_fprog installed = {.len = program.count, .filter = program.instructions};
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_SPEC_ALLOW, &installed);
}
