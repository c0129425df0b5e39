#define _GNU_SOURCE
#include "engine.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#define BIT(signal) (UINT64_C(1) << ((signal)-1))
#define RESTORER_FLAG 0x04000000

static bool ignored_by_default(int signal) {
    return signal == SIGCHLD || signal == SIGCONT || signal == SIGURG || signal == SIGWINCH;
}

static void put_handler(struct task *task, int number, const struct action *action, uint64_t saved, const siginfo_t *information) {
    struct gnomon_signal_delivery *signal = &task->slot->signal;
    signal->handler = action->handler;
    signal->flags = action->flags;
    signal->restorer = action->restorer;
    signal->saved_mask = saved;
    signal->stack_base = (action->flags & SA_ONSTACK) != 0 ? task->alternate_base : 0;
    signal->stack_bytes = signal->stack_base != 0 ? task->alternate_bytes : 0;
    memcpy(signal->siginfo, information, GNOMON_SIGINFO_BYTES);
    signal->number = (uint32_t)number;
    task->mask |= action->mask;
    if ((action->flags & SA_NODEFER) == 0) {
        task->mask |= BIT(number);
    }
}

static bool die(struct task *task, int signal) {
    task->slot->reply_parameter[0] = (uint32_t)signal;
    reply_kind(task, GNOMON_REPLY_DIE);
    return false;
}

bool signal_on_reply(struct task *task, bool interrupted) {
    struct process *process = &processes[task->process];
    uint64_t saved = task->restore_mask ? task->mask_after : task->mask;
    uint64_t open = (task->pending | process->pending) & ~task->mask;
    if (task->slot->phase == GNOMON_PHASE_EXEC_START) {
        return true;
    }
    if (task->restore_mask) {
        task->restore_mask = false;
        task->mask = task->mask_after;
    }
    while (open != 0) {
        int number = __builtin_ctzll(open) + 1;
        open &= ~BIT(number);
        task->pending &= ~BIT(number);
        process->pending &= ~BIT(number);
        const struct action *action = &process->actions[number];
        if (action->handler == 1 || (action->handler == 0 && ignored_by_default(number))) {
            continue;
        }
        if (action->handler == 0) {
            return die(task, number);
        }
        siginfo_t information = {.si_signo = number, .si_code = SI_TKILL};
        information.si_pid = process->pid;
        put_handler(task, number, action, saved, &information);
        if (interrupted && (action->flags & SA_RESTART) != 0) {
            task->slot->reply_flags = GNOMON_REPLY_RESTART;
        }
        break;
    }
    return true;
}

/* Lets a blocked task see its signals. */
static void interrupt(struct task *task) {
    struct process *process = &processes[task->process];
    uint64_t open = (task->pending | process->pending) & ~task->mask;
    if (task->block == NOT_BLOCKED || open == 0) {
        return;
    }
    int number = __builtin_ctzll(open) + 1;
    const struct action *action = &process->actions[number];
    if (action->handler == 1 || (action->handler == 0 && ignored_by_default(number))) {
        return;
    }
    task->block = NOT_BLOCKED;
    reply_result(task, -EINTR);
}

void signal_process(struct process *process, int signal) {
    process->pending |= BIT(signal);
    for (int i = 0; i < TASK_LIMIT; i++) {
        if (tasks[i].used && &processes[tasks[i].process] == process) {
            interrupt(&tasks[i]);
        }
    }
}

void phase_signal_return(struct task *task) {
    task->mask = task->slot->arguments[0];
    reply_result(task, 0);
}

void phase_fault(struct task *task) {
    siginfo_t information;
    memcpy(&information, task->slot->fault_siginfo, sizeof(information));
    int number = information.si_signo;
    struct process *process = &processes[task->process];
    const struct action *action = &process->actions[number];
    if (action->handler <= 1 || (task->mask & BIT(number)) != 0) {
        die(task, number);
        return;
    }
    put_handler(task, number, action, task->mask, &information);
    reply_kind(task, GNOMON_REPLY_RESULT);
}

void show_action(int process, int signal) {
    struct gnomon_process_record *record = record_of(process);
    memcpy(&record->signal_actions[signal - 1], &processes[process].actions[signal], sizeof(struct action));
    record->signal_actions_set |= BIT(signal);
}

void repeat_log(struct task *task) {
    struct gnomon_slot *slot = task->slot;
    const uint8_t *at = slot->log;
    for (uint32_t i = 0; i < slot->log_count; i++) {
        const struct gnomon_log_entry *entry = (const struct gnomon_log_entry *)at;
        if (entry->operation != GNOMON_LOG_SIGNAL_ACTION || entry->requested >= SIGNAL_LIMIT) {
            fprintf(stderr, "test engine: a log of operation %u\n", entry->operation);
            exit(2);
        }
        memcpy(&processes[task->process].actions[entry->requested], entry + 1, sizeof(struct action));
        at += sizeof(*entry) + sizeof(struct action);
    }
    slot->log_count = slot->log_bytes = 0;
}

