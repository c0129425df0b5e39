/* System calls as the kernel knows them: results from -4095 to -1 are errors. */
#ifndef GNOMON_RAW_H
#define GNOMON_RAW_H

#include "shim.h"
#include <asm/unistd.h>

#ifdef GNOMON_REMOTE
/* The call is made by the guest that the tracer attends to: pointers are the guest's. */
long gnomon_raw6(long number, long a, long b, long c, long d, long e, long f);

static inline long gnomon_raw4(long number, long a, long b, long c, long d) {
    return gnomon_raw6(number, a, b, c, d, 0, 0);
}
#else
static inline long gnomon_raw6(long number, long a, long b, long c, long d, long e, long f) {
    register long r10 __asm__("r10") = d;
    register long r8 __asm__("r8") = e;
    register long r9 __asm__("r9") = f;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return result;
}

static inline long gnomon_raw4(long number, long a, long b, long c, long d) {
    register long r10 __asm__("r10") = d;
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
                     : "rcx", "r11", "memory");
    return result;
}

#endif

static inline long gnomon_raw3(long number, long a, long b, long c) {
    return gnomon_raw4(number, a, b, c, 0);
}

static inline bool gnomon_failed(long result) {
    return (unsigned long)result > -4096UL;
}

#endif
