/* Contexts, stops and answers; the mechanism is told in tracer.h. */
#define _GNU_SOURCE
#include "tracer.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../shim/vector.h"

#define CONTEXT_STACK 65536
#define EARLY_LIMIT 64

/* Of a guest thread: struct gnomon_thread with its vector registers, the context's stack, struct tracee. */
static const size_t thread_bytes = GNOMON_AREA_THREAD + GNOMON_AREA_VECTOR;
static const size_t memory_bytes = GNOMON_AREA_THREAD + GNOMON_AREA_VECTOR + CONTEXT_STACK + sizeof(struct tracee);

#define OPTIONS                                                                                              \
    (PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | \
     PTRACE_O_TRACEVFORK | PTRACE_O_TRACESECCOMP)

struct tracee *tracee;
struct gnomon_process gnomon_process;

static struct tracee *tracees;
static void *main_context;

/* context.S */
void tracer_switch(void **left, void *entered);
static uint32_t *tracer_word;

/* Stops of guests whose birth nobody has told of yet. */
static struct {
    pid_t tid;
    int status;
} early[EARLY_LIMIT];
static int early_count;

static void yield(void) {
    tracer_switch(&tracee->context, main_context);
}

int tracee_await_stop(void) {
    while (!tracee->stopped) {
        yield();
    }
    tracee->stopped = false;
    return tracee->status;
}

int tracee_continue(int request, int signal) {
    ptrace((enum __ptrace_request)request, tracee->tid, 0, signal);
    return tracee_await_stop();
}

void tracee_await_answer(void) {
    tracee->asked = true;
    while (tracee->asked) {
        yield();
    }
}

/* As tracer_switch leaves a context, at the beginning of tracee_live, which has no caller. */
static void *new_context(char *stack_end) {
    enum { PRESERVED_REGISTERS = 6 };
    uint64_t *top = (uint64_t *)stack_end - 1; /* as a call leaves it: aligned but for the return address */
    *top = 0;
    *--top = (uint64_t)tracee_live;
    for (int n = 0; n < PRESERVED_REGISTERS; n++) {
        *--top = 0;
    }
    return top;
}

/* As the shim's gnomon_thread_place. */
static bool place(struct gnomon_thread *thread, uint32_t process_page, uint32_t thread_page) {
    uint64_t pages = (uint64_t)gnomon_process.arena->block_bytes / GNOMON_PAGE_BYTES;
    if (process_page >= pages || thread_page >= pages) {
        return false;
    }
    thread->process = (struct gnomon_process_record *)(gnomon_process.host_block + (uint64_t)process_page * GNOMON_PAGE_BYTES);
    thread->slot = (struct gnomon_slot *)(gnomon_process.host_block + (uint64_t)thread_page * GNOMON_PAGE_BYTES);
    uint32_t worker = thread->slot->worker_index;
    if (worker >= GNOMON_WORKER_LIMIT) {
        return false;
    }
    thread->worker_word = (struct gnomon_worker_word *)(gnomon_process.worker_words + worker * GNOMON_WORKER_WORD_STRIDE);
    thread->processor = -1;
    return true;
}

static struct tracee *open_tracee(pid_t tid, pid_t process, uint32_t process_page, uint32_t thread_page) {
    char *memory =
        mmap(NULL, memory_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        return NULL;
    }
    struct tracee *opened = (struct tracee *)(memory + thread_bytes + CONTEXT_STACK);
    opened->memory = memory;
    opened->thread = (struct gnomon_thread *)memory;
    opened->tid = tid;
    opened->process = process;
    if (!place(opened->thread, process_page, thread_page)) {
        munmap(memory, memory_bytes);
        return NULL;
    }
    opened->context = new_context(memory + thread_bytes + CONTEXT_STACK);
    opened->next = tracees;
    tracees = opened;
    return opened;
}

static void drop(struct tracee *gone) {
    struct tracee **link = &tracees;
    while (*link != gone) {
        link = &(*link)->next;
    }
    *link = gone->next;
    munmap(gone->memory, memory_bytes);
}

static struct tracee *find(pid_t tid) {
    struct tracee *found = tracees;
    while (found != NULL && found->tid != tid) {
        found = found->next;
    }
    return found;
}

struct tracee *tracee_born(pid_t tid, bool thread, uint32_t process_page, uint32_t thread_page) {
    struct tracee *born = open_tracee(tid, thread ? tracee->process : tid, process_page, thread_page);
    if (born == NULL) {
        _exit(1);
    }
    born->first_phase = thread ? GNOMON_PHASE_THREAD_START : GNOMON_PHASE_PROCESS_START;
    born->position = TRACER_OUTSIDE;
    born->scratch = tracee->scratch;
    born->site = tracee->site;
    for (int n = 0; n < early_count; n++) {
        if (early[n].tid == tid) {
            born->stopped = true;
            born->status = early[n].status;
            early[n] = early[--early_count];
            break;
        }
    }
    return born;
}

