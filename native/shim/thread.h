/* What the shim keeps of one guest thread, in private memory that %gs points to. */
#ifndef GNOMON_THREAD_H
#define GNOMON_THREAD_H

#include "shim.h"
#include "thread_offsets.h"
#include <gnomon/image.h>
#include <gnomon/slot.h>

/*
 * One thread's area, one mapping:
 *
 *   +-----------------+  guard, no access
 *   |  4096           |
 *   +-----------------+
 *   |  shim stack     |  grows down
 *   |  28672          |
 *   +-----------------+
 *   |  thread  4096   |  struct gnomon_thread
 *   +-----------------+
 *   |  vector  8192   |  vector registers while a signal frame is built
 *   +-----------------+
 *   |  signal stack   |  where the kernel puts the frames of the shim's own handlers
 *   |  20480          |
 *   +-----------------+
 */
#define GNOMON_AREA_GUARD 4096
#define GNOMON_AREA_STACK 28672
#define GNOMON_AREA_THREAD 4096
#define GNOMON_AREA_VECTOR 8192
#define GNOMON_AREA_SIGNAL_STACK 20480
#define GNOMON_AREA_BYTES \
    (GNOMON_AREA_GUARD + GNOMON_AREA_STACK + GNOMON_AREA_THREAD + GNOMON_AREA_VECTOR + GNOMON_AREA_SIGNAL_STACK)

/* A guest's general registers, in the order in which the kernel keeps them in a signal frame (struct sigcontext_64). */
struct gnomon_context {
    uint64_t r8, r9, r10, r11, r12, r13, r14, r15, rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
};

struct gnomon_thread {
    struct gnomon_thread *self;
    uint64_t stack_top;
    struct gnomon_context context;
    /* The address behind context.rflags: where the stack pointer has to be for pushfq to write there. */
    uint64_t flags_end;

    struct gnomon_slot *slot;
    struct gnomon_process_record *process;
    struct gnomon_worker_word *worker_word;
    uint32_t process_page;
    uint32_t thread_page;

    /* 0: the area is free. The kernel stores 0 when the thread it belongs to has left (CLONE_CHILD_CLEARTID). */
    uint32_t alive;
    /* Entries logged since the thread last crossed after which another object may have become ready. */
    uint32_t effects;
    /* Descriptors closed since then: the other end of a pipe may be among them. */
    uint32_t closes;
    /* Where this thread was last bound for its worker's sake; -1: not yet. */
    int32_t processor;
    /* Not 0: it crosses by notification. */
    uint32_t notifies;
    /* Not 0: of a child by vfork, which is in its parent's memory until it executes a program. */
    uint32_t borrows_memory;
    /* The next area of the process. */
    struct gnomon_thread *next;

    /* The place given to what this thread is about to bring to life. */
    uint32_t child_process_page;
    uint32_t child_thread_page;

    /* The environment built for an execve: freed when that failed, or with the area's next use. */
    void *scratch;
    uint64_t scratch_bytes;

    /* What the kernel said of the fault that is being handled. */
    uint64_t fault_error;
    uint64_t fault_trap;
    uint64_t fault_address;
    uint8_t fault_siginfo[GNOMON_SIGINFO_BYTES];
};

_Static_assert(offsetof(struct gnomon_thread, self) == GNOMON_THREAD_SELF, "assembly");
_Static_assert(offsetof(struct gnomon_thread, stack_top) == GNOMON_THREAD_STACK_TOP, "assembly");
_Static_assert(offsetof(struct gnomon_thread, context) == GNOMON_CONTEXT_R8, "assembly");
_Static_assert(offsetof(struct gnomon_thread, context.rax) == GNOMON_CONTEXT_RAX, "assembly");
_Static_assert(offsetof(struct gnomon_thread, context.rsp) == GNOMON_CONTEXT_RSP, "assembly");
_Static_assert(offsetof(struct gnomon_thread, context.rflags) == GNOMON_CONTEXT_RFLAGS, "assembly");
_Static_assert(offsetof(struct gnomon_thread, flags_end) == GNOMON_THREAD_FLAGS_END, "assembly");
_Static_assert(offsetof(struct gnomon_thread, slot) == GNOMON_THREAD_SLOT, "tests");
_Static_assert(sizeof(struct gnomon_thread) <= GNOMON_AREA_THREAD, "fits");

/* The same in every thread of the process; written at start-up only. */
struct gnomon_process {
    const struct gnomon_arena_header *arena;
    uint8_t *worker_words;
    uint8_t *host_block;
    struct gnomon_host_header *host;
    uint32_t host_index;
    /* Preload: what execve adds to the environment; copies, for the guest may overwrite its own. Empty with inject. */
    char preload[GNOMON_PRELOAD_BYTES];
    char arena_path[GNOMON_PATH_BYTES];
    char image_path[GNOMON_PATH_BYTES];
};

extern struct gnomon_process gnomon_process;

static inline struct gnomon_thread *gnomon_thread_current(void) {
    struct gnomon_thread *thread;
    __asm__ volatile("mov %%gs:%c1, %0" : "=r"(thread) : "i"(GNOMON_THREAD_SELF));
    return thread;
}

static inline uint8_t *gnomon_thread_vector(struct gnomon_thread *thread) {
    return (uint8_t *)thread + GNOMON_AREA_THREAD;
}

static inline uint8_t *gnomon_thread_signal_stack(struct gnomon_thread *thread) {
    return (uint8_t *)thread + GNOMON_AREA_THREAD + GNOMON_AREA_VECTOR;
}

/* A free area, marked as alive; NULL where memory is used up. */
struct gnomon_thread *gnomon_thread_open(void);

/* Points the area at its slot and process record, whose pages in the host's block are given. False where a page or the worker
 * is out of range. */
bool gnomon_thread_place(struct gnomon_thread *thread, uint32_t process_page, uint32_t thread_page);

/* Makes the calling kernel thread this guest thread: %gs, signal stack, dispatch of its calls. 0 or -errno. */
long gnomon_thread_enter(struct gnomon_thread *thread);

/* In a forked child: forgets the threads that stayed behind. */
void gnomon_thread_forget_others(struct gnomon_thread *self);

#endif
