/* Masks and actions of signals. */
#include "copy.h"
#include "local.h"
#include "object.h"

#define SIG_BLOCK 0
#define SIG_UNBLOCK 1
#define SIG_SETMASK 2
#define SIGNAL_SET_BYTES 8
/* SIGKILL and SIGSTOP are never blocked, and keep their actions. */
#define UNBLOCKABLE (UINT64_C(1) << 8 | UINT64_C(1) << 18)

bool gnomon_answer_signal_mask(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    struct gnomon_slot *slot = thread->slot;
    uint64_t before = slot->blocked_signals;
    uint64_t mask = before;
    uint64_t given;
    if (a[3] != SIGNAL_SET_BYTES) {
        return false;
    }
    if (a[1] != 0) {
        if (!gnomon_copy_in(&given, a[1], sizeof(given))) {
            return false;
        }
        switch ((uint32_t)a[0]) {
        case SIG_BLOCK:
            mask |= given;
            break;
        case SIG_UNBLOCK:
            mask &= ~given;
            break;
        case SIG_SETMASK:
            mask = given;
            break;
        default:
            return false;
        }
        mask &= ~UNBLOCKABLE;
    }
    if ((slot->pending_signals & ~mask) != 0 || (a[2] != 0 && !gnomon_copy_out(a[2], &before, sizeof(before)))) {
        return false;
    }
    slot->blocked_signals = mask;
    *result = 0;
    return true;
}

/* A signal that waits crosses: it may be discarded. */
bool gnomon_answer_signal_action(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    uint64_t index = (uint32_t)a[0] - UINT64_C(1);
    struct gnomon_process_record *process = thread->process;
    if (index >= GNOMON_SIGNALS || a[3] != SIGNAL_SET_BYTES) {
        return false;
    }
    uint64_t bit = UINT64_C(1) << index;
    struct gnomon_signal_action action = {0};
    struct gnomon_log_entry *entry = NULL;
    if (a[1] != 0) {
        entry = gnomon_log_reserve(thread, GNOMON_LOG_SIGNAL_ACTION, 0, sizeof(action));
        if (entry == NULL || ((UNBLOCKABLE | thread->slot->pending_signals) & bit) != 0 ||
            !gnomon_copy_in(&action, a[1], sizeof(action))) {
            return false;
        }
        action.mask &= ~UNBLOCKABLE;
    }
    if (a[2] != 0) {
        const struct gnomon_signal_action standard = {0};
        bool set = (process->signal_actions_set & bit) != 0;
        if (!gnomon_copy_out(a[2], set ? &process->signal_actions[index] : &standard, sizeof(standard))) {
            return false;
        }
    }
    if (entry != NULL) {
        process->signal_actions[index] = action;
        process->signal_actions_set |= bit;
        entry->requested = index + 1;
        memcpy(gnomon_log_payload(entry), &action, sizeof(action));
        gnomon_log_add(thread, entry, 0, false);
    }
    *result = 0;
    return true;
}
