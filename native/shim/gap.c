/*
 * How a gap is known. The bytes before it are read as instructions from every one of fifteen places in a row, some way
 * before. One of these places is where an instruction really begins, for none is longer, so one of the readings is right;
 * and where all of them agree that an instruction ends at the gap from which execution never goes on, it does. What follows
 * up to the next aligned address does nothing: filler. No branch nearby leads into it.
 */
#include "gap.h"
#include "copy.h"
#include "decode.h"

#define SHORT_JUMP_BYTES 2
#define NEAR_JUMP_BYTES 5
#define ALIGNMENT 16
#define FURTHEST_BEHIND 127
#define FURTHEST_BEFORE 128

/* Where the readings begin. */
#define READ_BEFORE 96
/* Where branches into the gap are looked for, before and behind the jump. */
#define NEIGHBOURHOOD 2048

/* A copy of the code around. */
struct neighbourhood {
    uint64_t begin;
    uint64_t bytes;
    uint8_t code[2 * NEIGHBOURHOOD];
};

static bool copy_neighbourhood(struct neighbourhood *around, uint64_t from, uint64_t begin, uint64_t end) {
    around->begin = from - begin > NEIGHBOURHOOD ? from - NEIGHBOURHOOD : begin;
    uint64_t last = end - from > NEIGHBOURHOOD ? from + NEIGHBOURHOOD : end;
    around->bytes = last - around->begin;
    return gnomon_copy_in(around->code, around->begin, around->bytes);
}

/* Whether from `at` on there is nothing but filler, up to `end` at least. */
static bool is_filled(const uint8_t *at, const uint8_t *end) {
    struct gnomon_instruction instruction;
    while (at < end) {
        if (gnomon_decode(at, GNOMON_INSTRUCTION_LIMIT, &instruction) != GNOMON_DECODED ||
            !gnomon_instruction_is_filler(&instruction, at)) {
            return false;
        }
        at += instruction.length;
    }
    return true;
}

/* What the code says, read from some place: AGREES where an instruction from which nothing goes on ends at the gap. */
enum reading { AGREES, DIFFERS, NO_CODE };

static enum reading read_up_to(const uint8_t *at, const uint8_t *end) {
    struct gnomon_instruction instruction = {0};
    while (at < end) {
        switch (gnomon_decode(at, GNOMON_INSTRUCTION_LIMIT, &instruction)) {
        case GNOMON_DECODED:
            at += instruction.length;
            break;
        case GNOMON_DECODED_INVALID:
            return NO_CODE;
        case GNOMON_DECODED_UNKNOWN:
            return DIFFERS;
        }
    }
    return at == end && gnomon_instruction_ends_flow(&instruction) ? AGREES : DIFFERS;
}

static bool flow_ends_at(const uint8_t *end) {
    bool agreed = false;
    for (uint64_t i = 0; i < GNOMON_INSTRUCTION_LIMIT; i++) {
        switch (read_up_to(end - READ_BEFORE + i, end)) {
        case AGREES:
            agreed = true;
            break;
        case DIFFERS:
            return false;
        case NO_CODE:
            break;
        }
    }
    return agreed;
}

/* Whether bytes in the neighbourhood, read as a branch wherever they stand, lead into the gap. */
static bool is_branched_to(const struct neighbourhood *around, uint64_t gap, uint64_t length) {
    for (uint64_t i = 0; i + NEAR_JUMP_BYTES < around->bytes; i++) {
        const uint8_t *code = around->code + i;
        uint64_t target = around->begin + i;
        if ((code[0] & 0xf0) == 0x70 || code[0] == 0xeb || (code[0] & 0xfc) == 0xe0) {
            target += SHORT_JUMP_BYTES + (uint64_t)(int64_t)(int8_t)code[1];
            if (target - gap < length) {
                return true;
            }
        }
        uint64_t opcode_bytes = (code[0] & 0xfe) == 0xe8 ? 1 : code[0] == 0x0f && (code[1] & 0xf0) == 0x80 ? 2 : 0;
        if (opcode_bytes != 0) {
            int32_t distance;
            memcpy(&distance, code + opcode_bytes, sizeof(distance));
            target = around->begin + i + opcode_bytes + sizeof(distance) + (uint64_t)(int64_t)distance;
            if (target - gap < length) {
                return true;
            }
        }
    }
    return false;
}

/* The gap that ends at `end`. */
static bool gap_before(const struct neighbourhood *around, uint64_t end, struct gnomon_gap *gap) {
    uint64_t offset = end - around->begin;
    for (uint64_t length = GNOMON_GAP_LIMIT; length >= NEAR_JUMP_BYTES; length--) {
        const uint8_t *at = around->code + offset - length;
        if (is_filled(at, at + length) && flow_ends_at(at) && !is_branched_to(around, end - length, length)) {
            *gap = (struct gnomon_gap){.address = end - length, .length = length};
            return true;
        }
    }
    return false;
}

bool gnomon_gap_find(uint64_t from, uint64_t begin, uint64_t end, struct gnomon_gap *gap) {
    struct neighbourhood around;
    if (!copy_neighbourhood(&around, from, begin, end)) {
        return false;
    }
    uint64_t behind = from + SHORT_JUMP_BYTES;
    uint64_t first = (behind - FURTHEST_BEFORE + NEAR_JUMP_BYTES + ALIGNMENT - 1) & ~(uint64_t)(ALIGNMENT - 1);
    uint64_t last = behind + FURTHEST_BEHIND + ALIGNMENT - 1;
    for (uint64_t aligned = first; aligned <= last; aligned += ALIGNMENT) {
        if (aligned < around.begin + READ_BEFORE + ALIGNMENT ||
            aligned + GNOMON_INSTRUCTION_LIMIT > around.begin + around.bytes) {
            continue;
        }
        if (gap_before(&around, aligned, gap) && gap->address - behind + FURTHEST_BEFORE <= FURTHEST_BEFORE + FURTHEST_BEHIND) {
            return true;
        }
    }
    return false;
}
