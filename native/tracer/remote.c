/* Memory, registers and calls of the guest whose context runs, under the names that the shim's files use. */
#define _GNU_SOURCE
#include "tracer.h"

#include <elf.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "../shim/copy.h"
#include "../shim/dispatch.h"
#include "../shim/route.h"
#include "../shim/vector.h"

#define PAGE 4096
#define SYSCALL_BYTES 2
#define VDSO_BYTES (2 * PAGE) /* of its code; it lies behind its headers */
/* Away from where the kernel and allocators put things. */
#define SCRATCH_ADDRESS 0x7e0000000000

/* Of the regset; tiles make it large. */
#define VECTOR_STATE_LIMIT 16384
#define XSAVE_HEADER 512
#define XSAVE_HEADER_BYTES 64
#define MXCSR 24
#define MXCSR_INITIAL 0x1f80
#define COMPONENT_PKRU (UINT64_C(1) << 9)

/* ---- memory */

uint64_t gnomon_copy(void *destination, const void *source, uint64_t bytes) {
    struct iovec here = {destination, bytes}, there = {(void *)source, bytes};
    ssize_t done = bytes == 0 ? 0 : process_vm_readv(tracee->tid, &here, 1, &there, 1, 0);
    return bytes - (done < 0 ? 0 : (uint64_t)done);
}

bool gnomon_copy_out(uint64_t guest_address, const void *source, uint64_t bytes) {
    struct iovec here = {(void *)source, bytes}, there = {(void *)guest_address, bytes};
    return bytes == 0 || process_vm_writev(tracee->tid, &here, 1, &there, 1, 0) == (ssize_t)bytes;
}

int64_t gnomon_copy_string(char *destination, const char *source, uint64_t limit) {
    uint64_t done = 0;
    while (done < limit) {
        /* No further than the page: the next one may not be there, and need not. */
        uint64_t part = PAGE - (uint64_t)(source + done) % PAGE;
        part = part < limit - done ? part : limit - done;
        if (gnomon_copy(destination + done, source + done, part) != 0) {
            return -1;
        }
        char *end = memchr(destination + done, 0, part);
        if (end != NULL) {
            return end - destination;
        }
        done += part;
    }
    return (int64_t)limit;
}

/* ---- stops */

bool tracee_is_call(int status) {
    return tracee_event(status) == PTRACE_EVENT_SECCOMP;
}

bool tracee_is_syscall_stop(int status) {
    return WSTOPSIG(status) == (SIGTRAP | 0x80);
}

int tracee_event(int status) {
    return status >> 16;
}

unsigned long tracee_event_message(void) {
    unsigned long message = 0;
    ptrace(PTRACE_GETEVENTMSG, tracee->tid, 0, &message);
    return message;
}

/* ---- registers */

void tracee_load_registers(void) {
    struct user_regs_struct *from = &tracee->registers;
    ptrace(PTRACE_GETREGS, tracee->tid, 0, from);
    tracee->thread->context = (struct gnomon_context){
        .r8 = from->r8, .r9 = from->r9, .r10 = from->r10, .r11 = from->r11, .r12 = from->r12, .r13 = from->r13,
        .r14 = from->r14, .r15 = from->r15, .rdi = from->rdi, .rsi = from->rsi, .rbp = from->rbp, .rbx = from->rbx,
        .rdx = from->rdx, .rax = tracee->position == TRACER_AT_ENTRY ? from->orig_rax : from->rax, .rcx = from->rcx,
        .rsp = from->rsp, .rip = from->rip, .rflags = from->eflags};
    if (tracee->position == TRACER_AT_ENTRY) {
        tracee->site = from->rip - SYSCALL_BYTES;
    }
}

/* Writes the context to the guest; a call before which it stands is not made (Documentation/userspace-api/seccomp_filter.rst). */
static void put_registers(const struct gnomon_context *context) {
    struct user_regs_struct *to = &tracee->registers;
    to->r8 = context->r8, to->r9 = context->r9, to->r10 = context->r10, to->r11 = context->r11;
    to->r12 = context->r12, to->r13 = context->r13, to->r14 = context->r14, to->r15 = context->r15;
    to->rdi = context->rdi, to->rsi = context->rsi, to->rbp = context->rbp, to->rbx = context->rbx;
    to->rdx = context->rdx, to->rax = context->rax, to->rcx = context->rcx;
    to->rsp = context->rsp, to->rip = context->rip, to->eflags = context->rflags;
    to->orig_rax = (unsigned long long)-1; /* no call, and none that the kernel would make again */
    ptrace(PTRACE_SETREGS, tracee->tid, 0, to);
}

/* Goes on to the exit of the call; whatever else stops it on the way is not lost, because nothing else does. */
static int to_exit(void) {
    int status = tracee_continue(PTRACE_SYSCALL, 0);
    tracee->position = TRACER_AT_EXIT;
    return status;
}

void tracee_store_registers(void) {
    put_registers(&tracee->thread->context);
    tracee->position = TRACER_OUTSIDE;
}

/* ---- calls */

/* A number that no call of Linux has: the filter stops at it, whatever the call that is made there in the end. */
#define ANY_CALL 0x474f

