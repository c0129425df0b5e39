/*
 * The tracer: does for guests without a shim, by ptrace(2), what the shim does for others, towards the engine in the same
 * words (slot.h). One process for each program that the engine starts, and for all that this program brings to life.
 *
 * How it works. Every guest thread has a context of its own (context.S) in the tracer, which runs straight through: it lets
 * the thread run to its next stop, asks the engine, makes calls in its stead. A filter (filter.c) stops the guest once before
 * a call; what the engine answers is written there and the call skipped, or it is let through; only where its result is needed
 * here it is followed to its end, by a second stop. Where the context has to wait, for a stop or for an answer, it yields to
 * the main loop. That waits for a stop alone while a guest has its turn; otherwise it sleeps on the host's
 * tracer word until either happens: the engine counts it up after an answer, the handler of SIGCHLD at a stop or a death.
 * Which calls cross, what travels with them and how signal frames look
 * comes from the shim's own files, compiled with GNOMON_REMOTE: there copy.h and raw.h mean the memory and the calls of the
 * guest whose context runs.
 *
 * Rules.
 * 1. Every request to the kernel may find the guest killed: then its last status comes, and the main loop drops its context.
 * 2. The guest has no part of the arena: what the engine reads in a slot was written here.
 * 3. The zygote is every guest's parent and buries it. The tracer only sees it end before.
 */
#ifndef GNOMON_TRACER_H
#define GNOMON_TRACER_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include <sys/user.h>

#include "../shim/thread.h"

/* Where a stopped guest stands. */
enum tracer_position {
    TRACER_AT_ENTRY, /* of a call that has not been made */
    TRACER_AT_EXIT,  /* of a call that was made, or given up */
    TRACER_OUTSIDE   /* of any call */
};

struct tracee {
    struct tracee *next;
    struct gnomon_thread *thread; /* with room for vector registers behind it, as in the shim */
    pid_t tid, process;           /* as in the guests' PID namespace */
    enum gnomon_phase first_phase;
    enum tracer_position position;
    struct user_regs_struct registers; /* at the last stop */
    uint64_t site;                     /* of a syscall instruction, the last one executed where there was one; 0: none known */
    uint64_t scratch;                  /* a page of the guest's memory for the tracer's use; 0: none yet */
    int signal_to_pass;                /* when it goes on */

    bool stopped; /* and nobody took the status yet */
    int status;
    bool asked; /* the engine, which has not answered */
    bool turn;  /* the engine's last answer was to it: the engine answers nobody else before it asks again or ends */
    uint32_t seen;

    jmp_buf next_stop; /* where the context goes when a call has no return */
    void *context;     /* where it was left */
    void *memory;      /* of the context's stack and the thread */
};

/* What a guest is started with; read by the child that becomes the guest. */
struct tracer_start {
    uint32_t host_index, process_page, thread_page;
    int arena;     /* descriptor */
    int processor; /* that tracer and guest run on; -1 for any */
    /* Executes the program; sets *failed_step and *failed_errno where it cannot. Whether the time-stamp counter is virtual, and
     * whether all calls are the engine's. */
    void (*become_guest)(void *, bool, bool);
    void *argument;
    volatile int *failed_step, *failed_errno; /* in memory shared with that child */
    int report; /* descriptor to which the pid of the guest is written, 0 where it failed */
};

/* Runs until no guest is left. Never returns. */
_Noreturn void tracer_run(const struct tracer_start *start);

/* Binds a thread (0: the caller) to a processor. What the kernel refuses only costs time. */
bool tracer_run_on(pid_t thread, int processor);

/* The guest whose context runs. */
extern struct tracee *tracee;

/* Makes the calling process stop before its calls, and those that it brings to life; in the one that becomes the guest, last
 * before it executes its program. Whether also at those that the kernel may do without the engine. 0, or -1 with errno. */
int tracer_filter(bool all_calls);

/* The status of its next stop, while it runs. */
int tracee_await_stop(void);

/* Lets it go on by a request of ptrace(2), PTRACE_SYSCALL or PTRACE_CONT, and returns the status of its next stop. */
int tracee_continue(int request, int signal);

/* Yields until the engine answered. */
void tracee_await_answer(void);

/* A guest thread that the running one brought to life, which inherits what the running one has. */
struct tracee *tracee_born(pid_t tid, bool thread, uint32_t process_page, uint32_t thread_page);

/* What the context of every guest thread does. Never returns. */
void tracee_live(void);

/* Looks in the vDSO for a syscall instruction, until the program executes one of its own. */
void tracee_find_site(uint64_t vdso);

/* Registers between kernel and thread->context. Storing skips a call that was not made. */
void tracee_load_registers(void);
void tracee_store_registers(void);

/* Begins a call that the guest makes; the status of its next stop, which is the call's exit where nothing else happens. */
int tracee_begin_call(long number, const uint64_t *arguments);

/* At the entry of a call: goes on with it, its result the guest's alone. Never returns. */
_Noreturn void tracee_let_call(void);

/* At the exit of a call: its result. */
long tracee_result(void);

/* What a stop is: before a call that the guest makes, after one that was made in its stead, or an event. */
bool tracee_is_call(int status);
bool tracee_is_syscall_stop(int status);
int tracee_event(int status);
unsigned long tracee_event_message(void);

/* A page in the guest's memory; 0 where there is none to be had. */
uint64_t tracee_scratch(void);

#endif
