/* One kind of emulated object, for the tests of placeholders: an eventfd whose counter is kept here, by descriptor. */
#define _GNU_SOURCE
#include "engine.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>

/* Initial values that ask for it: other programs get real ones. */
#define EMULATED_MARK 7700

static uint64_t counters[EMULATED_LIMIT];

static bool emulated(struct task *task, uint64_t descriptor) {
    return descriptor < EMULATED_LIMIT &&
           record_of(task->process)->descriptors[descriptor] != GNOMON_DESCRIPTOR_NATIVE;
}

static void mark(struct task *task, uint64_t descriptor, bool yes) {
    struct gnomon_process_record *record = record_of(task->process);
    record->descriptors[descriptor] = yes ? GNOMON_DESCRIPTOR_OPAQUE : GNOMON_DESCRIPTOR_NATIVE;
    record->descriptors_end = EMULATED_LIMIT;
}

void phase_installed(struct task *task) {
    int32_t descriptor = task->slot->installed[0];
    if (descriptor >= 0 && descriptor < EMULATED_LIMIT) {
        mark(task, (uint64_t)descriptor, true);
        counters[descriptor] = task->slot->arguments[0];
    }
    reply_result(task, descriptor);
}

/* Reads and writes go through the ranges alone: that they come back is the point. */
static void read_counter(struct task *task) {
    struct gnomon_slot *slot = task->slot;
    if (slot->range_count != 1 || slot->ranges[0].length < 8) {
        reply_result(task, -EINVAL);
        return;
    }
    memcpy(slot->transfer + slot->ranges[0].transfer_offset, &counters[slot->arguments[0]], 8);
    slot->ranges[0].written = 8;
    counters[slot->arguments[0]] = 0;
    reply_result(task, 8);
}

static void write_counter(struct task *task) {
    struct gnomon_slot *slot = task->slot;
    uint64_t added;
    if (slot->range_count != 1 || slot->ranges[0].length < 8) {
        reply_result(task, slot->range_count == 0 ? -EFAULT : -EINVAL);
        return;
    }
    memcpy(&added, slot->transfer + slot->ranges[0].transfer_offset, 8);
    counters[slot->arguments[0]] += added;
    reply_result(task, 8);
}

bool answer_descriptor_call(struct task *task) {
    struct gnomon_slot *slot = task->slot;
    const uint64_t *a = slot->arguments;
    if (slot->call_number == SYS_eventfd2 && (a[0] == EMULATED_MARK || a[0] == EMULATED_MARK + 1)) {
        slot->reply_parameter[0] = 1;
        slot->reply_parameter[1] = (a[1] & O_CLOEXEC) != 0;
        slot->reply_parameter[2] = GNOMON_INSTALL_REPORT;
        reply_kind(task, GNOMON_REPLY_INSTALL);
        return true;
    }
    if (slot->call_number == SYS_getdents64 && emulated(task, a[0])) {
        reply_result(task, -ENOTDIR);
        return true;
    }
    if (slot->call_number == SYS_openat && slot->range_count == 1 &&
        strcmp((char *)slot->transfer + slot->ranges[0].transfer_offset, "/etc/gnomon-test") == 0) {
        strcpy((char *)slot->transfer + 100, "/etc/hostname");
        slot->reply_parameter[0] = 1;
        slot->reply_parameter[1] = 100;
        reply_kind(task, GNOMON_REPLY_NATIVE_PATH_REPORT);
        return true;
    }
    if (!emulated(task, a[0])) {
        return false;
    }
    switch (slot->call_number) {
    case SYS_read:
        read_counter(task);
        return true;
    case SYS_write:
        write_counter(task);
        return true;
    case SYS_close:
        mark(task, a[0], false);
        return false;
    default:
        return false;
    }
}
