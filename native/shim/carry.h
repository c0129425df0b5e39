/* Memory that travels with a call: into the slot's transfer buffer, and back out of it. */
#ifndef GNOMON_CARRY_H
#define GNOMON_CARRY_H

#include "call.h"
#include "signature.h"

enum gnomon_moment { GNOMON_BEFORE_CALL, GNOMON_AFTER_NATIVE_CALL };

/*
 * Fills the slot's ranges. What does not fit or cannot be read is left out.
 * After the kernel executed the call, what it wrote is carried too (all of it as INOUT), not more than `result` bytes of a
 * buffer.
 */
void gnomon_gather(struct gnomon_slot *slot, const struct gnomon_call *call, const struct gnomon_signature *signature,
                   enum gnomon_moment moment, long result);

/* Copies what the engine wrote to the guest's memory. False where an address was inaccessible. */
bool gnomon_scatter(struct gnomon_slot *slot);

#endif