/* Another program runs in the process: the thread that executed it is its leader now, and the only one. */
static struct tracee *became_leader(pid_t leader) {
    unsigned long former = 0;
    ptrace(PTRACE_GETEVENTMSG, leader, 0, &former);
    struct tracee *executed = find((pid_t)former);
    if (executed != NULL && executed->tid != leader) {
        struct tracee *before = find(leader);
        if (before != NULL) {
            drop(before);
        }
        executed->tid = leader;
    }
    return executed;
}

static void take(pid_t tid, int status) {
    struct tracee *one = status >> 16 == PTRACE_EVENT_EXEC ? became_leader(tid) : find(tid);
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        if (one != NULL) {
            drop(one);
        }
    } else if (one != NULL) {
        one->stopped = true;
        one->status = status;
    } else if (early_count < EARLY_LIMIT) {
        early[early_count].tid = tid;
        early[early_count++].status = status;
    }
}

/* Runs every context that has what it waited for. */
static bool advance(void) {
    bool progress = false;
    for (struct tracee *one = tracees, *next; one != NULL; one = next) {
        next = one->next;
        if (one->asked && __atomic_load_n(&one->thread->slot->guest_word, __ATOMIC_ACQUIRE) != one->seen) {
            one->asked = false;
            one->turn = true;
        } else if (!one->stopped || one->asked) {
            continue;
        }
        progress = true;
        tracee = one;
        tracer_switch(&main_context, one->context);
    }
    return progress;
}

static void child_changed(int signal) {
    (void)signal;
    __atomic_fetch_add(tracer_word, 1, __ATOMIC_SEQ_CST);
}

static bool take_stops(void) {
    bool taken = false;
    int status;
    pid_t tid;
    while ((tid = waitpid(-1, &status, __WALL | WNOHANG)) > 0) {
        take(tid, status);
        taken = true;
    }
    return taken;
}

/* Whether deaths alone, or stops too, count the tracer's word up. */
static void hear_of_stops(bool stops) {
    struct sigaction action = {.sa_handler = child_changed, .sa_flags = stops ? 0 : SA_NOCLDSTOP};
    sigaction(SIGCHLD, &action, NULL);
}

static bool has_turn(const struct tracee *one) {
    return one->turn;
}

/* Newborn, waiting for a child by vfork, or on its way out. */
static bool runs_beside(const struct tracee *one) {
    return !one->asked && !one->turn;
}

static bool any(bool (*condition)(const struct tracee *)) {
    const struct tracee *one = tracees;
    while (one != NULL && !condition(one)) {
        one = one->next;
    }
    return one != NULL;
}

static void wait_for_stop(void) {
    int status;
    pid_t tid = waitpid(-1, &status, __WALL);
    if (tid > 0) {
        take(tid, status);
    }
}

static void wait_for_answer(uint32_t seen) {
    bool beside = any(runs_beside);
    if (beside) {
        hear_of_stops(true);
    }
    if (!take_stops()) {
        syscall(SYS_futex, tracer_word, FUTEX_WAIT, seen, NULL, NULL, 0);
    }
    if (beside) {
        hear_of_stops(false);
    }
}

static _Noreturn void serve(void) {
    hear_of_stops(false);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    while (tracees != NULL) {
        uint32_t seen = __atomic_load_n(tracer_word, __ATOMIC_ACQUIRE);
        if (advance()) {
            continue;
        }
        if (any(has_turn)) {
            wait_for_stop();
        } else {
            wait_for_answer(seen);
        }
    }
    _exit(0);
}

static bool map_arena(const struct tracer_start *start) {
    const struct gnomon_arena_header *arena =
        mmap(NULL, GNOMON_ADDRESSES_OFFSET, PROT_READ | PROT_WRITE, MAP_SHARED, start->arena, 0);
    if (arena == MAP_FAILED || arena->magic != GNOMON_ARENA_MAGIC || arena->version != GNOMON_ARENA_VERSION ||
        start->host_index >= arena->host_count) {
        errno = EINVAL;
        return false;
    }
    void *block = mmap(NULL, (size_t)arena->block_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, start->arena,
                       arena->blocks_offset + start->host_index * arena->block_bytes);
    if (block == MAP_FAILED) {
        return false;
    }
    gnomon_process.arena = arena;
    gnomon_process.worker_words = (uint8_t *)arena + GNOMON_WORKER_WORDS_OFFSET;
    gnomon_process.host_block = block;
    gnomon_process.host = block;
    gnomon_process.host_index = start->host_index;
    tracer_word = &((struct gnomon_host_header *)block)->tracer_word;
    return true;
}

