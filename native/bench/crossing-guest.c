/*
 * A guest without a shim: static, so that nothing is loaded into it. It crosses by the shim's own crossing.c, but no call of
 * it is caught, so what is measured with it is the switch alone.
 *
 *   gnomon-bench-crossing forwarded MARKERS      MARKERS times sched_yield, as if caught
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../shim/crossing.h"

static struct gnomon_thread thread;

/* The value of a variable whose name of so many bytes ends with '='. */
static const char *variable(char **environment, const char *name, size_t bytes) {
    for (; *environment != NULL; environment++) {
        if (strncmp(*environment, name, bytes) == 0) {
            return *environment + bytes;
        }
    }
    return "";
}

static void find_slot(char **environment) {
    int host, process, index;
    const char *arena = variable(environment, GNOMON_ENVIRONMENT_ARENA, sizeof GNOMON_ENVIRONMENT_ARENA - 1);
    const char *slot = variable(environment, GNOMON_ENVIRONMENT_SLOT, sizeof GNOMON_ENVIRONMENT_SLOT - 1);
    int file = open(arena, O_RDWR | O_CLOEXEC);
    if (file < 0 || sscanf(slot, "%d,%d,%d", &host, &process, &index) != 3) {
        exit(100);
    }
    struct gnomon_arena_header *header = mmap(NULL, GNOMON_ADDRESSES_OFFSET, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (header == MAP_FAILED || header->magic != GNOMON_ARENA_MAGIC) {
        exit(101);
    }
    char *block = mmap(NULL, (size_t)header->block_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file,
                       header->blocks_offset + host * header->block_bytes);
    if (block == MAP_FAILED) {
        exit(101);
    }
    thread.slot = (struct gnomon_slot *)(block + (long)index * GNOMON_PAGE_BYTES);
    thread.worker_word = (struct gnomon_worker_word *)((char *)header + GNOMON_WORKER_WORDS_OFFSET +
                                                       thread.slot->worker_index * GNOMON_WORKER_WORD_STRIDE);
    thread.processor = -1;
}

static void call(int number, uint64_t argument) {
    thread.slot->call_number = number;
    thread.slot->arguments[0] = argument;
    gnomon_cross(&thread, GNOMON_PHASE_NEW_CALL);
    if (thread.slot->reply_kind == GNOMON_REPLY_EXIT_PROCESS) {
        _exit((int)thread.slot->reply_value);
    }
}

int main(int argc, char **argv, char **environment) {
    if (argc < 3 || strcmp(argv[1], "forwarded") != 0) {
        return 2;
    }
    long markers = atol(argv[2]);
    find_slot(environment);
    thread.slot->real_process_id = getpid();
    thread.slot->real_thread_id = getpid();
    gnomon_cross(&thread, GNOMON_PHASE_EXEC_START);
    for (long n = 0; n < markers; n++) {
        call(SYS_sched_yield, 0);
    }
    call(SYS_exit_group, 0);
    return 0; /* told to exit by itself */
}
