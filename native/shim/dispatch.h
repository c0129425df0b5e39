/* What is done with a guest's call, once it was caught. */
#ifndef GNOMON_DISPATCH_H
#define GNOMON_DISPATCH_H

#include "thread.h"

/* Answers the call in the thread's context, if that can be done without the engine; nothing but %rax changes. The registers that
 * functions preserve are not in the context yet. From entry.S. */
bool gnomon_dispatch_locally(struct gnomon_thread *thread);

/* The call in the thread's context, which could not be answered locally; on return the context is where the guest goes on. True where the call returned and
 * nothing but %rax is to change. From entry.S. */
bool gnomon_dispatch_call(struct gnomon_thread *thread);

/* The fault in the thread's context. From entry.S. */
void gnomon_dispatch_fault(struct gnomon_thread *thread);

/* A new thread, process or program announces itself and waits for its turn; the context is where it begins. */
void gnomon_dispatch_start(struct gnomon_thread *thread, enum gnomon_phase phase);

/* Dies of the signal by its default action. */
_Noreturn void gnomon_die(int signal);

/* Says why on standard error and ends the process with GNOMON_EXIT_SHIM_REFUSED. */
_Noreturn void gnomon_refuse(const char *reason);

#endif