static void set_action(struct task *task) {
    const uint64_t *a = task->slot->arguments;
    struct action *action = &processes[task->process].actions[a[0] < SIGNAL_LIMIT ? a[0] : 0];
    struct action before = *action;
    if ((a[1] != 0 && !guest_read(task, a[1], action, sizeof(*action))) ||
        (a[2] != 0 && !guest_write(task, a[2], &before, sizeof(before)))) {
        reply_result(task, -EFAULT);
        return;
    }
    if (a[1] != 0 && a[0] > 0 && a[0] < SIGNAL_LIMIT) {
        show_action(task->process, (int)a[0]);
    }
    reply_result(task, 0);
}

static void change_mask(struct task *task) {
    const uint64_t *a = task->slot->arguments;
    uint64_t before = task->mask;
    uint64_t set = 0;
    if (a[1] != 0) {
        if (!guest_read(task, a[1], &set, sizeof(set))) {
            reply_result(task, -EFAULT);
            return;
        }
        task->mask = a[0] == SIG_BLOCK ? before | set : a[0] == SIG_UNBLOCK ? before & ~set : set;
        task->mask &= ~(BIT(SIGKILL) | BIT(SIGSTOP));
    }
    if (a[2] != 0 && !guest_write(task, a[2], &before, sizeof(before))) {
        reply_result(task, -EFAULT);
        return;
    }
    reply_result(task, 0);
}

static void set_stack(struct task *task) {
    const uint64_t *a = task->slot->arguments;
    stack_t before = {.ss_sp = (void *)task->alternate_base,
                      .ss_flags = task->alternate_base == 0 ? SS_DISABLE : 0,
                      .ss_size = task->alternate_bytes};
    stack_t stack;
    if (a[0] != 0 && guest_read(task, a[0], &stack, sizeof(stack))) {
        task->alternate_base = (stack.ss_flags & SS_DISABLE) != 0 ? 0 : (uint64_t)stack.ss_sp;
        task->alternate_bytes = stack.ss_size;
    }
    if (a[1] != 0) {
        guest_write(task, a[1], &before, sizeof(before));
    }
    reply_result(task, 0);
}

static void send(struct task *task, pid_t pid, pid_t tid, int signal) {
    for (int i = 0; i < TASK_LIMIT; i++) {
        if (tasks[i].used && tasks[i].tid == tid && (pid < 0 || processes[tasks[i].process].pid == pid)) {
            if (signal != 0) {
                tasks[i].pending |= BIT(signal);
                interrupt(&tasks[i]);
            }
            reply_result(task, 0);
            return;
        }
    }
    reply_result(task, -ESRCH);
}

static void send_to_process(struct task *task, pid_t pid, int signal) {
    for (int i = 0; i < PROCESS_LIMIT; i++) {
        if (processes[i].used && processes[i].pid == pid) {
            if (signal == SIGKILL) {
                kill(pid, SIGKILL);
            } else if (signal != 0) {
                signal_process(&processes[i], signal);
            }
            reply_result(task, 0);
            return;
        }
    }
    reply_result(task, -ESRCH);
}

bool answer_signal_call(struct task *task) {
    const uint64_t *a = task->slot->arguments;
    switch (task->slot->call_number) {
    case SYS_rt_sigaction:
        set_action(task);
        return true;
    case SYS_rt_sigprocmask:
        change_mask(task);
        return true;
    case SYS_sigaltstack:
        set_stack(task);
        return true;
    case SYS_rt_sigpending: {
        uint64_t pending = (task->pending | processes[task->process].pending) & task->mask;
        guest_write(task, a[0], &pending, sizeof(pending));
        reply_result(task, 0);
        return true;
    }
    case SYS_rt_sigsuspend:
        task->mask_after = task->mask;
        task->restore_mask = true;
        guest_read(task, a[0], &task->mask, sizeof(task->mask));
        task->block = BLOCKED_SIGNAL;
        interrupt(task);
        return true;
    case SYS_pause:
        task->block = BLOCKED_SIGNAL;
        interrupt(task);
        return true;
    case SYS_kill:
        send_to_process(task, (pid_t)a[0], (int)a[1]);
        return true;
    case SYS_tkill:
        send(task, -1, (pid_t)a[0], (int)a[1]);
        return true;
    case SYS_tgkill:
        send(task, (pid_t)a[0], (pid_t)a[1], (int)a[2]);
        return true;
    default:
        return false;
    }
}
