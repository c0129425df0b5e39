/*
 * The wall behind the shim: a seccomp filter (seccomp(2), Documentation/userspace-api/seccomp_filter.rst) that every guest
 * is born with and its children inherit.
 *
 * Caught calls never come to it: syscall user dispatch is asked first (kernel/entry/common.c). Calls of the shim's own code
 * pass. What is left are calls that nothing caught. Those that would reach beyond the process -- sockets, signals, other
 * processes' memory, clocks, mounts, new processes and programs -- are turned into SIGSYS, which the shim hands to the engine
 * as a fault; the engine names the call and ends the guest. Where no shim is there to do so, SIGSYS is the end.
 * The rest passes: before the shim is there the dynamic loader maps files (preload), or the bootstrap the image (inject).
 */
#ifndef GNOMON_ZYGOTE_WALL_H
#define GNOMON_ZYGOTE_WALL_H

#include <gnomon/image.h>
#include <stdbool.h>

/* Makes the filter, and the gate through which a process behind the wall may execute its first program. 0 or errno. */
int wall_prepare(const struct gnomon_image_header *image);

/* Puts this process behind the wall, for ever. 0, or -1 with errno. Keeps no state, so it may be called after vfork. */
int wall_raise(void);

/* execve(2) through the gate: returns only where it failed, with -errno. */
long wall_execute(const char *program, char *const *arguments, char *const *environment);

#endif
