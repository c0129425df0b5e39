#include "decode.h"

/* What follows an opcode. */
#define NONE 0
#define MODRM 1      /* ModRM byte and what it brings */
#define BYTE 2       /* one byte */
#define WORD 4       /* two bytes */
#define FULL 8       /* four bytes; two with an operand size prefix */
#define BRANCH 16    /* a distance of four bytes */
#define INVALID 32
#define UNKNOWN 64
#define OFFSET 128   /* an address */

#define N NONE
#define M MODRM
#define B BYTE
#define F FULL
#define X INVALID

/* Prefixes and escapes are taken off before these tables are asked. */
static const uint8_t one_byte[256] = {
    M, M, M, M, B, F, X, X, M, M, M, M, B, F, X, X, /* 00 */
    M, M, M, M, B, F, X, X, M, M, M, M, B, F, X, X, /* 10 */
    M, M, M, M, B, F, X, X, M, M, M, M, B, F, X, X, /* 20 */
    M, M, M, M, B, F, X, X, M, M, M, M, B, F, X, X, /* 30 */
    X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, X, /* 40: REX */
    N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, N, /* 50 */
    X, X, X, M, X, X, X, X, F, M | F, B, M | B, N, N, N, N, /* 60 */
    B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, /* 70 */
    M | B, M | F, X, M | B, M, M, M, M, M, M, M, M, M, M, M, M, /* 80 */
    N, N, N, N, N, N, N, N, N, N, X, N, N, N, N, N, /* 90 */
    OFFSET, OFFSET, OFFSET, OFFSET, N, N, N, N, B, F, N, N, N, N, N, N, /* a0 */
    B, B, B, B, B, B, B, B, F, F, F, F, F, F, F, F, /* b0 */
    M | B, M | B, WORD, N, X, X, M | B, M | F, WORD | B, N, WORD, N, N, B, X, N, /* c0 */
    M, M, M, M, X, X, X, N, M, M, M, M, M, M, M, M, /* d0 */
    B, B, B, B, B, B, B, B, BRANCH, BRANCH, X, B, N, N, N, N, /* e0 */
    X, N, X, X, N, N, M, M, N, N, N, N, N, N, M, M, /* f0 */
};

static const uint8_t two_bytes[256] = {
    M, M, M, M, X, N, N, N, N, N, X, N, X, M, N, M | B, /* 00 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* 10 */
    M, M, M, M, X, X, X, X, M, M, M, M, M, M, M, M, /* 20 */
    N, N, N, N, N, N, X, N, X, X, X, X, X, X, X, X, /* 30 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* 40 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* 50 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* 60 */
    M | B, M | B, M | B, M | B, M, M, M, N, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, M, M, M, M, /* 70 */
    BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, /* 80 */
    BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, BRANCH, BRANCH,
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* 90 */
    N, N, N, M, M | B, M, UNKNOWN, UNKNOWN, N, N, N, M, M | B, M, M, M, /* a0 */
    M, M, M, M, M, M, M, M, M, M, M | B, M, M, M, M, M, /* b0 */
    M, M, M | B, M, M | B, M | B, M | B, M, N, N, N, N, N, N, N, N, /* c0 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* d0 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* e0 */
    M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, M, /* f0 */
};

#undef N
#undef M
#undef B
#undef F
#undef X

#define REX_WIDE 8

struct cursor {
    const uint8_t *bytes;
    uint64_t available;
    uint64_t position;
    bool operand_size;
    bool address_size;
    uint8_t rex;
};

/* The byte `ahead` of the cursor; 0 beyond what is there, which the length given in the end shows. */
static uint8_t peek(const struct cursor *cursor, uint64_t ahead) {
    uint64_t at = cursor->position + ahead;
    return at < cursor->available && at < GNOMON_INSTRUCTION_LIMIT ? cursor->bytes[at] : 0;
}

static uint8_t take(struct cursor *cursor) {
    uint8_t byte = peek(cursor, 0);
    cursor->position++;
    return byte;
}

