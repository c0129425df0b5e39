#include "site.h"
#include "copy.h"

#define SHORT_MOVE 5
#define LONG_MOVE 7
/* What is looked at before the shorter one. */
#define BEFORE 3

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

uint64_t gnomon_site_move(uint64_t site, int32_t number) {
    uint8_t bytes[BEFORE + SHORT_MOVE + 2];
    int32_t immediate;
    if (!gnomon_copy_in(bytes, site - BEFORE - SHORT_MOVE, sizeof(bytes))) {
        return 0;
    }
    const uint8_t *end = bytes + BEFORE + SHORT_MOVE;
    memcpy(&immediate, end - 4, sizeof(immediate));
    if (immediate != number || end[0] != 0x0f || end[1] != 0x05) {
        return 0;
    }
    if (end[-7] == 0x48 && end[-6] == 0xc7 && end[-5] == 0xc0) {
        return LONG_MOVE;
    }
    return end[-5] == 0xb8 && !may_be_inside(bytes) ? SHORT_MOVE : 0;
}
