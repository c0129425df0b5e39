#include "message.h"
#include "copy.h"

/* Kernel layout: struct user_msghdr (include/linux/socket.h). */
struct message_header {
    uint64_t name;
    uint32_t name_bytes;
    uint32_t padding;
    uint64_t vectors;
    uint64_t vector_count;
    uint64_t control;
    uint64_t control_bytes;
    uint32_t flags;
    uint32_t padding2;
};

static bool read_vectors(struct gnomon_message *message, uint64_t address, uint64_t count) {
    if (count > GNOMON_PART_LIMIT || !gnomon_copy_in(message->parts, address, count * sizeof(struct gnomon_part))) {
        return false;
    }
    message->count = (uint32_t)count;
    message->total = 0;
    for (uint64_t i = 0; i < count; i++) {
        if (message->parts[i].bytes > INT32_MAX) {
            return false;
        }
        message->total += message->parts[i].bytes;
    }
    return message->total <= INT32_MAX;
}

static bool read_buffer(struct gnomon_message *message, uint64_t base, uint64_t bytes) {
    message->parts[0] = (struct gnomon_part){.base = base, .bytes = bytes};
    message->count = 1;
    message->total = bytes;
    return bytes <= INT32_MAX;
}

bool gnomon_message_read_header(struct gnomon_message *message, uint64_t address, uint32_t flags) {
    struct message_header header;
    message->socket_call = true;
    message->flags = flags;
    message->header = address;
    if (!gnomon_copy_in(&header, address, sizeof(header)) || header.name_bytes > INT32_MAX) {
        return false;
    }
    message->name = header.name;
    message->name_bytes = header.name == 0 ? 0 : header.name_bytes;
    message->name_bytes_address = 0;
    message->control = header.control_bytes != 0;
    return read_vectors(message, header.vectors, header.vector_count);
}

bool gnomon_message_read(struct gnomon_message *message, const struct gnomon_call *call) {
    const uint64_t *a = call->arguments;
    message->socket_call = false;
    message->flags = 0;
    message->name = 0;
    message->name_bytes = 0;
    message->name_bytes_address = 0;
    message->header = 0;
    message->control = false;
    switch (call->number) {
    case __NR_read:
    case __NR_write:
        return read_buffer(message, a[1], a[2]);
    case __NR_readv:
    case __NR_writev:
        return read_vectors(message, a[1], a[2]);
    case __NR_recvfrom:
    case __NR_sendto:
        message->socket_call = true;
        message->flags = (uint32_t)a[3];
        message->name = a[4];
        if (call->number == __NR_sendto) {
            message->name_bytes = a[4] == 0 ? 0 : (uint32_t)a[5];
        } else if (a[4] != 0) {
            message->name_bytes_address = a[5];
            if (!gnomon_copy_in(&message->name_bytes, a[5], sizeof(message->name_bytes)) || message->name_bytes > INT32_MAX) {
                return false;
            }
        }
        return read_buffer(message, a[1], a[2]);
    case __NR_recvmsg:
    case __NR_sendmsg:
        return gnomon_message_read_header(message, a[1], (uint32_t)a[2]);
    default:
        return false;
    }
}

bool gnomon_message_scatter(const struct gnomon_message *message, const uint8_t *from, uint64_t bytes) {
    for (uint32_t i = 0; i < message->count && bytes > 0; i++) {
        uint64_t part = message->parts[i].bytes < bytes ? message->parts[i].bytes : bytes;
        if (!gnomon_copy_out(message->parts[i].base, from, part)) {
            return false;
        }
        from += part;
        bytes -= part;
    }
    return true;
}

bool gnomon_message_gather(const struct gnomon_message *message, uint8_t *to) {
    for (uint32_t i = 0; i < message->count; i++) {
        if (!gnomon_copy_in(to, message->parts[i].base, message->parts[i].bytes)) {
            return false;
        }
        to += message->parts[i].bytes;
    }
    return true;
}

bool gnomon_message_answer(const struct gnomon_message *message, const struct gnomon_socket_address *source, uint32_t flags) {
    uint32_t length = source != NULL ? (uint32_t)sizeof(*source) : 0;
    uint32_t part = message->name_bytes < length ? message->name_bytes : length;
    if (message->name != 0 && part > 0 && !gnomon_copy_out(message->name, source, part)) {
        return false;
    }
    if (message->name_bytes_address != 0) {
        return gnomon_copy_out(message->name_bytes_address, &length, sizeof(length));
    }
    if (message->header == 0) {
        return true;
    }
    uint64_t none = 0;
    flags |= message->flags & GNOMON_MSG_CMSG_CLOEXEC;
    return (message->name == 0 ||
            gnomon_copy_out(message->header + offsetof(struct message_header, name_bytes), &length, sizeof(length))) &&
           gnomon_copy_out(message->header + offsetof(struct message_header, control_bytes), &none, sizeof(none)) &&
           gnomon_copy_out(message->header + offsetof(struct message_header, flags), &flags, sizeof(flags));
}
