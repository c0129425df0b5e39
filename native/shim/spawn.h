/* Threads and processes that a guest brings to life. */
#ifndef GNOMON_SPAWN_H
#define GNOMON_SPAWN_H

#include "call.h"

/* Executes the guest's clone, clone3, fork or vfork. Returns in the parent only: the real id, or -errno. */
long gnomon_spawn(struct gnomon_thread *thread, const struct gnomon_call *call, uint32_t thread_page,
                  uint32_t process_page);

/* In a new process, before anything else: takes the place that the thread's child_process_page and child_thread_page say. */
void gnomon_enter_process(struct gnomon_thread *thread);

/*
 * clone(2) as it is. The child begins on `stack`, 0 for where the parent's stands, with start(thread), and then goes on as
 * thread->context says. Returns in the parent: the id, or -errno. entry.S.
 */
long gnomon_clone(uint64_t flags, uint64_t stack, uint32_t *clear_tid, uint64_t tls, struct gnomon_thread *thread,
                  void (*start)(struct gnomon_thread *));

#endif
