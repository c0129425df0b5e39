/*
 * Call sites are patched, so that later calls from there jump instead of trapping: ten nanoseconds instead of a microsecond.
 * Only in code that nobody else changes (code.h), and only once a site has trapped a few times: what runs once in a program's
 * life is cheaper trapped.
 *
 * The two bytes behind which the guest goes on, and all after them, stay what they are. So a signal frame, a backtrace, a jump
 * out of a handler or a new thread has the very address that it has natively, and it may be jumped to.
 *
 *   mov $number, %eax; ...; syscall   the mov becomes a jump to the site's stub, which begins with it and with what stands
 *                                     between it and the site (site.h). All but the mov stays where it is: whoever jumps to
 *                                     one of these instructions executes it and traps.
 *   syscall                           becomes a short jump into a gap between two pieces of code (gap.h), where a jump to the
 *                                     site's stub is put.
 */
#ifndef GNOMON_PATCH_H
#define GNOMON_PATCH_H

#include "thread.h"

/* The call in the thread's context trapped: counts it, and patches its site where it is due. From entry.S. */
void gnomon_patch_trapped(struct gnomon_thread *thread);

/* A copy of the process made in between would have half a patch that nobody completes: fork holds this. */
void gnomon_patch_lock(void);
void gnomon_patch_unlock(void);

#endif
