/* Changing the guest's code while it may run. */
#ifndef GNOMON_CODE_H
#define GNOMON_CODE_H

#include "shim.h"

/* Where code is written through: /proc/self/mem, which splits no mapping. */
struct gnomon_code {
    long memory; /* a descriptor; below 0: there is none, so mprotect has to do */
};

struct gnomon_mapping {
    uint64_t begin;
    uint64_t end;
};

/* Whether the address lies in code that nobody but the shim changes, a mapping of a file, private, executable, not writable.
 * Then it is told where that begins and ends. */
bool gnomon_code_is_fixed(uint64_t address, struct gnomon_mapping *mapping);

/* Gets ready to write; false where the kernel cannot make other threads see changed code (membarrier(2), Linux 4.16). */
bool gnomon_code_open(struct gnomon_code *code);

void gnomon_code_close(struct gnomon_code *code);

/* Writes where nobody runs. */
bool gnomon_code_write(const struct gnomon_code *code, uint64_t address, const void *bytes, uint64_t length);

/*
 * Exchanges one instruction by another that is not longer, while others may be about to execute it: until all is written its
 * first byte is int3, and who meets that tries again (gnomon_code_was_exchanged). One exchange at a time.
 */
bool gnomon_code_exchange(const struct gnomon_code *code, uint64_t address, const uint8_t *bytes, uint64_t length);

/* Whether the int3 that trapped at `address` was met in an exchange, and the instruction is to be tried again. */
bool gnomon_code_was_exchanged(uint64_t address);

#endif
