/* Threads and processes that a guest brings to life. */
#ifndef GNOMON_SPAWN_H
#define GNOMON_SPAWN_H

#include "call.h"

/* Executes the guest's clone, clone3, fork or vfork. Returns in the parent only: the real id, or -errno. */
long gnomon_spawn(struct gnomon_thread *thread, const struct gnomon_call *call, uint32_t thread_page,
                  uint32_t process_page);

#endif