/* Prefixes; a REX counts only directly before the opcode. False where there are too many. */
static bool take_prefixes(struct cursor *cursor) {
    while (cursor->position < GNOMON_INSTRUCTION_LIMIT) {
        uint8_t byte = peek(cursor, 0);
        bool segment = byte == 0x26 || byte == 0x2e || byte == 0x36 || byte == 0x3e || byte == 0x64 || byte == 0x65;
        if ((byte & 0xf0) == 0x40) {
            cursor->rex = byte;
        } else if (segment || byte == 0x66 || byte == 0x67 || byte == 0xf0 || byte == 0xf2 || byte == 0xf3) {
            cursor->operand_size |= byte == 0x66;
            cursor->address_size |= byte == 0x67;
            cursor->rex = 0;
        } else {
            return true;
        }
        cursor->position++;
    }
    return false;
}

/* The map that a VEX or EVEX prefix names; those of half precision look like map 0F. */
static enum gnomon_decoded select_map(uint8_t map, struct gnomon_instruction *instruction) {
    instruction->vector_encoding = true;
    switch (map) {
    case 1:
    case 5:
        instruction->map = GNOMON_MAP_0F;
        return GNOMON_DECODED;
    case 2:
    case 6:
        instruction->map = GNOMON_MAP_0F38;
        return GNOMON_DECODED;
    case 3:
        instruction->map = GNOMON_MAP_0F3A;
        return GNOMON_DECODED;
    default:
        return GNOMON_DECODED_UNKNOWN;
    }
}

static enum gnomon_decoded take_opcode(struct cursor *cursor, struct gnomon_instruction *instruction) {
    enum gnomon_decoded decoded = GNOMON_DECODED;
    uint8_t byte = take(cursor);
    if (byte == 0xc5) {
        take(cursor);
        decoded = select_map(1, instruction);
        byte = take(cursor);
    } else if (byte == 0xc4 || byte == 0x62) {
        uint8_t payload = take(cursor);
        take(cursor);
        if (byte == 0x62) {
            take(cursor);
        }
        decoded = select_map(byte == 0x62 ? payload & 7 : payload & 0x1f, instruction);
        byte = take(cursor);
    } else if (byte == 0x0f) {
        byte = take(cursor);
        instruction->map = GNOMON_MAP_0F;
        if (byte == 0x38 || byte == 0x3a) {
            instruction->map = byte == 0x38 ? GNOMON_MAP_0F38 : GNOMON_MAP_0F3A;
            byte = take(cursor);
        }
    } else if (byte == 0x8f && (peek(cursor, 0) & 0x1f) >= 8) {
        return GNOMON_DECODED_UNKNOWN; /* XOP of some CPUs */
    }
    instruction->opcode = byte;
    return decoded;
}

static uint8_t form_of(const struct gnomon_instruction *instruction) {
    switch (instruction->map) {
    case GNOMON_MAP_ONE_BYTE:
        return one_byte[instruction->opcode];
    case GNOMON_MAP_0F:
        if (instruction->vector_encoding && (two_bytes[instruction->opcode] & (BRANCH | UNKNOWN | INVALID)) != 0) {
            return MODRM;
        }
        return two_bytes[instruction->opcode];
    case GNOMON_MAP_0F38:
        return MODRM;
    case GNOMON_MAP_0F3A:
        return MODRM | BYTE;
    }
    return UNKNOWN;
}

static void take_modrm(struct cursor *cursor, struct gnomon_instruction *instruction) {
    uint8_t modrm = take(cursor);
    uint8_t mode = modrm >> 6;
    uint8_t base = modrm & 7;
    instruction->has_modrm = true;
    instruction->modrm = modrm;
    if (mode == 3) {
        return;
    }
    if (base == 4) {
        base = take(cursor) & 7;
    } else if (mode == 0 && base == 5) {
        instruction->relative = (uint8_t)cursor->position;
    }
    cursor->position += mode == 1 ? 1 : mode == 2 || base == 5 ? 4 : 0;
}

