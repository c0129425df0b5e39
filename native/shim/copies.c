#include "copies.h"
#include "code.h"
#include "copy.h"
#include "dispatch.h"
#include "patch.h"
#include "raw.h"
#include "spawn.h"
#include "start.h"

#include <fcntl.h>

/* include/uapi/linux/sched.h */
#define CLONE_PARENT 0x8000
#define CLONE_CHILD_CLEARTID 0x200000
#define SIGCHLD 17

#define TRAP_INT3 3
#define INT3_BYTES 1

#define OUTPUT_MODE 0644

/* Where the int3 stands, and what it covers; 0: nowhere. */
static uint64_t stop;
static uint8_t stopped_byte;

/* Of the copy that is being made: its host, and the list of robust futexes, which fork does not inherit (kernel/fork.c). */
static uint32_t next_host;
static uint64_t robust_list;
static uint64_t robust_list_bytes;

void gnomon_entry_expect(const struct gnomon_start *start) {
    stop = start->stop;
    stopped_byte = (uint8_t)start->stopped_byte;
}

bool gnomon_entry_caused(const struct gnomon_thread *thread) {
    return stop != 0 && thread->fault_trap == TRAP_INT3 && thread->context.rip - INT3_BYTES == stop;
}

static long open_own_memory(void) {
    return gnomon_raw4(__NR_openat, AT_FDCWD, (long)"/proc/self/mem", O_RDWR | O_CLOEXEC, 0);
}

long gnomon_entry_restore(struct gnomon_thread *thread) {
    struct gnomon_code code = {.memory = open_own_memory()};
    if (!gnomon_code_write(&code, stop, &stopped_byte, sizeof(stopped_byte))) {
        gnomon_refuse("cannot restore the program's first instruction");
    }
    gnomon_code_close(&code);
    thread->context.rip = stop;
    stop = 0;
    return code.memory < 0 ? code.memory : 0;
}

/* Opens a file under this number. 0 or -errno. */
static long open_as(const char *path, long flags, long descriptor) {
    long opened = gnomon_raw4(__NR_openat, AT_FDCWD, (long)path, flags | O_CLOEXEC | O_NOCTTY, OUTPUT_MODE);
    if (opened < 0) {
        return opened;
    }
    long result = gnomon_raw3(__NR_dup2, opened, descriptor, 0);
    gnomon_raw3(__NR_close, opened, 0, 0);
    return result < 0 ? result : 0;
}

/* The string behind this one; NULL where the buffer has none. */
static const char *next_string(const char *string, const char *end) {
    while (string < end && *string != 0) {
        string++;
    }
    return string + 1 < end ? string + 1 : NULL;
}

/* What the zygote does for those that it starts (zygote/start.c). 0 or -errno. */
static long settle(const struct gnomon_slot *slot) {
    const char *end = (const char *)slot->transfer + GNOMON_TRANSFER_BYTES;
    const char *directory = (const char *)slot->transfer;
    const char *output = next_string(directory, end);
    const char *error = output != NULL ? next_string(output, end) : NULL;
    if (error == NULL) {
        return -GNOMON_EINVAL;
    }
    long result = open_as("/dev/null", O_RDONLY, 0);
    result = result != 0 ? result : open_as(output, O_WRONLY | O_CREAT | O_APPEND, 1);
    result = result != 0 ? result : open_as(error, O_WRONLY | O_CREAT | O_APPEND, 2);
    result = result != 0 ? result : gnomon_raw3(__NR_chdir, (long)directory, 0, 0);
    if (result == 0 && robust_list != 0) {
        result = gnomon_raw3(__NR_set_robust_list, (long)robust_list, (long)robust_list_bytes, 0);
    }
    return result;
}

static void store_words(const struct gnomon_slot *slot) {
    const struct gnomon_word *words = (const struct gnomon_word *)slot->transfer;
    uint64_t count = slot->reply_parameter[0];
    long memory = -1;
    for (uint64_t n = 0; n < count && n < GNOMON_TRANSFER_BYTES / sizeof(*words); n++) {
        const struct gnomon_word word = words[n];
        if (gnomon_copy_out(word.address, &word.value, sizeof(word.value))) {
            continue;
        }
        memory = memory < 0 ? open_own_memory() : memory;
        if (gnomon_raw4(__NR_pwrite64, memory, (long)&word.value, sizeof(word.value), (long)word.address) !=
            sizeof(word.value)) {
            gnomon_refuse("cannot change a word of a copied program");
        }
    }
    if (memory >= 0) {
        gnomon_raw3(__NR_close, memory, 0, 0);
    }
}

/* In the copy, on the stack of the one that was copied. What it inherited as its slot is the other's still. */
static void begin_copy(struct gnomon_thread *thread) {
    gnomon_patch_unlock();
    if (!gnomon_start_in_block(next_host)) {
        gnomon_refuse("a copy cannot map its host's block");
    }
    gnomon_enter_process(thread);
    thread->slot->native_result = settle(thread->slot);
    gnomon_dispatch_start(thread, GNOMON_PHASE_COPY_START);
    store_words(thread->slot);
}

void gnomon_copies_make(struct gnomon_thread *thread) {
    struct gnomon_copy *copies = (struct gnomon_copy *)thread->slot->transfer;
    uint64_t count = thread->slot->reply_parameter[0];
    const uint64_t flags = CLONE_PARENT | CLONE_CHILD_CLEARTID | SIGCHLD;
    if (gnomon_raw3(__NR_get_robust_list, 0, (long)&robust_list, (long)&robust_list_bytes) != 0) {
        robust_list = 0;
    }
    gnomon_patch_lock();
    for (uint64_t n = 0; n < count && n < GNOMON_TRANSFER_BYTES / sizeof(*copies); n++) {
        next_host = copies[n].host;
        thread->child_process_page = copies[n].process_page;
        thread->child_thread_page = copies[n].thread_page;
        copies[n].result = (int32_t)gnomon_clone(flags, 0, &thread->alive, 0, thread, begin_copy);
    }
    gnomon_patch_unlock();
}
