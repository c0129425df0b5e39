/* What the engine calls for every switch; the mechanism and the rules stand in switch.c. */
#ifndef GNOMON_SWITCH_H
#define GNOMON_SWITCH_H

#include <stdint.h>

#define EXPORTED __attribute__((visibility("default")))

enum gnomon_switch_outcome {
    GNOMON_SWITCH_STOPPED = 0, /* the slot's state is CALL or GONE */
    GNOMON_SWITCH_NOTICE = 1,  /* the worker's word moved, but not because of this slot */
    GNOMON_SWITCH_TIMEOUT = 2,
};

/* Lets the guest run and waits until it stops. `seen` is the worker's word as read before the caller looked for notices. */
int32_t gnomon_switch(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos);

/* Waits as gnomon_switch does, but lets nobody run. */
int32_t gnomon_await(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos);

/* The same for a guest that crosses by notification (notification.c). `event` ends the wait where the worker's word moved;
 * the block is that of the guest's host, of so many pages. */
int32_t gnomon_switch_notified(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos, int32_t listener,
                               int32_t event, int64_t block_address, int64_t pages);
int32_t gnomon_await_notified(int64_t slot_address, int64_t worker_address, int32_t seen, int64_t timeout_nanos, int32_t listener,
                              int32_t event, int64_t block_address, int64_t pages);

/* Wakes the guest that sleeps in a slot, after its word was counted up by the caller. */
void gnomon_wake(int64_t slot_address);

#endif
