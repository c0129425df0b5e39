/*
 * Gaps: bytes between pieces of code that nobody executes, filled by the compiler so that what follows is aligned. A jump
 * that leads far finds room there, within reach of a short jump, which is not longer than a syscall instruction.
 */
#ifndef GNOMON_GAP_H
#define GNOMON_GAP_H

#include "shim.h"

#define GNOMON_GAP_LIMIT 15

struct gnomon_gap {
    uint64_t address;
    uint64_t length; /* bytes; at most GNOMON_GAP_LIMIT */
};

/* Looks for a gap with room for a near jump in reach of a short jump at `from`, within a mapping of code. False where none is
 * certain. */
bool gnomon_gap_find(uint64_t from, uint64_t begin, uint64_t end, struct gnomon_gap *gap);

#endif
