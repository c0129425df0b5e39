/*
 * What is born needs, before its first instruction of guest code, its own %gs, signal stack and dispatch, and its place in
 * the arena. With CLONE_VM it gets an area of its own, and begins on that area's stack; a forked copy keeps the area it was
 * copied with.
 *
 * The guest's identities are the engine's, so the kernel is asked neither to store them (CLONE_PARENT_SETTID,
 * CLONE_CHILD_SETTID) nor to clear the guest's word at exit: it clears the area's instead, which frees it.
 * CLONE_PARENT makes the zygote the parent of every process: it alone reaps.
 */
#include "spawn.h"
#include "copy.h"
#include "dispatch.h"
#include "patch.h"

/* include/uapi/linux/sched.h */
#define CLONE_VM 0x100
#define CLONE_FS 0x200
#define CLONE_FILES 0x400
#define CLONE_SIGHAND 0x800
#define CLONE_VFORK 0x4000
#define CLONE_PARENT 0x8000
#define CLONE_THREAD 0x10000
#define CLONE_SYSVSEM 0x40000
#define CLONE_SETTLS 0x80000
#define CLONE_CHILD_CLEARTID 0x200000
#define CLONE_IO 0x80000000

#define KEPT_FLAGS \
    (CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK | CLONE_THREAD | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_IO)

#define SIGCHLD 17
#define SIGKILL 9
#define PR_SET_PDEATHSIG 1

/* struct clone_args, as far as it matters. */
struct clone_arguments {
    uint64_t flags;
    uint64_t pidfd;
    uint64_t child_tid;
    uint64_t parent_tid;
    uint64_t exit_signal;
    uint64_t stack;
    uint64_t stack_bytes;
    uint64_t tls;
};

struct birth {
    uint64_t flags;
    uint64_t stack; /* 0: the parent's */
    uint64_t tls;
};

static long read_birth(const struct gnomon_call *call, struct birth *birth) {
    *birth = (struct birth){0};
    const uint64_t *arguments = call->arguments;
    struct clone_arguments extended;
    switch (call->number) {
    case __NR_fork:
        return 0;
    case __NR_vfork:
        birth->flags = CLONE_VM | CLONE_VFORK;
        return 0;
    case __NR_clone:
        *birth = (struct birth){.flags = arguments[0], .stack = arguments[1], .tls = arguments[4]};
        return 0;
    case __NR_clone3:
        if (arguments[1] < sizeof(extended)) {
            return -GNOMON_EINVAL;
        }
        if (!gnomon_copy_in(&extended, arguments[0], sizeof(extended))) {
            return -GNOMON_EFAULT;
        }
        *birth = (struct birth){.flags = extended.flags,
                                .stack = extended.stack == 0 ? 0 : extended.stack + extended.stack_bytes,
                                .tls = extended.tls};
        return 0;
    default:
        return -GNOMON_EINVAL;
    }
}

static void enter(struct gnomon_thread *thread) {
    if (!gnomon_thread_place(thread, thread->child_process_page, thread->child_thread_page) ||
        gnomon_thread_enter(thread) != 0) {
        gnomon_refuse("cannot enter a new thread");
    }
}

void gnomon_enter_process(struct gnomon_thread *thread) {
    enter(thread);
    gnomon_raw3(__NR_prctl, PR_SET_PDEATHSIG, SIGKILL, 0);
    thread->process->real_process_id = thread->slot->real_process_id;
}

static void start_thread(struct gnomon_thread *thread) {
    enter(thread);
    gnomon_dispatch_start(thread, GNOMON_PHASE_THREAD_START);
}

static void start_process(struct gnomon_thread *thread) {
    gnomon_enter_process(thread);
    gnomon_dispatch_start(thread, GNOMON_PHASE_PROCESS_START);
}

static void start_copy(struct gnomon_thread *thread) {
    thread->borrows_memory = 0;
    gnomon_patch_unlock();
    gnomon_thread_forget_others(thread);
    start_process(thread);
}

static void prepare_context(struct gnomon_context *context, const struct birth *birth) {
    context->rax = 0;
    if (birth->stack != 0) {
        context->rsp = birth->stack;
    }
}

static long spawn_sharing(struct gnomon_thread *thread, const struct birth *birth, uint64_t flags) {
    struct gnomon_thread *child = gnomon_thread_open();
    if (child == NULL) {
        return -GNOMON_EAGAIN;
    }
    child->child_process_page = thread->child_process_page;
    child->child_thread_page = thread->child_thread_page;
    child->context = thread->context;
    prepare_context(&child->context, birth);
    bool thread_born = (flags & CLONE_THREAD) != 0;
    child->borrows_memory = !thread_born || thread->borrows_memory;
    long result =
        gnomon_clone(flags, child->stack_top, &child->alive, birth->tls, child, thread_born ? start_thread : start_process);
    if (gnomon_failed(result)) {
        __atomic_store_n(&child->alive, 0, __ATOMIC_RELEASE);
    }
    return result;
}

static long spawn_copy(struct gnomon_thread *thread, const struct birth *birth, uint64_t flags) {
    struct gnomon_context before = thread->context;
    prepare_context(&thread->context, birth);
    gnomon_patch_lock();
    long result = gnomon_clone(flags, 0, &thread->alive, birth->tls, thread, start_copy);
    gnomon_patch_unlock();
    thread->context = before;
    return result;
}

long gnomon_spawn(struct gnomon_thread *thread, const struct gnomon_call *call, uint32_t thread_page,
                  uint32_t process_page) {
    struct birth birth;
    long result = read_birth(call, &birth);
    if (result != 0) {
        return result;
    }
    uint64_t flags = (birth.flags & KEPT_FLAGS) | CLONE_CHILD_CLEARTID;
    if ((flags & CLONE_THREAD) == 0) {
        flags |= CLONE_PARENT | SIGCHLD;
    }
    thread->child_thread_page = thread_page;
    thread->child_process_page = process_page;
    return (flags & CLONE_VM) != 0 ? spawn_sharing(thread, &birth, flags) : spawn_copy(thread, &birth, flags);
}