bool tracer_run_on(pid_t thread, int processor) {
    cpu_set_t set;
    CPU_ZERO(&set);
    if (processor < 0 || processor >= CPU_SETSIZE) {
        return false;
    }
    CPU_SET(processor, &set);
    return sched_setaffinity(thread, sizeof set, &set) == 0;
}

/* Says so: others may hold the pipe open too. */
static _Noreturn void no_guest(const struct tracer_start *start) {
    int32_t none = 0;
    (void)!write(start->report, &none, sizeof none);
    _exit(1);
}

/* Other threads' descriptors came along by fork. */
static void close_all_but(int descriptor) {
    if (descriptor > STDERR_FILENO + 1) {
        syscall(SYS_close_range, STDERR_FILENO + 1, descriptor - 1, 0);
    }
    syscall(SYS_close_range, descriptor + 1, UINT32_MAX, 0);
}

static _Noreturn void fail(const struct tracer_start *start, pid_t child, int error) {
    *start->failed_errno = error;
    *start->failed_step = -1;
    if (child > 0) {
        kill(child, SIGKILL);
    }
    no_guest(start);
}

/* Until the guest's first program is executed, its calls are the zygote's own. */
static int to_first_program(const struct tracer_start *start, pid_t child) {
    int status;
    ptrace(PTRACE_CONT, child, 0, 0);
    for (;;) {
        if (waitpid(child, &status, __WALL) < 0 || !WIFSTOPPED(status)) {
            no_guest(start); /* it said why, in *failed_step */
        }
        if (status >> 16 == PTRACE_EVENT_EXEC) {
            break;
        }
        if (ptrace(PTRACE_CONT, child, 0, status >> 16 == 0 ? WSTOPSIG(status) : 0) < 0) {
            fail(start, child, errno);
        }
    }
    ptrace(PTRACE_SYSCALL, child, 0, 0);
    if (waitpid(child, &status, __WALL) < 0 || !WIFSTOPPED(status)) {
        no_guest(start);
    }
    return status;
}

void tracer_run(const struct tracer_start *start) {
    int gate[2];
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (!map_arena(start)) {
        fail(start, 0, errno);
    }
    close_all_but(start->report);
    if (pipe(gate) < 0) {
        fail(start, 0, errno);
    }
    if (!gnomon_vector_prepare()) {
        fail(start, 0, ENOTSUP);
    }
    tracer_run_on(0, start->processor);
    /* As fork, but the zygote becomes the parent. */
    long child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
    if (child == 0) {
        char open;
        ssize_t told;
        prctl(PR_SET_PTRACER, getppid() == 0 ? 0 : PR_SET_PTRACER_ANY, 0, 0, 0);
        close(gate[1]);
        while ((told = read(gate[0], &open, 1)) < 0 && errno == EINTR) {
        }
        if (told != 1) {
            _exit(127); /* nobody traces it */
        }
        close(gate[0]);
        start->become_guest(start->argument, (gnomon_process.arena->run_flags & GNOMON_RUN_REAL_COUNTER) == 0,
                            (gnomon_process.host->flags & GNOMON_HOST_TRACE_ALL) != 0);
        _exit(127);
    }
    if (child < 0) {
        fail(start, 0, errno);
    }
    int status;
    if (ptrace(PTRACE_SEIZE, (pid_t)child, 0, OPTIONS) < 0 || ptrace(PTRACE_INTERRUPT, (pid_t)child, 0, 0) < 0 ||
        waitpid((pid_t)child, &status, __WALL) < 0 || !WIFSTOPPED(status)) {
        fail(start, (pid_t)child, errno);
    }
    if (write(gate[1], "", 1) != 1) {
        fail(start, (pid_t)child, errno);
    }
    close(gate[1]);
    status = to_first_program(start, (pid_t)child);
    tracer_run_on((pid_t)child, start->processor);
    struct tracee *first = open_tracee((pid_t)child, (pid_t)child, start->process_page, start->thread_page);
    if (first == NULL) {
        fail(start, (pid_t)child, ENOMEM);
    }
    first->first_phase = GNOMON_PHASE_EXEC_START;
    first->position = TRACER_AT_EXIT;
    first->stopped = true;
    first->status = status;
    int32_t pid = (int32_t)child;
    if (write(start->report, &pid, sizeof pid) != sizeof pid) {
        fail(start, (pid_t)child, errno);
    }
    close(start->report);
    serve();
}
