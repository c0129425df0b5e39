/* read, readv, recvfrom, recvmsg on objects that show what there is to read. */
#include "copy.h"
#include "local.h"
#include "message.h"
#include "object.h"

/* Flags that a call may have; with any other it crosses. */
#define FLAGS_KNOWN \
    (GNOMON_MSG_PEEK | GNOMON_MSG_DONTWAIT | GNOMON_MSG_WAITALL | GNOMON_MSG_NOSIGNAL | GNOMON_MSG_CMSG_CLOEXEC)

#define COUNTER_BYTES 8

/* A call that takes nothing: EAGAIN, or the end. Both are in the log, so that the engine agrees. */
static bool take_nothing(struct gnomon_thread *thread, uint64_t descriptor, const struct gnomon_message *message, long answer,
                         long *result) {
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_READ, descriptor, 0);
    if (entry == NULL) {
        return false;
    }
    entry->requested = message->total;
    entry->flags = message->flags;
    gnomon_log_add(thread, entry, answer, false);
    *result = answer;
    return true;
}

static bool receive_nothing(struct gnomon_thread *thread, uint64_t descriptor, const struct gnomon_object *object,
                            const struct gnomon_message *message, long *result) {
    bool waits = (object->status_flags & GNOMON_O_NONBLOCK) == 0 && (message->flags & GNOMON_MSG_DONTWAIT) == 0;
    return !waits && gnomon_object_shows_all(thread, object) &&
           take_nothing(thread, descriptor, message, -GNOMON_EAGAIN, result);
}

static bool receive_bytes(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                          const struct gnomon_message *message, long *result) {
    uint32_t left = gnomon_object_left(object);
    if (left == 0) {
        if ((object->flags & GNOMON_OBJECT_END) == 0 || !gnomon_object_shows_all(thread, object)) {
            return receive_nothing(thread, descriptor, object, message, result);
        }
        return (message->flags & GNOMON_MSG_PEEK) == 0 && gnomon_message_answer(message, NULL, 0) &&
               take_nothing(thread, descriptor, message, 0, result);
    }
    uint64_t bytes = message->total;
    if (bytes > left) {
        if (!gnomon_object_shows_all(thread, object) || (message->flags & GNOMON_MSG_WAITALL) != 0) {
            return false;
        }
        bytes = left;
    }
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_READ, descriptor, 0);
    if (entry == NULL || !gnomon_message_scatter(message, gnomon_object_bytes(object), bytes) ||
        !gnomon_message_answer(message, NULL, 0)) {
        return false;
    }
    *result = (long)bytes;
    if ((message->flags & GNOMON_MSG_PEEK) == 0) {
        entry->requested = message->total;
        entry->flags = message->flags;
        object->begin += (uint32_t)bytes;
        gnomon_log_add(thread, entry, (long)bytes, (object->flags & GNOMON_OBJECT_READ_EFFECTS) != 0);
    }
    return true;
}

static bool receive_datagram(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                             const struct gnomon_message *message, long *result) {
    uint32_t left = gnomon_object_left(object);
    if (left < sizeof(struct gnomon_datagram)) {
        return receive_nothing(thread, descriptor, object, message, result);
    }
    const uint8_t *at = gnomon_object_bytes(object);
    const struct gnomon_datagram *datagram = (const struct gnomon_datagram *)at;
    uint32_t bytes = datagram->bytes;
    if ((object->flags & GNOMON_OBJECT_CONTROL) != 0 || bytes > left - sizeof(*datagram)) {
        return false;
    }
    struct gnomon_socket_address source = {.family = GNOMON_AF_INET,
                                           .port = gnomon_network_short(datagram->source_port),
                                           .address = gnomon_network_int(datagram->source_address)};
    uint64_t copied = message->total < bytes ? message->total : bytes;
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_READ, descriptor, 0);
    if (entry == NULL || !gnomon_message_scatter(message, at + sizeof(*datagram), copied) ||
        !gnomon_message_answer(message, &source, copied < bytes ? GNOMON_MSG_TRUNC : 0)) {
        return false;
    }
    *result = (long)copied;
    if ((message->flags & GNOMON_MSG_PEEK) == 0) {
        entry->requested = message->total;
        entry->flags = message->flags;
        uint32_t taken = (uint32_t)sizeof(*datagram) + ((bytes + 7) & ~7u);
        object->begin += taken < left ? taken : left;
        gnomon_log_add(thread, entry, *result, false);
    }
    return true;
}

static bool read_counter(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                         const struct gnomon_message *message, long *result) {
    if (message->total < COUNTER_BYTES) {
        return false;
    }
    if (object->value == 0) {
        return receive_nothing(thread, descriptor, object, message, result);
    }
    uint64_t taken = (object->flags & GNOMON_OBJECT_SEMAPHORE) != 0 ? 1 : object->value;
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_READ, descriptor, 0);
    if (entry == NULL || !gnomon_message_scatter(message, (const uint8_t *)&taken, COUNTER_BYTES)) {
        return false;
    }
    entry->requested = message->total;
    object->value -= taken;
    object->room += (int64_t)taken;
    gnomon_log_add(thread, entry, COUNTER_BYTES, true);
    *result = COUNTER_BYTES;
    return true;
}

bool gnomon_answer_receive(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    uint64_t descriptor = call->arguments[0];
    struct gnomon_object *object = gnomon_object_of(thread, descriptor);
    struct gnomon_message message;
    if (object == NULL || (object->flags & GNOMON_OBJECT_READS) == 0 || !gnomon_message_read(&message, call) ||
        message.total == 0 || (message.flags & ~(uint32_t)FLAGS_KNOWN) != 0 ||
        (message.socket_call && (object->flags & GNOMON_OBJECT_SOCKET) == 0)) {
        return false;
    }
    switch (object->kind) {
    case GNOMON_OBJECT_STREAM:
        return receive_bytes(thread, descriptor, object, &message, result);
    case GNOMON_OBJECT_DATAGRAM:
        return receive_datagram(thread, descriptor, object, &message, result);
    case GNOMON_OBJECT_COUNTER:
        return read_counter(thread, descriptor, object, &message, result);
    default:
        return false;
    }
}
