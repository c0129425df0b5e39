/* The generator of getrandom(2): xoshiro256++ (Blackman and Vigna), its state in the host's header. The engine's twin is
 * dev.gnomon.guest.GuestRandom. */
#ifndef GNOMON_RANDOM_H
#define GNOMON_RANDOM_H

#include "shim.h"

/* The next output. */
static inline uint64_t gnomon_random_next(uint64_t *state) {
    uint64_t sum = state[0] + state[3];
    uint64_t result = (sum << 23 | sum >> 41) + state[0];
    uint64_t shifted = state[1] << 17;
    state[2] ^= state[0];
    state[3] ^= state[1];
    state[1] ^= state[2];
    state[0] ^= state[3];
    state[2] ^= shifted;
    state[3] = state[3] << 45 | state[3] >> 19;
    return result;
}

#endif
