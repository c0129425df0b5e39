/* What a guest of the tests sees of the shim's patches. */
#ifndef TRAPS_H
#define TRAPS_H

#include "../../shim/thread_offsets.h"
#include <gnomon/slot.h>
#include <stdbool.h>

/* How many calls of this thread trapped so far. */
static inline uint64_t trapped_calls(void) {
    const struct gnomon_slot *slot;
    __asm__ volatile("mov %%gs:%c1, %0" : "=r"(slot) : "i"(GNOMON_THREAD_SLOT));
    return slot->trapped_calls;
}

/* The byte of code that lies so far from a label. */
static inline uint8_t code_at(const uint8_t *label, long distance) {
    return *(const volatile uint8_t *)((uint64_t)label + (uint64_t)distance);
}

/* Whether the instruction there is a near or a short jump. */
static inline bool patched(const uint8_t *label, long distance) {
    return code_at(label, distance) == 0xe9 || code_at(label, distance) == 0xeb;
}

#endif
