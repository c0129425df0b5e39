/* What is common to all who send a thread to the shim's entry because it makes a call (entry.S: gnomon_trap_entry). */
#ifndef GNOMON_CAUGHT_H
#define GNOMON_CAUGHT_H

#include <stdint.h>

/* What the entry must not inherit: trap, direction, alignment check. The guest's flags come back from %r11. */
#define GNOMON_RFLAGS_CLEARED UINT64_C(0x40500)

/* Calls into this page return before anybody who catches them can see it (arch/x86/entry/vsyscall/vsyscall_64.c). */
#define GNOMON_VSYSCALL_ADDRESS UINT64_C(0xffffffffff600000) /* arch/x86/include/uapi/asm/vsyscall.h */
#define GNOMON_VSYSCALL_BYTES 4096

static inline int gnomon_is_vsyscall(uint64_t instruction) {
    return instruction - GNOMON_VSYSCALL_ADDRESS < GNOMON_VSYSCALL_BYTES;
}

#endif
