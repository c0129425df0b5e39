/* write, writev, sendto, sendmsg, sendmmsg on objects with room. */
#include "copy.h"
#include "local.h"
#include "message.h"
#include "object.h"

#define FLAGS_KNOWN (GNOMON_MSG_DONTWAIT | GNOMON_MSG_NOSIGNAL | GNOMON_MSG_MORE)

#define COUNTER_BYTES 8
#define CHUNK_BYTES 65536
#define SEEK_START 0
#define SEEK_CURRENT 1
#define DATAGRAM_LIMIT 65507
#define LOOPBACK_NETWORK 127
#define BROADCAST 0xffffffff

/* struct mmsghdr: a struct msghdr, the count of bytes sent, padding. */
#define COUNTED_HEADER_BYTES 64
#define COUNTED_HEADER_COUNT 56
#define COUNTED_LIMIT 64

/* Whether datagrams to the address leave the host, or come back to it, for sure. */
static bool reachable(uint32_t address) {
    const struct gnomon_arena_header *arena = gnomon_process.arena;
    if (address == 0 || address == BROADCAST) {
        return false;
    }
    if (address == gnomon_process.host->address || address >> 24 == LOOPBACK_NETWORK) {
        return true;
    }
    uint32_t bits = arena->address_bits;
    if (bits == 0 || bits > 31) {
        return false;
    }
    const uint32_t *table = (const uint32_t *)((const uint8_t *)arena + GNOMON_ADDRESSES_OFFSET);
    uint32_t mask = (UINT32_C(1) << bits) - 1;
    uint32_t entry = (address * GNOMON_ADDRESS_MULTIPLIER) >> (32 - bits);
    for (uint32_t looked = 0; looked <= mask; looked++) {
        if (table[entry] == address) {
            return true;
        }
        if (table[entry] == 0) {
            return false;
        }
        entry = (entry + 1) & mask;
    }
    return false;
}

/* Adds what the message says to the log; `taken` of the object's room is gone then. */
static bool send(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                 const struct gnomon_message *message, const struct gnomon_socket_address *to, int64_t taken) {
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_WRITE, descriptor, message->total);
    if (entry == NULL || !gnomon_message_gather(message, gnomon_log_payload(entry))) {
        return false;
    }
    entry->flags = message->flags;
    if (to != NULL) {
        entry->named = 1;
        entry->address = gnomon_network_int(to->address);
        entry->port = gnomon_network_short(to->port);
    }
    object->room -= taken;
    gnomon_log_add(thread, entry, (long)message->total, (object->flags & GNOMON_OBJECT_WRITE_EFFECTS) != 0);
    return true;
}

static bool send_bytes(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                       const struct gnomon_message *message) {
    uint64_t unit = object->room_unit > 0 ? object->room_unit : 1;
    uint64_t taken = (message->total + unit - 1) / unit * unit;
    return message->total > 0 && message->name_bytes == 0 && object->room >= 0 && taken <= (uint64_t)object->room &&
           send(thread, descriptor, object, message, NULL, (int64_t)taken);
}

static bool send_datagram(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                          const struct gnomon_message *message) {
    if (object->room <= 0 || message->total > DATAGRAM_LIMIT) {
        return false;
    }
    int64_t taken = gnomon_datagram_charge((uint32_t)message->total);
    if (message->name == 0 || message->name_bytes == 0) {
        return (object->flags & GNOMON_OBJECT_CONNECTED) != 0 && object->remote_port != 0 &&
               send(thread, descriptor, object, message, NULL, taken);
    }
    struct gnomon_socket_address to;
    return message->name_bytes >= sizeof(to) && gnomon_copy_in(&to, message->name, sizeof(to)) &&
           to.family == GNOMON_AF_INET && to.port != 0 && reachable(gnomon_network_int(to.address)) &&
           send(thread, descriptor, object, message, &to, taken);
}

static bool add_to_counter(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                           const struct gnomon_message *message) {
    uint64_t added;
    if (message->total != COUNTER_BYTES || !gnomon_message_gather(message, (uint8_t *)&added) || object->room < 0 ||
        added > (uint64_t)object->room) {
        return false;
    }
    if (!send(thread, descriptor, object, message, NULL, (int64_t)added)) {
        return false;
    }
    object->value += added;
    return true;
}

