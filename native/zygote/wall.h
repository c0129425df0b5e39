/*
 * The wall behind the shim: a seccomp filter (seccomp(2), Documentation/userspace-api/seccomp_filter.rst) that every guest
 * is born with and its children inherit. A filter takes the kernel longer to install than a program to execute, so the
 * nurseries are behind the wall themselves, and all their guests share one filter.
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

/* Makes the filter, and the gate (gate.h). 0 or errno. */
int wall_prepare(const struct gnomon_image_header *image);

/* Puts this thread, and all that it will bear, behind the wall for ever. 0, or -1 with errno. */
int wall_raise(void);

#endif
