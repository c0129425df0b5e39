/* The four functions that a compiler takes for granted. */
#include "shim.h"

void *memcpy(void *destination, const void *source, size_t bytes) {
    void *result = destination;
    __asm__ volatile("rep movsb" : "+D"(destination), "+S"(source), "+c"(bytes) : : "memory");
    return result;
}

void *memmove(void *destination, const void *source, size_t bytes) {
    if ((uintptr_t)destination - (uintptr_t)source >= bytes) {
        return memcpy(destination, source, bytes);
    }
    uint8_t *to = destination;
    const uint8_t *from = source;
    while (bytes > 0) {
        bytes--;
        to[bytes] = from[bytes];
    }
    return destination;
}

void *memset(void *destination, int value, size_t bytes) {
    void *result = destination;
    __asm__ volatile("rep stosb" : "+D"(destination), "+c"(bytes) : "a"(value) : "memory");
    return result;
}

int memcmp(const void *left, const void *right, size_t bytes) {
    const uint8_t *a = left;
    const uint8_t *b = right;
    for (size_t i = 0; i < bytes; i++) {
        if (a[i] != b[i]) {
            return a[i] - b[i];
        }
    }
    return 0;
}
