/* Descriptor numbers of emulated objects: occupied in the guest's real table, and entered into its process record. */
#ifndef GNOMON_INSTALL_H
#define GNOMON_INSTALL_H

#include "thread.h"

/* Occupies as many numbers as the reply says, the lowest that are free; `path` is where guest memory says "/dev/null". What they
 * are is in slot->installed; where the kernel refuses, -errno is in the first and none is occupied. */
void gnomon_install(struct gnomon_slot *slot, uint64_t path);

/* Enters what was installed into the thread's process record. Returns the call's result. */
long gnomon_complete_installation(struct gnomon_thread *thread);

#endif
