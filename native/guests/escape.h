/* Calls that the shim does not catch. Needs a shim that is injected or preloaded. */
#ifndef GNOMON_GUESTS_ESCAPE_H
#define GNOMON_GUESTS_ESCAPE_H

#include "check.h"

#include <gnomon/image.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#ifndef PR_SET_SYSCALL_USER_DISPATCH
#define PR_SET_SYSCALL_USER_DISPATCH 59
#endif
#define PR_SYS_DISPATCH_OFF 0
#define PAGE 4096

/* Makes a call from a page of the shim that the program has no use for, whose code it overwrites for that long. */
static inline long from_inside_the_shim(long number, long first, long second) {
    static const uint8_t code[] = {0x48, 0x89, 0xf8, 0x48, 0x89, 0xf7, 0x48, 0x89, 0xd6,  /* mov to %rax, %rdi, %rsi */
                                   0x31, 0xd2, 0x4d, 0x31, 0xd2, 0x4d, 0x31, 0xc0,        /* xor %edx, %r10, %r8 */
                                   0x0f, 0x05, 0xc3};                                     /* syscall; ret */
    const struct gnomon_image_header *image = (const void *)GNOMON_IMAGE_ADDRESS;
    uint8_t *page = (uint8_t *)((image->text_end - sizeof code) & ~(uint64_t)(PAGE - 1));
    uint8_t kept[sizeof code];
    CHECK(mprotect(page, PAGE, PROT_READ | PROT_WRITE | PROT_EXEC) == 0);
    memcpy(kept, page, sizeof code);
    memcpy(page, code, sizeof code);
    long result = ((long (*)(long, long, long))page)(number, first, second);
    memcpy(page, kept, sizeof code);
    return result;
}

/* The calling thread's calls trap no more. */
static inline bool end_dispatch(void) {
    return from_inside_the_shim(SYS_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF) == 0;
}

#endif
