/*
 * Plays a shim, honest or not: crosses by hand, without any shim in the process, so that tests see how the engine's side
 * takes it.
 *
 *   slot-player loop N         N calls, number 1000 + n % 7, arguments n to n + 5; each must be answered with n + 1
 *   slot-player spin           calls without end
 *   slot-player memory         one call with ranges, then one without; see ChannelTest
 *   slot-player garbage SEED   random bytes in the slot, over and over
 *   slot-player impostor PID   says to be another process
 *   slot-player gone           leaves the slot unasked
 *   slot-player sleep          makes one call, then none
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <gnomon/slot.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct gnomon_slot *slot;
static struct gnomon_worker_word *worker;

static void fail(const char *what) {
    perror(what);
    exit(100);
}

static void find_slot(void) {
    int host, process, thread;
    if (sscanf(getenv("GNOMON_SLOT"), "%d,%d,%d", &host, &process, &thread) != 3) {
        fail("GNOMON_SLOT");
    }
    int file = open(getenv("GNOMON_ARENA"), O_RDWR | O_CLOEXEC);
    if (file < 0) {
        fail("GNOMON_ARENA");
    }
    struct gnomon_arena_header *header = mmap(NULL, GNOMON_ADDRESSES_OFFSET, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (header == MAP_FAILED) {
        fail("mmap");
    }
    char *block = mmap(NULL, (size_t)header->block_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file,
                       header->blocks_offset + host * header->block_bytes);
    if (block == MAP_FAILED) {
        fail("mmap");
    }
    if (header->magic != GNOMON_ARENA_MAGIC) {
        fail("magic");
    }
    slot = (struct gnomon_slot *)(block + (long)thread * GNOMON_PAGE_BYTES);
    if (slot->process_page != (uint32_t)process || slot->guest_state != GNOMON_STATE_IDLE) {
        fail("slot");
    }
    worker = (struct gnomon_worker_word *)((char *)header + GNOMON_WORKER_WORDS_OFFSET + slot->worker_index * GNOMON_WORKER_WORD_STRIDE);
}

static void notify(uint32_t state) {
    __atomic_store_n(&slot->guest_state, state, __ATOMIC_RELEASE);
    __atomic_fetch_add(&worker->sequence, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &worker->sequence, FUTEX_WAKE, 1, NULL, NULL, 0);
}

static void cross(void) {
    uint32_t word = __atomic_load_n(&slot->guest_word, __ATOMIC_ACQUIRE);
    notify(GNOMON_STATE_CALL);
    __atomic_store_n(&slot->guest_sleeping, 1, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&slot->guest_word, __ATOMIC_SEQ_CST) == word) {
        syscall(SYS_futex, &slot->guest_word, FUTEX_WAIT, word, NULL, NULL, 0);
    }
    __atomic_store_n(&slot->guest_sleeping, 0, __ATOMIC_RELAXED);
}

static void start(int pid) {
    slot->phase = GNOMON_PHASE_EXEC_START;
    slot->real_process_id = pid;
    slot->real_thread_id = pid;
    slot->range_count = 0;
    cross();
}

static void call(int number, uint64_t first) {
    slot->phase = GNOMON_PHASE_NEW_CALL;
    slot->call_number = number;
    for (int n = 0; n < 6; n++) {
        slot->arguments[n] = first + (unsigned)n;
    }
    cross();
    if (slot->reply_kind == GNOMON_REPLY_EXIT_PROCESS) {
        _exit((int)slot->reply_value);
    }
}

static void loop(uint64_t rounds) {
    for (uint64_t n = 0; n < rounds; n++) {
        call(1000 + (int)(n % 7), n);
        if (slot->reply_kind != GNOMON_REPLY_RESULT || slot->reply_value != (int64_t)n + 1) {
            exit(9);
        }
    }
    call(SYS_exit_group, 5);
}

static void carry(int number, const void *at, uint32_t length, uint32_t offset, uint32_t direction) {
    slot->ranges[number] = (struct gnomon_range){(uint64_t)at, length, offset, direction, 0, 0};
    if (direction & GNOMON_RANGE_IN) {
        memcpy(slot->transfer + offset, at, length);
    }
}

/*
 * First call: argument 0 a string that travels, 1 room of 64 bytes that travels, 2 a string of 5000 bytes that does not, which
 * ends where memory ends, 3 memory that is not there, 4 the last 8 bytes before it. Second call, nothing travels: argument
 * 0 the room again.
 */
