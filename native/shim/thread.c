#include "thread.h"
#include "raw.h"

#define PROT_NONE 0
#define PROT_READ_WRITE 3
#define MAP_PRIVATE_ANONYMOUS_NORESERVE 0x4022

#define ARCH_SET_GS 0x1001
#define PR_SET_SYSCALL_USER_DISPATCH 59
#define PR_SYS_DISPATCH_ON 1

struct gnomon_process gnomon_process;

/* Every area of the process, the one made last first. Areas are never taken out, but used again. */
static struct gnomon_thread *areas;

struct signal_stack {
    void *base;
    int32_t flags;
    uint64_t bytes;
};

static struct gnomon_thread *reuse(void) {
    struct gnomon_thread *thread = __atomic_load_n(&areas, __ATOMIC_ACQUIRE);
    for (; thread != NULL; thread = thread->next) {
        uint32_t dead = 0;
        if (__atomic_load_n(&thread->alive, __ATOMIC_RELAXED) == 0 &&
            __atomic_compare_exchange_n(&thread->alive, &dead, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)) {
            if (thread->scratch != NULL) {
                gnomon_raw3(__NR_munmap, (long)thread->scratch, (long)thread->scratch_bytes, 0);
                thread->scratch = NULL;
            }
            return thread;
        }
    }
    return NULL;
}

struct gnomon_thread *gnomon_thread_open(void) {
    struct gnomon_thread *thread = reuse();
    if (thread != NULL) {
        return thread;
    }
    /* A wish: the first area then needs no page table of its own. */
    long wish = __atomic_load_n(&areas, __ATOMIC_RELAXED) == NULL ? GNOMON_AREA_ADDRESS : 0;
    long base = gnomon_raw6(__NR_mmap, wish, GNOMON_AREA_BYTES, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    if (gnomon_failed(base)) {
        return NULL;
    }
    if (gnomon_raw3(__NR_mprotect, base, GNOMON_AREA_GUARD, PROT_NONE) != 0) {
        gnomon_raw3(__NR_munmap, base, GNOMON_AREA_BYTES, 0);
        return NULL;
    }
    thread = (struct gnomon_thread *)(base + GNOMON_AREA_GUARD + GNOMON_AREA_STACK);
    thread->self = thread;
    thread->stack_top = (uint64_t)thread;
    thread->flags_end = (uint64_t)(&thread->context.rflags + 1);
    thread->alive = 1;
    thread->next = __atomic_load_n(&areas, __ATOMIC_RELAXED);
    while (!__atomic_compare_exchange_n(&areas, &thread->next, thread, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED)) {
    }
    return thread;
}

bool gnomon_thread_place(struct gnomon_thread *thread, uint32_t process_page, uint32_t thread_page) {
    uint64_t pages = (uint64_t)gnomon_process.arena->block_bytes / GNOMON_PAGE_BYTES;
    if (process_page >= pages || thread_page >= pages) {
        return false;
    }
    uint8_t *block = gnomon_process.host_block;
    thread->process_page = process_page;
    thread->thread_page = thread_page;
    thread->process = (struct gnomon_process_record *)(block + (uint64_t)process_page * GNOMON_PAGE_BYTES);
    thread->slot = (struct gnomon_slot *)(block + (uint64_t)thread_page * GNOMON_PAGE_BYTES);
    uint32_t worker = thread->slot->worker_index;
    if (worker >= GNOMON_WORKER_LIMIT) {
        return false;
    }
    thread->worker_word = (struct gnomon_worker_word *)(gnomon_process.worker_words + worker * GNOMON_WORKER_WORD_STRIDE);
    thread->effects = 0;
    thread->closes = 0;
    thread->processor = -1;
    thread->notifies = thread->process->flags & GNOMON_PROCESS_NOTIFIES;
    return true;
}

long gnomon_thread_enter(struct gnomon_thread *thread) {
    struct signal_stack stack = {.base = gnomon_thread_signal_stack(thread), .bytes = GNOMON_AREA_SIGNAL_STACK};
    long result = gnomon_raw3(__NR_arch_prctl, ARCH_SET_GS, (long)thread, 0);
    if (result == 0) {
        result = gnomon_raw3(__NR_sigaltstack, (long)&stack, 0, 0);
    }
    if (result == 0) {
        /* No selector: everything outside the shim's own code is caught, always. */
        result = gnomon_raw6(__NR_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON, (long)gnomon_text_begin,
                             gnomon_text_end - gnomon_text_begin, 0, 0);
    }
    thread->slot->real_process_id = (int32_t)gnomon_raw3(__NR_getpid, 0, 0, 0);
    thread->slot->real_thread_id = (int32_t)gnomon_raw3(__NR_gettid, 0, 0, 0);
    return result;
}

void gnomon_thread_forget_others(struct gnomon_thread *self) {
    struct gnomon_thread *thread = areas;
    if (thread == self && self->next == NULL) {
        return; /* and the pages on which this stands stay shared with the parent */
    }
    areas = self;
    while (thread != NULL) {
        struct gnomon_thread *next = thread->next;
        if (thread != self) {
            gnomon_raw3(__NR_munmap, (long)thread - GNOMON_AREA_STACK - GNOMON_AREA_GUARD, GNOMON_AREA_BYTES, 0);
        }
        thread = next;
    }
    self->next = NULL;
}
