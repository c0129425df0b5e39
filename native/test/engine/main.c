#define _GNU_SOURCE
#include "engine.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

struct task tasks[TASK_LIMIT];
struct process processes[PROCESS_LIMIT];
struct options options;
uint64_t crossings;
uint8_t *host_block;

static uint8_t *arena;
static uint32_t *worker_word;
static int arena_descriptor;

#define BLOCKS_OFFSET (2 << 20)
#define BLOCK_BYTES (512 << 20)
/* Calls that a guest may answer itself before it crosses. */
#define CALLS_ALLOWED 127
static int task_end;

static _Noreturn void fail(const char *what) {
    fprintf(stderr, "test engine: %s: %s\n", what, strerror(errno));
    exit(125);
}

bool guest_read(struct task *task, uint64_t address, void *to, size_t bytes) {
    struct iovec local = {to, bytes};
    struct iovec remote = {(void *)address, bytes};
    return process_vm_readv(processes[task->process].pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

bool guest_write(struct task *task, uint64_t address, const void *from, size_t bytes) {
    struct iovec local = {(void *)from, bytes};
    struct iovec remote = {(void *)address, bytes};
    return process_vm_writev(processes[task->process].pid, &local, 1, &remote, 1, 0) == (ssize_t)bytes;
}

static void resume(struct task *task) {
    task->waiting = true;
    task->slot->calls_left = CALLS_ALLOWED;
    __atomic_store_n(&task->slot->guest_state, GNOMON_STATE_RUNNING, __ATOMIC_RELAXED);
    __atomic_add_fetch(&task->slot->guest_word, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &task->slot->guest_word, FUTEX_WAKE, 1, NULL, NULL, 0);
}

void reply_kind(struct task *task, enum gnomon_reply kind) {
    task->slot->reply_kind = kind;
    task->slot->reply_flags = 0;
    resume(task);
}

void reply_result(struct task *task, int64_t value) {
    task->slot->reply_value = value;
    task->slot->reply_flags = 0;
    task->slot->reply_kind = GNOMON_REPLY_RESULT;
    if (signal_on_reply(task, value == -EINTR)) {
        resume(task);
    }
}

void reply_native(struct task *task) {
    reply_kind(task, options.report ? GNOMON_REPLY_NATIVE_REPORT : GNOMON_REPLY_NATIVE);
}

uint32_t process_page(int process) {
    return 1 + (uint32_t)process * (GNOMON_PROCESS_RECORD_BYTES / GNOMON_PAGE_BYTES);
}

uint32_t thread_page(int task) {
    return process_page(PROCESS_LIMIT) + (uint32_t)task * (GNOMON_THREAD_SLOT_BYTES / GNOMON_PAGE_BYTES);
}

struct gnomon_process_record *record_of(int process) {
    return (struct gnomon_process_record *)(host_block + (uint64_t)process_page(process) * GNOMON_PAGE_BYTES);
}

int open_task(int process) {
    for (int i = 0; i < TASK_LIMIT; i++) {
        if (!tasks[i].used) {
            struct gnomon_slot *slot = (struct gnomon_slot *)(host_block + (uint64_t)thread_page(i) * GNOMON_PAGE_BYTES);
            tasks[i] = (struct task){.used = true, .waiting = true, .process = process, .slot = slot};
            slot->guest_state = GNOMON_STATE_IDLE;
            slot->worker_index = 0;
            slot->process_page = process_page(process);
            slot->calls_left = CALLS_ALLOWED;
            slot->signal.number = 0;
            slot->trapped_calls = 0;
            processes[process].threads++;
            task_end = i >= task_end ? i + 1 : task_end;
            return i;
        }
    }
    return -1;
}

int open_process(int parent) {
    for (int i = 0; i < PROCESS_LIMIT; i++) {
        if (!processes[i].used) {
            processes[i] = (struct process){.used = true, .parent = parent, .memory = i};
            if (parent >= 0) {
                memcpy(processes[i].actions, processes[parent].actions, sizeof(processes[i].actions));
                memcpy(record_of(i), record_of(parent), sizeof(*record_of(i)));
            }
            return i;
        }
    }
    return -1;
}

void close_task(struct task *task) {
    processes[task->process].threads--;
    task->used = false;
}

static void handle_call(struct task *task) {
    if (task->slot->call_number == SYS_getppid) {
        reply_result(task, 1); /* the quickest answer there is, for measuring */
    } else if (task->slot->call_number == SYS_clock_nanosleep) {
        reply_kind(task, GNOMON_REPLY_NATIVE_REPORT); /* its end is where signals arrive */
    } else if (!answer_descriptor_call(task) && !answer_futex_call(task) && !answer_process_call(task) &&
               !answer_signal_call(task)) {
        reply_native(task);
    }
}

static void handle(struct task *task) {
    task->waiting = false;
    crossings++;
    struct gnomon_slot *slot = task->slot;
    repeat_log(task);
    if (options.verbose) {
        fprintf(stderr, "[%d] phase %u call %d (%#lx, %#lx, %#lx, %#lx) native %ld ranges %u\n", task->tid, slot->phase,
                slot->call_number, slot->arguments[0], slot->arguments[1], slot->arguments[2], slot->arguments[3],
                slot->native_result, slot->range_count);
    }
    switch ((enum gnomon_phase)slot->phase) {
    case GNOMON_PHASE_NEW_CALL:
        handle_call(task);
        break;
    case GNOMON_PHASE_AFTER_NATIVE:
        reply_result(task, slot->native_result);
        break;
    case GNOMON_PHASE_AFTER_INSTALL:
        phase_installed(task);
        break;
    case GNOMON_PHASE_THREAD_START:
    case GNOMON_PHASE_PROCESS_START:
    case GNOMON_PHASE_EXEC_START:
        phase_start(task);
        break;
    case GNOMON_PHASE_SPAWNED:
        phase_spawned(task);
        break;
    case GNOMON_PHASE_SIGNAL_RETURN:
        phase_signal_return(task);
        break;
    case GNOMON_PHASE_FAULT:
        phase_fault(task);
        break;
    case GNOMON_PHASE_ENTRY:
    case GNOMON_PHASE_COPIES_MADE:
    case GNOMON_PHASE_COPY_START:
    case GNOMON_PHASE_WATCHED_CALL:
        fail("crossed for what it was not asked");
    }
}

static bool scan(void) {
    bool progress = false;
    for (int i = 0; i < task_end; i++) {
        struct task *task = &tasks[i];
        if (!task->used || !task->waiting) {
            continue;
        }
        uint32_t state = __atomic_load_n(&task->slot->guest_state, __ATOMIC_ACQUIRE);
        if (state == GNOMON_STATE_CALL) {
            handle(task);
            progress = true;
        } else if (state == GNOMON_STATE_GONE) {
            close_task(task);
            progress = true;
        }
    }
    return progress;
}

static void child_changed(int signal) {
    (void)signal;
    __atomic_add_fetch(worker_word, 1, __ATOMIC_SEQ_CST);
}

static void reap(void) {
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
        process_died(pid, status);
    }
}

static int run(void) {
    while (!processes[0].dead) {
        uint32_t seen = __atomic_load_n(worker_word, __ATOMIC_ACQUIRE);
        bool progress = scan();
        if (processes[0].used) {
            static unsigned turn;
            if (!progress || ++turn % 64 == 0) {
                reap();
            }
        }
        futex_expire();
        if (!progress && !processes[0].dead) {
            struct timespec while_timed = {0, 1000000};
            syscall(SYS_futex, worker_word, FUTEX_WAIT, seen, any_timed() ? &while_timed : NULL, NULL, 0);
        }
    }
    return processes[0].status;
}

static void make_arena(void) {
    size_t bytes = BLOCKS_OFFSET + BLOCK_BYTES;
    arena_descriptor = memfd_create("gnomon-test", MFD_CLOEXEC);
    if (arena_descriptor < 0 || ftruncate(arena_descriptor, (off_t)bytes) != 0) {
        fail("memfd");
    }
    arena = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, arena_descriptor, 0);
    if (arena == MAP_FAILED) {
        fail("mmap");
    }
    host_block = arena + BLOCKS_OFFSET;
    struct gnomon_worker_word *worker = (struct gnomon_worker_word *)(arena + GNOMON_WORKER_WORDS_OFFSET);
    worker->sleeping = 1; /* as far as guests know, always */
    worker->guest_processor = -1;
    worker_word = &worker->sequence;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    struct gnomon_arena_header *header = (struct gnomon_arena_header *)arena;
    header->version = GNOMON_ARENA_VERSION;
    header->real_start_nanos = now.tv_sec * 1000000000 + now.tv_nsec;
    header->virtual_start_nanos = INT64_C(946684800) * 1000000000;
    header->run_flags = (options.real_counter ? GNOMON_RUN_REAL_COUNTER : 0) | (options.no_patches ? GNOMON_RUN_NO_PATCHES : 0);
    header->worker_count = 1;
    header->host_count = 1;
    header->blocks_offset = BLOCKS_OFFSET;
    header->block_bytes = BLOCK_BYTES;
    header->address_bits = 4;
    __atomic_store_n(&header->magic, GNOMON_ARENA_MAGIC, __ATOMIC_RELEASE);
    struct gnomon_host_header *host = (struct gnomon_host_header *)host_block;
    host->maximum_unapplied_nanos = INT64_MAX;
    host->clock_nanos = header->virtual_start_nanos + INT64_C(5000000123);
    host->flags = (options.trace_all ? GNOMON_HOST_TRACE_ALL : 0) | (options.local_time ? GNOMON_HOST_LOCAL_CALLS : 0);
}