/* Immediate values that the opcode alone does not tell. */
static uint8_t refine(const struct cursor *cursor, const struct gnomon_instruction *instruction, uint8_t form) {
    bool first = instruction->map == GNOMON_MAP_ONE_BYTE;
    if (first && (instruction->opcode & 0xfe) == 0xf6 && (instruction->modrm >> 3 & 7) < 2) {
        return form | (instruction->opcode == 0xf6 ? BYTE : FULL); /* test */
    }
    /* With an operand size prefix a distance has two bytes on some CPUs, four on others. */
    return (form & BRANCH) != 0 && cursor->operand_size && (cursor->rex & REX_WIDE) == 0 ? form | UNKNOWN : form;
}

static uint64_t immediate_bytes(const struct cursor *cursor, const struct gnomon_instruction *instruction, uint8_t form) {
    bool wide = (cursor->rex & REX_WIDE) != 0;
    bool move = instruction->map == GNOMON_MAP_ONE_BYTE && (instruction->opcode & 0xf8) == 0xb8;
    uint64_t full = move && wide ? 8 : cursor->operand_size && !wide ? 2 : 4;
    return ((form & BYTE) != 0 ? 1 : 0) + ((form & WORD) != 0 ? 2 : 0) + ((form & BRANCH) != 0 ? 4 : 0) +
           ((form & FULL) != 0 ? full : 0) + ((form & OFFSET) != 0 ? (cursor->address_size ? 4 : 8) : 0);
}

enum gnomon_decoded gnomon_decode(const uint8_t *bytes, uint64_t available, struct gnomon_instruction *instruction) {
    struct cursor cursor = {.bytes = bytes, .available = available};
    *instruction = (struct gnomon_instruction){0};
    if (!take_prefixes(&cursor)) {
        return GNOMON_DECODED_INVALID;
    }
    enum gnomon_decoded decoded = take_opcode(&cursor, instruction);
    uint8_t form = form_of(instruction);
    if (decoded == GNOMON_DECODED && (form & MODRM) != 0) {
        take_modrm(&cursor, instruction);
    }
    form = refine(&cursor, instruction, form);
    cursor.position += immediate_bytes(&cursor, instruction, form);
    if (cursor.position > GNOMON_INSTRUCTION_LIMIT || cursor.position > available) {
        return GNOMON_DECODED_INVALID;
    }
    instruction->length = (uint8_t)cursor.position;
    if (decoded != GNOMON_DECODED || (form & UNKNOWN) != 0) {
        return GNOMON_DECODED_UNKNOWN;
    }
    return (form & INVALID) != 0 ? GNOMON_DECODED_INVALID : GNOMON_DECODED;
}

bool gnomon_instruction_ends_flow(const struct gnomon_instruction *instruction) {
    uint8_t opcode = instruction->opcode;
    if (instruction->map == GNOMON_MAP_0F) {
        return opcode == 0x0b && !instruction->vector_encoding;
    }
    if (instruction->map != GNOMON_MAP_ONE_BYTE) {
        return false;
    }
    uint8_t extension = instruction->modrm >> 3 & 7;
    return opcode == 0xc3 || opcode == 0xc2 || opcode == 0xe9 || opcode == 0xeb || opcode == 0xf4 || opcode == 0xcc ||
           (opcode == 0xff && (extension == 4 || extension == 5));
}

bool gnomon_instruction_is_filler(const struct gnomon_instruction *instruction, const uint8_t *bytes) {
    if (instruction->map == GNOMON_MAP_0F) {
        return instruction->opcode == 0x1f && (instruction->modrm >> 3 & 7) == 0 && !instruction->vector_encoding;
    }
    if (instruction->map != GNOMON_MAP_ONE_BYTE || (instruction->opcode != 0x90 && instruction->opcode != 0xcc)) {
        return false;
    }
    /* With other prefixes than these it is pause or an exchange. */
    for (uint64_t i = 0; i + 1 < instruction->length; i++) {
        if (bytes[i] != 0x66 && bytes[i] != 0x2e) {
            return false;
        }
    }
    return true;
}
