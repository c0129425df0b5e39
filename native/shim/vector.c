/* The vector registers of the thread that runs. */
#include "vector.h"
#include "thread.h"

#define LEGACY_MXCSR 24
#define XSAVE_HEADER_BYTES 64
#define MXCSR_INITIAL 0x1f80

/* Components of the extended state (SDM volume 1, 13.1). Tile data is 8 KB and only there for who asked the kernel. */
#define COMPONENT_PKRU (UINT64_C(1) << 9)
#define COMPONENT_TILE_DATA (UINT64_C(1) << 18)
#define COMPONENT_TILE_CONFIGURATION (UINT64_C(1) << 17)

uint64_t gnomon_vector_components;
uint32_t gnomon_vector_bytes;

static void identify(uint32_t leaf, uint32_t subleaf, uint32_t *registers) {
    __asm__ volatile("cpuid"
                     : "=a"(registers[0]), "=b"(registers[1]), "=c"(registers[2]), "=d"(registers[3])
                     : "0"(leaf), "2"(subleaf));
}

bool gnomon_vector_prepare(void) {
    uint32_t registers[4];
    identify(1, 0, registers);
    if ((registers[2] >> 27 & 1) == 0) { /* OSXSAVE */
        return false;
    }
    uint32_t low;
    uint32_t high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    gnomon_vector_components = ((uint64_t)high << 32 | low) & ~(COMPONENT_TILE_DATA | COMPONENT_TILE_CONFIGURATION);
    uint32_t end = GNOMON_VECTOR_HEADER + XSAVE_HEADER_BYTES;
    for (uint32_t i = 2; i < 63; i++) {
        if ((gnomon_vector_components >> i & 1) != 0) {
            identify(0xd, i, registers);
            end = registers[0] + registers[1] > end ? registers[0] + registers[1] : end;
        }
    }
    gnomon_vector_bytes = end;
    return end + sizeof(uint32_t) <= GNOMON_AREA_VECTOR;
}

#ifndef GNOMON_REMOTE
void gnomon_vector_save(uint8_t *vector) {
    memset(vector + GNOMON_VECTOR_HEADER, 0, XSAVE_HEADER_BYTES);
    __asm__ volatile("xsave64 (%0)"
                     :
                     : "r"(vector), "a"((uint32_t)gnomon_vector_components), "d"((uint32_t)(gnomon_vector_components >> 32))
                     : "memory");
}

void gnomon_vector_reset(uint8_t *vector) {
    uint64_t reset = gnomon_vector_components & ~COMPONENT_PKRU;
    uint32_t mxcsr = MXCSR_INITIAL;
    memset(vector + GNOMON_VECTOR_HEADER, 0, XSAVE_HEADER_BYTES);
    memcpy(vector + LEGACY_MXCSR, &mxcsr, sizeof(mxcsr));
    __asm__ volatile("xrstor64 (%0)"
                     :
                     : "r"(vector), "a"((uint32_t)reset), "d"((uint32_t)(reset >> 32))
                     : "memory");
}
#endif