static bool send_one(struct gnomon_thread *thread, uint64_t descriptor, struct gnomon_object *object,
                     const struct gnomon_message *message) {
    if (message->control || (message->flags & ~(uint32_t)FLAGS_KNOWN) != 0 ||
        (message->socket_call && (object->flags & GNOMON_OBJECT_SOCKET) == 0) ||
        (thread->closes != 0 && (object->flags & GNOMON_OBJECT_PAIRED) != 0)) {
        return false;
    }
    switch (object->kind) {
    case GNOMON_OBJECT_STREAM:
        return send_bytes(thread, descriptor, object, message);
    case GNOMON_OBJECT_DATAGRAM:
        return send_datagram(thread, descriptor, object, message);
    case GNOMON_OBJECT_COUNTER:
        return add_to_counter(thread, descriptor, object, message);
    default:
        return false;
    }
}

/* One call counts as one however many messages it sends; so all of them are answered, or none. */
static bool send_several(struct gnomon_thread *thread, const struct gnomon_call *call, struct gnomon_object *object,
                         long *result) {
    uint64_t count = (uint32_t)call->arguments[2];
    if (count == 0 || count > COUNTED_LIMIT || object->kind != GNOMON_OBJECT_DATAGRAM) {
        return false;
    }
    uint32_t log_count = thread->slot->log_count;
    uint32_t log_bytes = thread->slot->log_bytes;
    int64_t room = object->room;
    for (uint64_t i = 0; i < count; i++) {
        uint64_t header = call->arguments[1] + i * COUNTED_HEADER_BYTES;
        struct gnomon_message message;
        uint32_t sent;
        if (!gnomon_message_read_header(&message, header, (uint32_t)call->arguments[3]) ||
            !send_one(thread, call->arguments[0], object, &message) ||
            (sent = (uint32_t)message.total, !gnomon_copy_out(header + COUNTED_HEADER_COUNT, &sent, sizeof(sent)))) {
            thread->slot->log_count = log_count;
            thread->slot->log_bytes = log_bytes;
            object->room = room;
            return false;
        }
    }
    *result = (long)count;
    return true;
}

/*
 * sendfile from a file of the kernel's own, what there is of it at once: read straight into the log. The engine writes at most
 * CHUNK_BYTES of a file at once, so no more than that is one entry.
 */
bool gnomon_answer_send_file(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    const uint64_t *a = call->arguments;
    struct gnomon_object *object = gnomon_object_of(thread, a[0]);
    uint32_t source = (uint32_t)a[1];
    int64_t offset;
    if (object == NULL || object->kind != GNOMON_OBJECT_STREAM || (object->flags & GNOMON_OBJECT_WRITES) == 0 ||
        (object->flags & GNOMON_OBJECT_PAIRED) != 0 || source >= GNOMON_DESCRIPTOR_LIMIT ||
        thread->process->descriptors[source] != GNOMON_DESCRIPTOR_NATIVE || a[3] == 0 || a[3] > CHUNK_BYTES ||
        (int64_t)a[3] > object->room) {
        return false;
    }
    if (a[2] == 0) {
        offset = gnomon_raw3(__NR_lseek, source, 0, SEEK_CURRENT);
    } else if (!gnomon_copy_in(&offset, a[2], sizeof(offset))) {
        return false;
    }
    struct gnomon_log_entry *entry = gnomon_log_reserve(thread, GNOMON_LOG_WRITE, a[0], a[3]);
    if (entry == NULL || offset < 0) {
        return false;
    }
    long bytes = gnomon_raw4(__NR_pread64, source, (long)gnomon_log_payload(entry), (long)a[3], offset);
    if (bytes <= 0) {
        return false;
    }
    int64_t end = offset + bytes;
    bool stored = a[2] == 0 ? gnomon_raw3(__NR_lseek, source, end, SEEK_START) == end
                            : gnomon_copy_out(a[2], &end, sizeof(end));
    if (!stored) {
        return false;
    }
    entry->payload = (uint32_t)bytes;
    object->room -= bytes;
    gnomon_log_add(thread, entry, bytes, (object->flags & GNOMON_OBJECT_WRITE_EFFECTS) != 0);
    *result = bytes;
    return true;
}

bool gnomon_answer_send(struct gnomon_thread *thread, const struct gnomon_call *call, long *result) {
    uint64_t descriptor = call->arguments[0];
    struct gnomon_object *object = gnomon_object_of(thread, descriptor);
    struct gnomon_message message;
    if (object == NULL || (object->flags & GNOMON_OBJECT_WRITES) == 0) {
        return false;
    }
    if (call->number == __NR_sendmmsg) {
        return send_several(thread, call, object, result);
    }
    if (!gnomon_message_read(&message, call) || !send_one(thread, descriptor, object, &message)) {
        return false;
    }
    *result = (long)message.total;
    return true;
}
