/*
 * What every file of the shim begins with. The mechanism and the rules stand in start.c.
 *
 * Some files are part of the tracer too (GNOMON_REMOTE; native/tracer), where "guest memory" and "the kernel" are those of
 * another process.
 */
#ifndef GNOMON_SHIM_H
#define GNOMON_SHIM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifndef GNOMON_REMOTE
/* Rule 1: nothing of any libc. */
#define malloc the_shim_never_allocates
#define calloc the_shim_never_allocates
#define realloc the_shim_never_allocates
#define free the_shim_never_allocates
#define printf the_shim_never_formats_with_libc
#define fprintf the_shim_never_formats_with_libc
#define snprintf the_shim_never_formats_with_libc
#define errno the_shim_has_no_errno
#define environ the_shim_finds_the_environment_on_the_stack
#define pthread_self the_shim_has_no_libc_threads
#define getenv the_shim_finds_the_environment_on_the_stack
#define strlen the_shim_reads_guest_strings_with_gnomon_copy_string
#endif

/* The compiler itself may ask for these; memory.c has them. For guest memory there is copy.h. */
void *memcpy(void *destination, const void *source, size_t bytes);
void *memmove(void *destination, const void *source, size_t bytes);
void *memset(void *destination, int value, size_t bytes);
int memcmp(const void *left, const void *right, size_t bytes);

#define GNOMON_EINTR 4
#define GNOMON_EACCES 13
#define GNOMON_EFAULT 14
#define GNOMON_ENOMEM 12
#define GNOMON_EAGAIN 11
#define GNOMON_E2BIG 7
#define GNOMON_EINVAL 22
#define GNOMON_ENOTTY 25
#define GNOMON_ENOSYS 38

/* Of a large table: it lies behind what is small, so that little memory is touched where it is not. */
#ifndef GNOMON_REMOTE
#define GNOMON_TABLE __attribute__((section(".tables"), aligned(4096)))
#endif

/* The code whose calls the kernel lets through (shim.ld). */
extern const char gnomon_text_begin[], gnomon_text_end[];

static inline bool gnomon_in_text(uint64_t address) {
    return address >= (uint64_t)gnomon_text_begin && address < (uint64_t)gnomon_text_end;
}

#endif
