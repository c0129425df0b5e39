/* The lengths of instructions. */
#ifndef GNOMON_DECODE_H
#define GNOMON_DECODE_H

#include "shim.h"

/* The longest instruction there is. */
#define GNOMON_INSTRUCTION_LIMIT 15

/* Opcode maps (SDM volume 2, appendix A). */
enum gnomon_map { GNOMON_MAP_ONE_BYTE, GNOMON_MAP_0F, GNOMON_MAP_0F38, GNOMON_MAP_0F3A };

struct gnomon_instruction {
    enum gnomon_map map;
    uint8_t opcode;
    bool vector_encoding; /* VEX or EVEX */
    bool has_modrm;
    uint8_t modrm;
    /* Where the four bytes of a distance from the end of the instruction stand: of an address relative to %rip; 0: none. */
    uint8_t relative;
    uint8_t length;
};

enum gnomon_decoded {
    GNOMON_DECODED,
    GNOMON_DECODED_INVALID, /* no such instruction in 64-bit code, or it is longer than what is there */
    GNOMON_DECODED_UNKNOWN  /* its length depends on the kind of CPU, or is not known here */
};

/* Reads the instruction that begins at `bytes`, of which so many are there. */
enum gnomon_decoded gnomon_decode(const uint8_t *bytes, uint64_t available, struct gnomon_instruction *instruction);

/* Whether execution never goes on behind the instruction: ret, jmp, ud2, hlt, int3. */
bool gnomon_instruction_ends_flow(const struct gnomon_instruction *instruction);

/* Whether it does nothing, and is of the kind that fills gaps: nop in all its lengths, int3. */
bool gnomon_instruction_is_filler(const struct gnomon_instruction *instruction, const uint8_t *bytes);

#endif