static void memory(void) {
    static char text[] = "travels with the call";
    static char room[64];
    memset(room, '.', sizeof room);
    char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages + 2 * 4096, 4096, PROT_NONE) != 0) {
        fail("pages");
    }
    char *end = pages + 2 * 4096, *string = end - 5001;
    memset(string, 'x', 5000);
    carry(0, text, sizeof text, 0, GNOMON_RANGE_IN);
    carry(1, room, sizeof room, 128, GNOMON_RANGE_OUT);
    slot->range_count = 2;
    slot->phase = GNOMON_PHASE_NEW_CALL;
    slot->call_number = 2000;
    slot->arguments[0] = (uint64_t)text;
    slot->arguments[1] = (uint64_t)room;
    slot->arguments[2] = (uint64_t)string;
    slot->arguments[3] = (uint64_t)end;
    slot->arguments[4] = (uint64_t)(end - 8);
    cross();
    memcpy(room, slot->transfer + 128, slot->ranges[1].written);
    slot->range_count = 0;
    call(2001, (uint64_t)room);
    call(SYS_exit_group, 0);
}

static uint32_t chance(uint32_t of) {
    return random() % of == 0;
}

/* Mostly a call that could be true, so that it is looked at closely; now and then one thing in it is wild, or all. */
static void garbage(unsigned seed) {
    srandom(seed);
    for (int round = 0; round < 400; round++) {
        uint8_t *bytes = (uint8_t *)slot;
        for (size_t n = 64; n < GNOMON_SLOT_CONTROL_BYTES; n++) {
            bytes[n] = (uint8_t)(chance(4) ? 0xff : random());
        }
        for (size_t n = 0; n < 4096; n++) {
            slot->log[n] = (uint8_t)(chance(3) ? random() : 0);
        }
        if (!chance(100)) {
            slot->phase = chance(100) ? (uint32_t)random() : chance(2) ? GNOMON_PHASE_NEW_CALL : GNOMON_PHASE_FAULT;
            slot->local_calls = chance(100) ? (uint32_t)random() : 0;
            slot->local_time_calls = chance(100) ? (uint32_t)random() : 0;
            slot->log_count = chance(50) ? (uint32_t)random() % 10 : 0;
            slot->log_bytes = chance(200) ? (uint32_t)random() : (uint32_t)random() % GNOMON_LOG_BYTES;
            slot->range_count = chance(100) ? 33 : (uint32_t)random() % 33;
            for (int n = 0; n < GNOMON_INSTALL_LIMIT; n++) {
                slot->installed[n] = chance(800) ? -4096 : (int32_t)(random() % 32768);
            }
            uint32_t wild = chance(50) ? (uint32_t)random() % 33 : 99;
            for (uint32_t n = 0; n < GNOMON_RANGE_LIMIT; n++) {
                struct gnomon_range *range = &slot->ranges[n];
                range->guest_address = (uint64_t)random() << 10;
                range->length = 400 + (uint32_t)random() % 1000;
                range->transfer_offset = n == wild ? 65400 + (uint32_t)random() % 60000 : (uint32_t)random() % 64000;
                range->direction = 1 + (uint32_t)random() % 3;
            }
            for (int n = 0; n < 6; n++) {
                uint32_t at = n == 0 && wild < 32 ? wild : (uint32_t)random() % 32;
                slot->arguments[n] = slot->ranges[at].guest_address + (uint64_t)random() % 100;
            }
        }
        cross();
    }
    call(SYS_exit_group, 0);
}

int main(int argc, char **argv) {
    if (argc < 2) {
        return 2;
    }
    const char *mode = argv[1];
    long number = argc > 2 ? atol(argv[2]) : 0;
    find_slot();
    start(strcmp(mode, "impostor") == 0 ? (int)number : (int)getpid());
    if (strcmp(mode, "loop") == 0) {
        loop((uint64_t)number);
    } else if (strcmp(mode, "spin") == 0) {
        for (uint64_t n = 0;; n++) {
            call(1000, n);
        }
    } else if (strcmp(mode, "memory") == 0) {
        memory();
    } else if (strcmp(mode, "garbage") == 0) {
        garbage((unsigned)number);
    } else if (strcmp(mode, "gone") == 0) {
        notify(GNOMON_STATE_GONE);
    }
    for (;;) {
        pause();
    }
}
