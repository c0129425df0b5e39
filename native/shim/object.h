/* The objects that the host's block shows (gnomon/object.h), and the log of what was done to them. */
#ifndef GNOMON_SHIM_OBJECT_H
#define GNOMON_SHIM_OBJECT_H

#include "thread.h"

#define GNOMON_POLLIN 0x001
#define GNOMON_POLLOUT 0x004
#define GNOMON_POLLERR 0x008
#define GNOMON_POLLHUP 0x010

#define GNOMON_O_NONBLOCK 04000

/* The object of a descriptor; NULL where it is none, or every call on it crosses. */
struct gnomon_object *gnomon_object_of(const struct gnomon_thread *thread, uint64_t descriptor);

/* The object at so many times 64 bytes in the block; NULL as above. */
struct gnomon_object *gnomon_object_at(uint32_t unit);

/* What is left to read in the mirror, in bytes. */
static inline uint32_t gnomon_object_left(const struct gnomon_object *object) {
    uint32_t end = object->end > GNOMON_MIRROR_BYTES ? GNOMON_MIRROR_BYTES : object->end;
    return object->begin < end ? end - object->begin : 0;
}

/* Where the next bytes to read stand. Only where gnomon_object_left is above 0. */
static inline const uint8_t *gnomon_object_bytes(const struct gnomon_object *object) {
    return gnomon_process.host_block + object->mirror + object->begin;
}

/* Whether what is shown of the object may be out of date. */
static inline bool gnomon_object_unsure(const struct gnomon_thread *thread, const struct gnomon_object *object) {
    return thread->effects != 0 && (object->flags & GNOMON_OBJECT_PAIRED) != 0;
}

/* The poll bits that hold now; false where only the engine can tell. */
bool gnomon_object_ready(const struct gnomon_thread *thread, const struct gnomon_object *object, uint32_t *events);

/* Whether there is no more to read than the mirror shows. */
static inline bool gnomon_object_shows_all(const struct gnomon_thread *thread, const struct gnomon_object *object) {
    return (object->flags & GNOMON_OBJECT_COMPLETE) != 0 && !gnomon_object_unsure(thread, object);
}

/* Room for an entry of the log with a payload of so many bytes, which follows it; filled in with zeros but for operation,
 * descriptor and payload. NULL where the log is full. It counts only after gnomon_log_add. */
struct gnomon_log_entry *gnomon_log_reserve(const struct gnomon_thread *thread, enum gnomon_log_operation operation,
                                            uint64_t descriptor, uint64_t payload);

static inline uint8_t *gnomon_log_payload(struct gnomon_log_entry *entry) {
    return (uint8_t *)(entry + 1);
}

/* Adds the entry reserved last. `effects`: another object may have become ready by it. */
void gnomon_log_add(struct gnomon_thread *thread, struct gnomon_log_entry *entry, long result, bool effects);

#endif
