#include "install.h"
#include "carry.h"
#include "copy.h"
#include "raw.h"

#define AT_FDCWD (-100)
#define O_PATH 010000000
#define O_CLOEXEC 02000000

void gnomon_install(struct gnomon_slot *slot, uint64_t path) {
    uint32_t count = slot->reply_parameter[0];
    long flags = O_PATH | (slot->reply_parameter[1] != 0 ? O_CLOEXEC : 0);
    if (count > GNOMON_INSTALL_LIMIT) {
        count = GNOMON_INSTALL_LIMIT;
    }
    for (uint32_t i = 0; i < count; i++) {
        long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)path, flags, 0);
        if (descriptor < 0) {
            for (uint32_t k = 0; k < i; k++) {
                gnomon_raw3(__NR_close, slot->installed[k], 0, 0);
            }
            slot->installed[0] = (int32_t)descriptor;
            return;
        }
        slot->installed[i] = (int32_t)descriptor;
    }
}

long gnomon_complete_installation(struct gnomon_thread *thread) {
    struct gnomon_slot *slot = thread->slot;
    struct gnomon_process_record *process = thread->process;
    bool pair = slot->reply_parameter[2] == GNOMON_INSTALL_COMPLETE_PAIR;
    if (slot->installed[0] < 0) {
        return slot->installed[0];
    }
    for (int i = 0; i < (pair ? 2 : 1); i++) {
        uint32_t descriptor = (uint32_t)slot->installed[i];
        if (descriptor < GNOMON_DESCRIPTOR_LIMIT) {
            process->descriptors[descriptor] = slot->install_objects[i];
            process->descriptors_end = descriptor >= process->descriptors_end ? descriptor + 1 : process->descriptors_end;
        }
    }
    if (!gnomon_scatter(slot)) {
        return -GNOMON_EFAULT;
    }
    if (pair) {
        return gnomon_copy_out((uint64_t)slot->reply_value, slot->installed, 2 * sizeof(int32_t)) ? 0 : -GNOMON_EFAULT;
    }
    return slot->installed[0];
}
