#include "execute.h"
#include "copy.h"
#include "counter.h"
#include "raw.h"
#include "text.h"

#define PROT_READ_WRITE 3
#define MAP_PRIVATE_ANONYMOUS_NORESERVE 0x4022

#define PTRACE_TRACEME 0
#define SIGSTOP 19

#define ENTRY_LIMIT (UINT64_C(1) << 20)
/* The kernel refuses longer strings (MAX_ARG_STRLEN). */
#define STRING_LIMIT UINT64_C(131072)
/* Entries added: arena, image, slot, preload, tunables, the final NULL. */
#define ADDED_ENTRIES 6
#define OWN_STRINGS UINT64_C(4096)

/* Counts the entries up to the NULL; -errno. */
static long count_entries(uint64_t environment) {
    if (environment == 0) {
        return 0;
    }
    for (uint64_t count = 0; count < ENTRY_LIMIT; count++) {
        uint64_t entry;
        if (!gnomon_copy_in(&entry, environment + count * 8, 8)) {
            return -GNOMON_EFAULT;
        }
        if (entry == 0) {
            return (long)count;
        }
    }
    return -GNOMON_E2BIG;
}

/* Whether the guest's string begins with `prefix` (of at most 31 characters). */
static bool begins(uint64_t string, const char *prefix) {
    char start[32];
    int64_t length = gnomon_copy_string(start, (const char *)string, sizeof(start));
    for (int64_t i = 0; prefix[i] != 0; i++) {
        if (i >= length || start[i] != prefix[i]) {
            return false;
        }
    }
    return true;
}

/* Writes `name``own`, and behind `separator` what the guest itself had in `guest_entry` (0: nothing). */
static bool merged(struct gnomon_text *text, const char *name, const char *own, uint64_t guest_entry) {
    gnomon_text_add(text, name);
    gnomon_text_add(text, own);
    if (guest_entry != 0) {
        uint64_t value = guest_entry;
        for (const char *c = name; *c != 0; c++) {
            value++;
        }
        gnomon_text_add(text, ":");
        uint64_t room = text->limit - text->length;
        int64_t length = gnomon_copy_string(text->start + text->length, (const char *)value, room);
        if (length < 0 || (uint64_t)length == room) {
            return false;
        }
        text->length += (uint64_t)length;
    }
    return gnomon_text_end_string(text);
}

/* Builds the environment in the thread's scratch memory: its address, or 0 with *error set. */
static uint64_t *build(struct gnomon_thread *thread, uint64_t environment, uint64_t count, long *error) {
    uint64_t pointers = (count + ADDED_ENTRIES) * 8;
    uint64_t bytes = pointers + OWN_STRINGS + 2 * STRING_LIMIT;
    long scratch = gnomon_raw6(__NR_mmap, 0, (long)bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE, -1, 0);
    if (gnomon_failed(scratch)) {
        *error = -GNOMON_ENOMEM;
        return NULL;
    }
    thread->scratch = (void *)scratch;
    thread->scratch_bytes = bytes;
    uint64_t *entries = (uint64_t *)scratch;
    uint64_t used = 0;
    uint64_t preload = 0;
    uint64_t tunables = 0;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t entry;
        if (!gnomon_copy_in(&entry, environment + i * 8, 8)) {
            *error = -GNOMON_EFAULT;
            return NULL;
        }
        if (begins(entry, GNOMON_ENVIRONMENT_PRELOAD)) {
            preload = preload == 0 ? entry : preload;
        } else if (begins(entry, GNOMON_ENVIRONMENT_TUNABLES)) {
            tunables = tunables == 0 ? entry : tunables;
        } else if (!begins(entry, GNOMON_ENVIRONMENT_ARENA) && !begins(entry, GNOMON_ENVIRONMENT_IMAGE) &&
                   !begins(entry, GNOMON_ENVIRONMENT_SLOT)) {
            entries[used++] = entry;
        }
    }
    struct gnomon_text text = {.start = (char *)scratch + pointers, .limit = bytes - pointers};
    bool complete = true;

    entries[used++] = (uint64_t)(text.start + text.length);
    complete &= merged(&text, GNOMON_ENVIRONMENT_PRELOAD, gnomon_process.preload, preload);
    entries[used++] = (uint64_t)(text.start + text.length);
    complete &= merged(&text, GNOMON_ENVIRONMENT_TUNABLES, GNOMON_TUNABLE_NO_RSEQ, tunables);
    entries[used++] = (uint64_t)(text.start + text.length);
    complete &= merged(&text, GNOMON_ENVIRONMENT_ARENA, gnomon_process.arena_path, 0);
    entries[used++] = (uint64_t)(text.start + text.length);
    complete &= merged(&text, GNOMON_ENVIRONMENT_IMAGE, gnomon_process.image_path, 0);
    entries[used++] = (uint64_t)(text.start + text.length);
    gnomon_text_add(&text, GNOMON_ENVIRONMENT_SLOT);
    gnomon_text_add_number(&text, gnomon_process.host_index);
    gnomon_text_add(&text, ",");
    gnomon_text_add_number(&text, thread->process_page);
    gnomon_text_add(&text, ",");
    gnomon_text_add_number(&text, thread->thread_page);
    complete &= gnomon_text_end_string(&text);
    entries[used] = 0;
    if (!complete) {
        *error = -GNOMON_E2BIG;
        return NULL;
    }
    return entries;
}

/*
 * The zygote, this process's parent, becomes the tracer of this one thread, sees the exec's stop, injects the shim and is
 * gone. Where the exec fails, the thread stops by itself, for only the tracer can end the tracing.
 */
static long execute_traced(const struct gnomon_call *call) {
    long result = gnomon_raw4(__NR_ptrace, PTRACE_TRACEME, 0, 0, 0);
    if (result == 0) {
        result = gnomon_call_native(call);
        gnomon_raw3(__NR_tgkill, gnomon_raw3(__NR_getpid, 0, 0, 0), gnomon_raw3(__NR_gettid, 0, 0, 0), SIGSTOP);
    }
    return result;
}

long gnomon_execute(struct gnomon_thread *thread, const struct gnomon_call *call) {
    if (gnomon_process.preload[0] == 0) {
        return execute_traced(call);
    }
    int position = call->number == __NR_execveat ? 3 : 2;
    uint64_t environment = call->arguments[position];
    long result = count_entries(environment);
    if (result < 0) {
        return result;
    }
    uint64_t *built = build(thread, environment, (uint64_t)result, &result);
    if (built != NULL) {
        struct gnomon_call changed = *call;
        changed.arguments[position] = (uint64_t)built;
        /* The setting outlives execve, and what runs before the new shim would die of it. */
        gnomon_counter_trap(false);
        result = gnomon_call_native(&changed);
        gnomon_counter_trap(true);
    }
    if (thread->scratch != NULL) {
        gnomon_raw3(__NR_munmap, (long)thread->scratch, (long)thread->scratch_bytes, 0);
        thread->scratch = NULL;
    }
    return result;
}
