/* What a call that reads or writes is about, however it says so: a buffer, vectors, a message. */
#ifndef GNOMON_MESSAGE_H
#define GNOMON_MESSAGE_H

#include "call.h"

/* More vectors than this cross. */
#define GNOMON_PART_LIMIT 16

#define GNOMON_MSG_PEEK 0x2
#define GNOMON_MSG_TRUNC 0x20
#define GNOMON_MSG_DONTWAIT 0x40
#define GNOMON_MSG_WAITALL 0x100
#define GNOMON_MSG_NOSIGNAL 0x4000
#define GNOMON_MSG_MORE 0x8000
#define GNOMON_MSG_CMSG_CLOEXEC 0x40000000

#define GNOMON_AF_INET 2

/* struct sockaddr_in. */
struct gnomon_socket_address {
    uint16_t family;
    uint16_t port;    /* network byte order */
    uint32_t address; /* network byte order */
    uint64_t zero;
};

struct gnomon_part {
    uint64_t base;
    uint64_t bytes;
};

struct gnomon_message {
    struct gnomon_part parts[GNOMON_PART_LIMIT];
    uint32_t count;
    uint32_t flags; /* MSG_* */
    uint64_t total; /* bytes of all parts */
    bool socket_call;
    /* Where the peer's address stands, or goes; 0 where it is not given, or not wanted. */
    uint64_t name;
    uint32_t name_bytes;
    uint64_t name_bytes_address; /* recvfrom's socklen_t; 0 elsewhere */
    uint64_t header;             /* struct msghdr; 0 where there is none */
    bool control;                /* room for control messages, or some to send */
};

/* Reads what the call says; false where it crosses: memory that is not there, too many parts. */
bool gnomon_message_read(struct gnomon_message *message, const struct gnomon_call *call);

/* The same for a struct msghdr. */
bool gnomon_message_read_header(struct gnomon_message *message, uint64_t header, uint32_t flags);

/* Copies `bytes` (at most the total) from memory of the shim to the parts, or from the parts. */
bool gnomon_message_scatter(const struct gnomon_message *message, const uint8_t *from, uint64_t bytes);
bool gnomon_message_gather(const struct gnomon_message *message, uint8_t *to);

/* Stores where a received message came from (NULL: not said, as TCP does), and its flags, where the call wants them. */
bool gnomon_message_answer(const struct gnomon_message *message, const struct gnomon_socket_address *source, uint32_t flags);

static inline uint16_t gnomon_network_short(uint16_t value) {
    return __builtin_bswap16(value);
}

static inline uint32_t gnomon_network_int(uint32_t value) {
    return __builtin_bswap32(value);
}

#endif