static pid_t start(const char *shim, char **arguments) {
    pid_t pid = fork();
    if (pid != 0) {
        return pid;
    }
    char text[300];
    snprintf(text, sizeof(text), "/proc/%d/fd/%d", getppid(), arena_descriptor);
    setenv("GNOMON_ARENA", text, 1);
    setenv("GNOMON_IMAGE", getenv("GNOMON_TEST_IMAGE"), 1);
    char place[40];
    snprintf(place, sizeof(place), "0,%u,%u", process_page(0), thread_page(0));
    setenv("GNOMON_SLOT", place, 1);
    setenv("LD_PRELOAD", shim, 1);
    setenv("GLIBC_TUNABLES", "glibc.pthread.rseq=0", 1);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    personality(ADDR_NO_RANDOMIZE);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGCHLD, SIG_DFL);
    execvp(arguments[0], arguments);
    fail(arguments[0]);
}

int main(int count, char **arguments) {
    int i = 1;
    for (; i < count && arguments[i][0] == '-' && strcmp(arguments[i], "--") != 0; i++) {
        options.trace_all |= strcmp(arguments[i], "--trace-all") == 0;
        options.local_time |= strcmp(arguments[i], "--local-time") == 0;
        options.real_counter |= strcmp(arguments[i], "--real-counter") == 0;
        options.no_patches |= strcmp(arguments[i], "--no-patches") == 0;
        options.report |= strcmp(arguments[i], "--report") == 0;
        options.verbose |= strcmp(arguments[i], "--verbose") == 0;
    }
    const char *shim = getenv("GNOMON_TEST_SHIM");
    if (i + 1 >= count || shim == NULL) {
        fprintf(stderr,
                "usage: GNOMON_TEST_SHIM=PATH %s [--trace-all] [--local-time] [--real-counter] [--no-patches] [--report] "
                "[--verbose] -- PROGRAM ...\n",
                arguments[0]);
        return 2;
    }
    make_arena();
    struct sigaction action = {.sa_handler = child_changed};
    sigaction(SIGCHLD, &action, NULL);
    int process = open_process(-1);
    record_of(process)->parent_process_id = 1; /* as this engine answers, too */
    struct task *first = &tasks[open_task(process)];
    processes[process].pid = start(shim, arguments + i + 1);
    first->tid = processes[process].pid;
    int status = run();
    if (options.verbose) {
        fprintf(stderr, "%lu crossings\n", crossings);
    }
    for (int k = 0; k < PROCESS_LIMIT; k++) {
        if (processes[k].used && !processes[k].dead && processes[k].pid > 0) {
            kill(processes[k].pid, SIGKILL);
        }
    }
    if (WIFSIGNALED(status)) {
        return 128 + WTERMSIG(status);
    }
    return WEXITSTATUS(status);
}
