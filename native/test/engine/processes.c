#define _GNU_SOURCE
#include "engine.h"
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define CLONE_CHILD_CLEARTID_FLAG 0x200000
#define CLONE_CHILD_SETTID_FLAG 0x1000000
#define CLONE_PARENT_SETTID_FLAG 0x100000

struct clone_request {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static struct clone_request request_of(struct task *task) {
    const uint64_t *a = task->slot->arguments;
    struct clone_request request = {0};
    switch (task->slot->call_number) {
    case SYS_vfork:
        request.flags = CLONE_VM | CLONE_VFORK;
        break;
    case SYS_clone:
        request = (struct clone_request){.flags = a[0], .stack = a[1], .parent_tid = a[2], .child_tid = a[3], .tls = a[4]};
        break;
    case SYS_clone3:
        guest_read(task, a[0], &request, sizeof(request) < a[1] ? sizeof(request) : a[1]);
        break;
    }
    return request;
}

static void spawn(struct task *task) {
    struct clone_request request = request_of(task);
    bool thread = (request.flags & CLONE_THREAD) != 0;
    int process = thread ? task->process : open_process(task->process);
    int child = process < 0 ? -1 : open_task(process);
    if (child < 0) {
        reply_result(task, -EAGAIN);
        return;
    }
    if (!thread && (request.flags & CLONE_VM) != 0) {
        processes[process].memory = processes[task->process].memory;
    }
    task->child = child;
    task->child_process = process;
    tasks[child].mask = task->mask;
    tasks[child].birth_flags = request.flags;
    tasks[child].birth_word = request.child_tid;
    /* As in the engine, the parent hears of the birth before the child begins, where that is possible. */
    tasks[child].unborn = (request.flags & CLONE_VFORK) == 0;
    task->birth_flags = request.flags;
    task->birth_word = request.parent_tid;
    task->slot->reply_parameter[0] = thread_page(child);
    task->slot->reply_parameter[1] = process_page(process);
    reply_kind(task, GNOMON_REPLY_SPAWN);
}

void phase_spawned(struct task *task) {
    int32_t id = (int32_t)task->slot->native_result;
    if (id < 0) {
        struct task *child = &tasks[task->child];
        if (!(task->birth_flags & CLONE_THREAD)) {
            processes[child->process].used = false;
        }
        close_task(child);
    } else {
        if ((task->birth_flags & CLONE_THREAD) == 0 && processes[task->child_process].pid == 0) {
            processes[task->child_process].pid = id;
        }
        if ((task->birth_flags & CLONE_PARENT_SETTID_FLAG) != 0) {
            guest_write(task, task->birth_word, &id, sizeof(id));
        }
    }
    struct task *child = &tasks[task->child];
    bool vfork = (task->birth_flags & CLONE_VFORK) != 0;
    reply_result(task, id);
    if (id > 0 && !vfork) {
        child->unborn = false;
        if (child->early) {
            phase_start(child);
        }
    }
}

void phase_start(struct task *task) {
    task->early = task->unborn;
    if (task->unborn) {
        return;
    }
    task->tid = task->slot->real_thread_id;
    struct process *process = &processes[task->process];
    switch (task->slot->phase) {
    case GNOMON_PHASE_PROCESS_START:
        process->pid = task->slot->real_process_id;
        break;
    case GNOMON_PHASE_EXEC_START:
        for (int i = 0; i < TASK_LIMIT; i++) {
            if (tasks[i].used && &tasks[i] != task && tasks[i].process == task->process) {
                close_task(&tasks[i]);
            }
        }
        for (int i = 0; i < SIGNAL_LIMIT; i++) {
            if (process->actions[i].handler > 1) {
                process->actions[i] = (struct action){0};
                show_action(task->process, i);
            }
        }
        process->memory = task->process;
        task->clear_word = task->slot->arguments[2];
        task->alternate_base = 0;
        break;
    }
    if (task->slot->phase != GNOMON_PHASE_EXEC_START) {
        if ((task->birth_flags & CLONE_CHILD_SETTID_FLAG) != 0) {
            int32_t id = task->tid;
            guest_write(task, task->birth_word, &id, sizeof(id));
        }
        task->clear_word = (task->birth_flags & CLONE_CHILD_CLEARTID_FLAG) != 0 ? task->birth_word : 0;
    }
    reply_result(task, 0);
}

static void leave(struct task *task) {
    struct process *process = &processes[task->process];
    task->slot->reply_value = (int64_t)task->slot->arguments[0];
    if (process->threads == 1) {
        reply_kind(task, GNOMON_REPLY_EXIT_PROCESS);
        return;
    }
    if (task->clear_word != 0) {
        int32_t zero = 0;
        guest_write(task, task->clear_word, &zero, sizeof(zero));
        futex_wake_word(process->memory, task->clear_word, 1);
    }
    reply_kind(task, GNOMON_REPLY_EXIT_THREAD);
}

/* 1: answered a child, 0: none dead yet, -1: no children. */
static int take_child(struct task *task, pid_t wanted, struct process **child) {
    int found = -1;
    for (int i = 0; i < PROCESS_LIMIT; i++) {
        struct process *candidate = &processes[i];
        if (candidate->used && candidate->parent == task->process && (wanted <= 0 || candidate->pid == wanted)) {
            found = found < 0 ? 0 : found;
            if (candidate->dead) {
                *child = candidate;
                return 1;
            }
        }
    }
    return found;
}

static void wait_for_child(struct task *task) {
    const uint64_t *a = task->slot->arguments;
    bool id = task->slot->call_number == SYS_waitid;
    uint64_t flags = id ? a[3] : a[2];
    pid_t wanted = id ? (a[0] == P_PID ? (pid_t)a[1] : -1) : (pid_t)a[0];
    struct process *child = NULL;
    int found = take_child(task, wanted, &child);
    if (found < 0) {
        reply_result(task, -ECHILD);
        return;
    }
    if (found == 0 && (flags & WNOHANG) == 0) {
        task->block = BLOCKED_WAIT;
        return;
    }
    task->block = NOT_BLOCKED;
    if (found == 0) {
        siginfo_t none = {0};
        if (id && a[2] != 0) {
            guest_write(task, a[2], &none, sizeof(none));
        }
        reply_result(task, 0);
        return;
    }
    if (id) {
        siginfo_t information = {.si_signo = SIGCHLD};
        information.si_code = WIFSIGNALED(child->status) ? CLD_KILLED : CLD_EXITED;
        information.si_pid = child->pid;
        information.si_status = WIFSIGNALED(child->status) ? WTERMSIG(child->status) : WEXITSTATUS(child->status);
        if (a[2] != 0) {
            guest_write(task, a[2], &information, sizeof(information));
        }
    } else if (a[1] != 0) {
        guest_write(task, a[1], &child->status, sizeof(child->status));
    }
    pid_t pid = child->pid;
    if (!id || (flags & WNOWAIT) == 0) {
        child->used = false;
    }
    reply_result(task, id ? 0 : pid);
}

void process_died(pid_t pid, int status) {
    for (int i = 0; i < PROCESS_LIMIT; i++) {
        struct process *process = &processes[i];
        if (!process->used || process->dead) {
            continue;
        }
        if (process->pid != pid) {
            continue;
        }
        process->dead = true;
        process->status = status;
        for (int k = 0; k < TASK_LIMIT; k++) {
            if (tasks[k].used && tasks[k].process == i) {
                close_task(&tasks[k]);
            }
        }
        for (int k = 0; k < PROCESS_LIMIT; k++) {
            if (processes[k].used && processes[k].parent == i) {
                processes[k].parent = 0;
            }
        }
        if (process->parent >= 0) {
            signal_process(&processes[process->parent], SIGCHLD);
            for (int k = 0; k < TASK_LIMIT; k++) {
                if (tasks[k].used && tasks[k].process == process->parent && tasks[k].block == BLOCKED_WAIT) {
                    wait_for_child(&tasks[k]);
                }
            }
        }
        return;
    }
}

bool answer_process_call(struct task *task) {
    switch (task->slot->call_number) {
    case SYS_clone:
    case SYS_clone3:
    case SYS_fork:
    case SYS_vfork:
        spawn(task);
        return true;
    case SYS_execve:
    case SYS_execveat:
        reply_kind(task, GNOMON_REPLY_EXEC);
        return true;
    case SYS_exit:
        leave(task);
        return true;
    case SYS_exit_group:
        task->slot->reply_value = (int64_t)task->slot->arguments[0];
        reply_kind(task, GNOMON_REPLY_EXIT_PROCESS);
        return true;
    case SYS_wait4:
    case SYS_waitid:
        wait_for_child(task);
        return true;
    case SYS_set_tid_address:
        task->clear_word = task->slot->arguments[0];
        reply_result(task, task->tid);
        return true;
    default:
        return false;
    }
}
