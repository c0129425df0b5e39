/*
 * Hybrid guests and their catcher: a process beside the zygote that traces a guest thread again where a call escaped the shim.
 *
 * A hybrid guest is traced as it executes a program, for the shim to be injected, and then left alone. A call that the shim's
 * dispatch did not see -- it was switched off, or the call is one of the vsyscall page, which dispatch does not know -- is
 * stopped by a filter (escape.c), whose notification goes to the catcher. It attaches to the thread, which ends the wait
 * inside the call without an answer, and makes it go on at the shim's entry with the registers that a trap would have left:
 * from there on the call is like any other. Then it detaches. A thread that has no state of the shim's cannot be helped: it is
 * named, and its process killed.
 *
 * Not a tracer that stays attached: to such a guest every trap of the dispatch, which is a signal, would be two more switches.
 */
#ifndef GNOMON_ZYGOTE_CATCHER_H
#define GNOMON_ZYGOTE_CATCHER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Starts the catcher where there is none; by the zygote's first thread. The socket to which a guest sends its listener, or -1
 * with errno. */
int open_catcher(void);

/* That socket; -1 where there was no catcher yet. */
int catcher_socket(void);

/* How many catchers have died. */
uint32_t catchers_lost(void);

/* A child of the first thread's is gone. Where it was the catcher, escaped calls of guests that live get ENOSYS from now on:
 * true, and the next start has another one. */
bool forget_catcher(pid_t pid);

/* In the child that becomes the guest, last before it executes. All it does afterwards must go through the gate. 0, or -1 with
 * errno. */
int escape_filter_install(int hand_over);

#endif
