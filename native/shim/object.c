#include "object.h"

struct gnomon_object *gnomon_object_at(uint32_t unit) {
    uint64_t offset = (uint64_t)unit * GNOMON_OBJECT_UNIT;
    if (unit <= GNOMON_DESCRIPTOR_OPAQUE || offset > (uint64_t)gnomon_process.arena->block_bytes - GNOMON_OBJECT_BYTES) {
        return NULL;
    }
    struct gnomon_object *object = (struct gnomon_object *)(gnomon_process.host_block + offset);
    return object->kind == GNOMON_OBJECT_OPAQUE ? NULL : object;
}

struct gnomon_object *gnomon_object_of(const struct gnomon_thread *thread, uint64_t argument) {
    uint32_t descriptor = (uint32_t)argument;
    return descriptor < GNOMON_DESCRIPTOR_LIMIT ? gnomon_object_at(thread->process->descriptors[descriptor]) : NULL;
}

bool gnomon_object_ready(const struct gnomon_thread *thread, const struct gnomon_object *object, uint32_t *events) {
    uint32_t bits = object->events;
    bool readable;
    if (gnomon_object_unsure(thread, object)) {
        return false;
    }
    switch (object->kind) {
    case GNOMON_OBJECT_LISTENER:
        *events = bits;
        return true;
    case GNOMON_OBJECT_STREAM:
    case GNOMON_OBJECT_DATAGRAM:
        readable = gnomon_object_left(object) > 0;
        if (!readable && object->readable_events != 0 && (object->flags & GNOMON_OBJECT_COMPLETE) == 0) {
            return false;
        }
        break;
    case GNOMON_OBJECT_COUNTER:
        readable = object->value > 0;
        break;
    default:
        return false;
    }
    if (readable) {
        bits |= object->readable_events;
    }
    if (object->room >= object->writable_room) {
        bits |= object->writable_events;
    } else if ((object->flags & GNOMON_OBJECT_NOTES_FULL) != 0) {
        return false;
    }
    *events = bits;
    return true;
}

struct gnomon_log_entry *gnomon_log_reserve(const struct gnomon_thread *thread, enum gnomon_log_operation operation,
                                            uint64_t descriptor, uint64_t payload) {
    struct gnomon_slot *slot = thread->slot;
    uint32_t used = slot->log_bytes;
    if (used > GNOMON_LOG_BYTES - sizeof(struct gnomon_log_entry) ||
        payload > GNOMON_LOG_BYTES - sizeof(struct gnomon_log_entry) - used) {
        return NULL;
    }
    struct gnomon_log_entry *entry = (struct gnomon_log_entry *)(slot->log + (used & ~7u));
    *entry = (struct gnomon_log_entry){
        .operation = (uint16_t)operation, .descriptor = (int32_t)descriptor, .payload = (uint32_t)payload};
    return entry;
}

void gnomon_log_add(struct gnomon_thread *thread, struct gnomon_log_entry *entry, long result, bool effects) {
    struct gnomon_slot *slot = thread->slot;
    entry->result = result;
    uint32_t bytes = ((uint32_t)sizeof(*entry) + entry->payload + 7) & ~7u;
    uint32_t end = slot->log_bytes + bytes;
    slot->log_bytes = end > GNOMON_LOG_BYTES ? GNOMON_LOG_BYTES : end;
    __atomic_store_n(&slot->log_count, slot->log_count + 1, __ATOMIC_RELEASE);
    if (effects) {
        thread->effects++;
    }
}
