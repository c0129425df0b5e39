/* Copying to and from guest memory, which may not be there: a fault in these routines ends the copy short (fault.c). */
#ifndef GNOMON_COPY_H
#define GNOMON_COPY_H

#include "shim.h"

/* Copies; returns how many bytes were left when an address was inaccessible, 0 where all were copied. */
uint64_t gnomon_copy(void *destination, const void *source, uint64_t bytes);

/* Copies up to and with the NUL; returns the length without it, `limit` where no NUL was among so many bytes, -1 where an
 * address was inaccessible. */
int64_t gnomon_copy_string(char *destination, const char *source, uint64_t limit);

/* Where the handler of faults sends a copy that faulted; NULL where the instruction is none of a copy's. */
const void *gnomon_copy_recovery(uint64_t instruction);

#ifdef GNOMON_REMOTE
/* There gnomon_copy reads, too. */
bool gnomon_copy_out(uint64_t guest_address, const void *source, uint64_t bytes);
#else
static inline bool gnomon_copy_out(uint64_t guest_address, const void *source, uint64_t bytes) {
    return gnomon_copy((void *)guest_address, source, bytes) == 0;
}
#endif

static inline bool gnomon_copy_in(void *destination, uint64_t guest_address, uint64_t bytes) {
    return gnomon_copy(destination, (const void *)guest_address, bytes) == 0;
}

#endif