void tracee_find_site(uint64_t vdso) {
    static const uint8_t instruction[SYSCALL_BYTES] = {0x0f, 0x05};
    uint8_t code[VDSO_BYTES];
    uint64_t read = vdso == 0 ? 0 : sizeof code - gnomon_copy(code, (const void *)vdso, sizeof code);
    const uint8_t *found = memmem(code, read, instruction, sizeof instruction);
    tracee->site = found == NULL ? 0 : vdso + (uint64_t)(found - code);
}

/* Back to a syscall instruction, before its call. */
static void to_entry(void) {
    struct user_regs_struct changed = tracee->registers;
    changed.rip = tracee->site;
    changed.rax = ANY_CALL;
    changed.orig_rax = (unsigned long long)-1;
    ptrace(PTRACE_SETREGS, tracee->tid, 0, &changed);
    int status = tracee_continue(PTRACE_CONT, 0);
    while (!tracee_is_call(status)) {
        if (tracee->site == 0 || (tracee_event(status) == 0 && WSTOPSIG(status) != SIGSTOP)) {
            gnomon_refuse("there is no syscall instruction left where the guest made its last call");
        }
        status = tracee_continue(PTRACE_CONT, 0);
    }
    tracee->position = TRACER_AT_ENTRY;
}

/* Makes the call before which the guest stands another one. */
static void put_call(long number, const uint64_t *a) {
    struct user_regs_struct changed = tracee->registers;
    changed.rdi = a[0], changed.rsi = a[1], changed.rdx = a[2], changed.r10 = a[3], changed.r8 = a[4], changed.r9 = a[5];
    changed.rip = tracee->site + SYSCALL_BYTES;
    changed.orig_rax = (unsigned long long)number;
    ptrace(PTRACE_SETREGS, tracee->tid, 0, &changed);
}

int tracee_begin_call(long number, const uint64_t *arguments) {
    if (tracee->position != TRACER_AT_ENTRY) {
        to_entry();
    }
    put_call(number, arguments);
    return to_exit();
}

_Noreturn void tracee_let_call(void) {
    tracee->position = TRACER_OUTSIDE;
    longjmp(tracee->next_stop, 1);
}

_Noreturn void gnomon_native_signal_return(uint64_t stack) {
    static const uint64_t none[6];
    if (tracee->position != TRACER_AT_ENTRY) {
        to_entry();
    }
    /* The kernel restores the registers, and the mask that it has of this thread: nothing is blocked. */
    tracee->registers.rsp = stack;
    put_call(SYS_rt_sigreturn, none);
    tracee_let_call();
}

long tracee_result(void) {
    struct user_regs_struct now;
    ptrace(PTRACE_GETREGS, tracee->tid, 0, &now);
    /* What the call may have changed besides its result: arch_prctl(2). */
    tracee->registers.fs_base = now.fs_base;
    tracee->registers.gs_base = now.gs_base;
    return (long)now.rax;
}

long gnomon_raw6(long number, long a, long b, long c, long d, long e, long f) {
    uint64_t arguments[6] = {(uint64_t)a, (uint64_t)b, (uint64_t)c, (uint64_t)d, (uint64_t)e, (uint64_t)f};
    tracee_begin_call(number, arguments);
    return tracee_result();
}

uint64_t tracee_scratch(void) {
    if (tracee->scratch == 0) {
        long page = gnomon_raw6(SYS_mmap, SCRATCH_ADDRESS, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        tracee->scratch = gnomon_failed(page) ? 0 : (uint64_t)page;
    }
    return tracee->scratch;
}

bool gnomon_is_named_pipe(long directory, uint64_t path) {
    uint64_t at = tracee_scratch();
    struct stat status;
    return at != 0 && gnomon_raw4(SYS_newfstatat, directory, (long)path, (long)at, 0) == 0 &&
           gnomon_copy_in(&status, at, sizeof status) && S_ISFIFO(status.st_mode);
}

/* ---- vector registers */

static uint8_t vector_state[VECTOR_STATE_LIMIT] __attribute__((aligned(64)));

static size_t get_vector_state(void) {
    struct iovec state = {vector_state, sizeof vector_state};
    return ptrace(PTRACE_GETREGSET, tracee->tid, NT_X86_XSTATE, &state) < 0 ? 0 : state.iov_len;
}

void gnomon_vector_save(uint8_t *vector) {
    get_vector_state();
    memcpy(vector, vector_state, gnomon_vector_bytes);
    uint64_t present;
    memcpy(&present, vector + XSAVE_HEADER, sizeof present);
    present &= gnomon_vector_components;
    memset(vector + XSAVE_HEADER, 0, XSAVE_HEADER_BYTES);
    memcpy(vector + XSAVE_HEADER, &present, sizeof present);
}

void gnomon_vector_reset(uint8_t *vector) {
    (void)vector;
    size_t bytes = get_vector_state();
    uint64_t present;
    uint32_t mxcsr = MXCSR_INITIAL;
    memcpy(&present, vector_state + XSAVE_HEADER, sizeof present);
    present &= COMPONENT_PKRU;
    memcpy(vector_state + XSAVE_HEADER, &present, sizeof present);
    memcpy(vector_state + MXCSR, &mxcsr, sizeof mxcsr);
    struct iovec state = {vector_state, bytes};
    ptrace(PTRACE_SETREGSET, tracee->tid, NT_X86_XSTATE, &state);
}
