/*
 * A stand-in for the engine, for the tests of the shim alone: it starts a program, passes nearly every call on to the kernel,
 * and answers itself what must not be native (threads, processes, futexes, signals), without virtual time.
 */
#ifndef GNOMON_TEST_ENGINE_H
#define GNOMON_TEST_ENGINE_H

#include <gnomon/slot.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>
#include <time.h>

#define TASK_LIMIT 1024
#define PROCESS_LIMIT 1024
#define SIGNAL_LIMIT 65
#define EMULATED_LIMIT 1024

struct action {
    uint64_t handler;
    uint64_t flags;
    uint64_t restorer;
    uint64_t mask;
};

struct process {
    bool used;
    bool dead;
    int status;
    pid_t pid;
    int parent; /* index; -1 for the first */
    int memory; /* processes with the same number share memory */
    int threads;
    struct action actions[SIGNAL_LIMIT];
    uint64_t pending;
};

enum block { NOT_BLOCKED, BLOCKED_FUTEX, BLOCKED_WAIT, BLOCKED_SIGNAL };

struct task {
    bool used;
    bool waiting; /* its reply is outstanding: the guest runs or has not begun */
    int process;
    pid_t tid;
    uint64_t clear_word;
    uint64_t birth_flags;
    uint64_t birth_word;
    uint64_t mask;
    uint64_t mask_after; /* of rt_sigsuspend */
    bool restore_mask;
    uint64_t pending;
    uint64_t alternate_base;
    uint64_t alternate_bytes;
    enum block block;
    uint64_t futex;
    uint32_t futex_bits;
    bool timed;
    struct timespec deadline;
    struct gnomon_slot *slot;
    int child; /* task being born */
    int child_process;
    bool unborn; /* its parent has not heard of it */
    bool early;  /* and it came nevertheless */
};

struct options {
    bool trace_all;
    bool local_time;
    bool real_counter;
    bool no_patches;
    bool report;
    bool verbose;
};

extern struct task tasks[TASK_LIMIT];
extern struct process processes[PROCESS_LIMIT];
extern struct options options;
extern uint64_t crossings;
extern uint8_t *host_block;
extern int emulated_count;

/* Memory of a guest. */
bool guest_read(struct task *task, uint64_t address, void *to, size_t bytes);
bool guest_write(struct task *task, uint64_t address, const void *from, size_t bytes);

/* Replies. */
void reply_result(struct task *task, int64_t value);
void reply_native(struct task *task);
void reply_kind(struct task *task, enum gnomon_reply kind);

struct gnomon_process_record *record_of(int process);
/* Where they lie in the host's block. */
uint32_t process_page(int process);
uint32_t thread_page(int task);
int open_task(int process);
int open_process(int parent);
void close_task(struct task *task);

/* Answers a call; each returns false where it is none of its own. */
bool answer_process_call(struct task *task);
bool answer_futex_call(struct task *task);
bool answer_signal_call(struct task *task);
bool answer_descriptor_call(struct task *task);

/* Repeats what the guest has logged: actions of signals, for no other object is shown. */
void repeat_log(struct task *task);
/* Shows the guest what its process does on a signal. */
void show_action(int process, int signal);

void phase_start(struct task *task);
void phase_spawned(struct task *task);
void phase_signal_return(struct task *task);
void phase_fault(struct task *task);
void phase_installed(struct task *task);

void futex_wake_word(int memory, uint64_t word, uint32_t count);
void futex_expire(void);
bool any_timed(void);

void process_died(pid_t pid, int status);

/* Adds a deliverable signal to a reply that is about to be sent; false where the signal ends the process. */
bool signal_on_reply(struct task *task, bool interrupted);
void signal_process(struct process *process, int signal);

#endif
