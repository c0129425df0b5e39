/* Reads a disassembly, as objdump -d -w writes it, and compares the length of every instruction with the decoder's. */
#include "../../shim/decode.h"
#undef printf
#undef fprintf
#undef strlen
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define WAIT 0x9b /* objdump takes it for a part of the instruction behind it */

/* The bytes of a line "  address:\tb8 20 00 00 00 \tmov ..."; 0 where it is none. */
static size_t parse(const char *line, uint8_t *bytes) {
    const char *at = strstr(line, ":\t");
    size_t count = 0;
    if (at == NULL) {
        return 0;
    }
    for (at += 2; isxdigit((unsigned char)at[0]) && isxdigit((unsigned char)at[1]) && at[2] == ' '; at += 3) {
        unsigned byte;
        sscanf(at, "%2x", &byte);
        bytes[count++] = (uint8_t)byte;
    }
    return strstr(at, "(bad)") != NULL ? 0 : count;
}

int main(void) {
    char line[4096];
    long read = 0, wrong = 0;
    while (fgets(line, sizeof(line), stdin) != NULL) {
        uint8_t bytes[64];
        size_t count = parse(line, bytes);
        struct gnomon_instruction instruction;
        if (count == 0 || count > GNOMON_INSTRUCTION_LIMIT || bytes[0] == WAIT) {
            continue;
        }
        read++;
        enum gnomon_decoded decoded = gnomon_decode(bytes, count, &instruction);
        if (decoded != GNOMON_DECODED || instruction.length != count) {
            wrong++;
            printf("%s of %u bytes: %s", decoded == GNOMON_DECODED ? "decoded" : "not decoded", instruction.length, line);
        }
    }
    printf("%ld instructions, %ld wrong\n", read, wrong);
    return wrong != 0 || read < 1000;
}
