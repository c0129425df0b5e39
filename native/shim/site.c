#include "site.h"
#include "copy.h"
#include "decode.h"

#define SHORT_MOVE 5
#define LONG_MOVE 7
/* What is looked at before a mov. */
#define BEFORE 3

#define ADDRESS_SIZE_PREFIX 0x67

struct range {
    uint8_t first, last;
};

/* Opcodes that do what they do wherever they stand: arithmetic, moves, flags. */
static const struct range one_byte[] = {{0x00, 0x05}, {0x08, 0x0d}, {0x10, 0x15}, {0x18, 0x1d}, {0x20, 0x25}, {0x28, 0x2d},
                                        {0x30, 0x35}, {0x38, 0x3d}, {0x63, 0x63}, {0x69, 0x69}, {0x6b, 0x6b}, {0x80, 0x8b},
                                        {0x8d, 0x8d}, {0x90, 0x90}, {0x98, 0x99}, {0xa8, 0xa9}, {0xb0, 0xc1}, {0xc6, 0xc7},
                                        {0xd0, 0xd3}, {0xf6, 0xf9}, {0xfe, 0xfe}};
/* Moves of vector registers, conditional moves and settings, extensions, multiplication, nop. */
static const struct range two_bytes[] = {{0x10, 0x17}, {0x1f, 0x1f}, {0x28, 0x29}, {0x40, 0x4f}, {0x57, 0x57}, {0x6c, 0x6f},
                                         {0x7e, 0x7f}, {0x90, 0x9f}, {0xaf, 0xaf}, {0xb6, 0xb7}, {0xbe, 0xbf}, {0xd6, 0xd6},
                                         {0xef, 0xef}};

static bool is_among(uint8_t opcode, const struct range *ranges, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (opcode >= ranges[i].first && opcode <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static bool may_be_displaced(const struct gnomon_instruction *instruction, const uint8_t *bytes) {
    if (instruction->relative != 0 && bytes[0] == ADDRESS_SIZE_PREFIX) {
        return false;
    }
    switch (instruction->map) {
    case GNOMON_MAP_ONE_BYTE:
        /* Group 11 has xabort and xbegin too. */
        return is_among(instruction->opcode, one_byte, sizeof(one_byte) / sizeof(one_byte[0])) &&
               ((instruction->opcode & 0xfe) != 0xc6 || (instruction->modrm >> 3 & 7) == 0);
    case GNOMON_MAP_0F:
        return is_among(instruction->opcode, two_bytes, sizeof(two_bytes) / sizeof(two_bytes[0]));
    case GNOMON_MAP_0F38:
    case GNOMON_MAP_0F3A:
        return false;
    }
    return false;
}

/* Whether an instruction with this opcode has a ModRM byte and then an immediate value of four bytes behind the address. */
static bool has_immediate(uint8_t opcode) {
    return opcode == 0xc7 || opcode == 0x81 || opcode == 0x69 || opcode == 0xf7;
}

static bool one_byte_displacement(uint8_t modrm) {
    return modrm >> 6 == 1;
}

static bool with_index(uint8_t modrm) {
    return modrm >> 6 != 3 && (modrm & 7) == 4;
}

/*
 * Whether 0xb8 and the four bytes after it may be the end of a longer instruction: `before` are the three bytes before it. A
 * prefix (mov to %r8d), a ModRM byte (of lea: a memory access at that base would fault), an index byte, a displacement. In
 * doubt they are.
 */
static bool may_be_inside(const uint8_t *before) {
    uint8_t last = before[2], second = before[1], third = before[0];
    bool prefix = (last & 0xf0) == 0x40 || last == 0x0f || last == 0x66;
    bool modrm = last == 0x8d;
    bool index = has_immediate(second) && last >> 6 == 0 && with_index(last);
    bool displacement = (has_immediate(second) && one_byte_displacement(last) && !with_index(last)) ||
                        (has_immediate(third) && one_byte_displacement(second) && with_index(second));
    return prefix || modrm || index || displacement;
}

static bool is_number(const uint8_t *immediate, int32_t number) {
    int32_t value;
    memcpy(&value, immediate, sizeof(value));
    return value == number;
}

/* The length of the mov that begins there; 0 if it is none. */
static uint64_t move_at(const uint8_t *bytes, uint64_t available, int32_t number) {
    if (bytes[0] == 0xb8 && is_number(bytes + 1, number) && !may_be_inside(bytes - BEFORE)) {
        return SHORT_MOVE;
    }
    bool long_move = available >= LONG_MOVE && bytes[0] == 0x48 && bytes[1] == 0xc7 && bytes[2] == 0xc0;
    return long_move && is_number(bytes + 3, number) ? LONG_MOVE : 0;
}

static bool all_may_be_displaced(const uint8_t *at, const uint8_t *end) {
    struct gnomon_instruction instruction;
    while (at < end) {
        if (gnomon_decode(at, (uint64_t)(end - at), &instruction) != GNOMON_DECODED || !may_be_displaced(&instruction, at)) {
            return false;
        }
        at += instruction.length;
    }
    return true;
}

uint64_t gnomon_site_displaced(uint64_t site, int32_t number, uint64_t begin, uint8_t *displaced) {
    uint8_t bytes[BEFORE + GNOMON_DISPLACED_LIMIT];
    uint64_t limit = site - begin < sizeof(bytes) ? site - begin : sizeof(bytes);
    uint8_t *end = bytes + limit;
    if (!gnomon_copy_in(bytes, site - limit, limit)) {
        return 0;
    }
    for (uint64_t length = SHORT_MOVE; length + BEFORE <= limit; length++) {
        uint64_t move = move_at(end - length, length, number);
        if (move != 0 && all_may_be_displaced(end - length + move, end)) {
            memcpy(displaced, end - length, length);
            return length;
        }
    }
    return 0;
}
