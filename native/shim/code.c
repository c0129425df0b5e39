#include "code.h"
#include "copy.h"
#include "raw.h"

#include <fcntl.h>

#define PROT_READ_EXEC 5
#define PROT_READ_WRITE_EXEC 7
#define PAGE UINT64_C(4096)

/* include/uapi/linux/membarrier.h */
#define MEMBARRIER_SYNC_CORE (1 << 5)
#define MEMBARRIER_REGISTER_SYNC_CORE (1 << 6)

#define INT3 0xcc
/* A jump and what fills the place of what it replaces. */
#define EXCHANGE_LIMIT 16
#define JUMP_NEAR 0xe9
#define JUMP_SHORT 0xeb

/* The address of the instruction that is being exchanged; 0: none. */
static uint64_t exchanged;

/* All threads of the process see the code as it is now before they go on. Registering waits for every processor where the
 * process has threads, so it happens at the first patch and is done once. */
static bool synchronise(void) {
    long result = gnomon_raw3(__NR_membarrier, MEMBARRIER_SYNC_CORE, 0, 0);
    if (result != 0 && gnomon_raw3(__NR_membarrier, MEMBARRIER_REGISTER_SYNC_CORE, 0, 0) == 0) {
        result = gnomon_raw3(__NR_membarrier, MEMBARRIER_SYNC_CORE, 0, 0);
    }
    return result == 0;
}

bool gnomon_code_open(struct gnomon_code *code) {
    if (!synchronise()) {
        return false;
    }
    code->memory = gnomon_raw4(__NR_openat, AT_FDCWD, (long)"/proc/self/mem", O_RDWR | O_CLOEXEC, 0);
    return true;
}

void gnomon_code_close(struct gnomon_code *code) {
    if (code->memory >= 0) {
        gnomon_raw3(__NR_close, code->memory, 0, 0);
    }
}

static bool write_with_protection(uint64_t address, const void *bytes, uint64_t length) {
    uint64_t first = address & ~(PAGE - 1);
    long size = (long)(((address + length + PAGE - 1) & ~(PAGE - 1)) - first);
    if (gnomon_raw3(__NR_mprotect, (long)first, size, PROT_READ_WRITE_EXEC) != 0) {
        return false;
    }
    bool written = gnomon_copy_out(address, bytes, length);
    return gnomon_raw3(__NR_mprotect, (long)first, size, PROT_READ_EXEC) == 0 && written;
}

bool gnomon_code_write(const struct gnomon_code *code, uint64_t address, const void *bytes, uint64_t length) {
    if (code->memory >= 0 &&
        gnomon_raw4(__NR_pwrite64, code->memory, (long)bytes, (long)length, (long)address) == (long)length) {
        return true;
    }
    return write_with_protection(address, bytes, length);
}

bool gnomon_code_exchange(const struct gnomon_code *code, uint64_t address, const uint8_t *bytes, uint64_t length) {
    const uint8_t stop = INT3;
    uint8_t before[EXCHANGE_LIMIT];
    if (length > sizeof(before) || !gnomon_copy_in(before, address, length)) {
        return false;
    }
    __atomic_store_n(&exchanged, address, __ATOMIC_SEQ_CST);
    bool done = gnomon_code_write(code, address, &stop, 1) && synchronise() &&
                gnomon_code_write(code, address + 1, bytes + 1, length - 1) && synchronise();
    if (!done) {
        gnomon_code_write(code, address + 1, before + 1, length - 1);
        synchronise();
    }
    done = gnomon_code_write(code, address, done ? bytes : before, 1) && done;
    synchronise();
    __atomic_store_n(&exchanged, 0, __ATOMIC_SEQ_CST);
    return done;
}

bool gnomon_code_was_exchanged(uint64_t address) {
    uint8_t now;
    if (__atomic_load_n(&exchanged, __ATOMIC_SEQ_CST) == address) {
        return true;
    }
    /* The exchange may have ended before the handler ran. It was fetched a moment ago, so the byte is there. */
    return gnomon_copy_in(&now, address, 1) && (now == JUMP_NEAR || now == JUMP_SHORT);
}
