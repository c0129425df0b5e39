/*
 * What a host's block shows of an object that descriptors refer to (an open file description: a socket, an end of a pipe,
 * an event descriptor, an epoll), so that the shim can answer calls on it.
 *
 *   record, 128 bytes, 32 to a page                     bytes to be read, in a region of their own
 *   +--------------------------------------+            mirror  +---------------------------+
 *   | kind, flags, status flags            |                    | read already              |
 *   | poll bits: always, while readable,   |            + begin +---------------------------+
 *   |            while writable            |                    | to be read next           |
 *   | begin, end, mirror      ------------------------> + end   +---------------------------+
 *   | room, room for POLLOUT               |                    | unused                    |
 *   | addresses, options                   |                    +---------------------------+
 *   +--------------------------------------+
 *
 * The engine writes a record anew, whenever its own object has changed, before a thread of the host runs. While it runs the
 * shim keeps the record up to date with what it answers, and writes a log (slot.h) of it. The engine repeats what the log
 * says on its own objects when the thread crosses, each time with the same answer, and never reads a record.
 */
#ifndef GNOMON_OBJECT_H
#define GNOMON_OBJECT_H

#include "host.h"

#define GNOMON_OBJECT_BYTES 128
#define GNOMON_MIRROR_BYTES 65536

enum gnomon_object_kind {
    GNOMON_OBJECT_OPAQUE = 0,   /* every call crosses */
    GNOMON_OBJECT_STREAM = 1,   /* bytes without boundaries: TCP, pipes */
    GNOMON_OBJECT_DATAGRAM = 2, /* UDP; the mirror holds struct gnomon_datagram one after the other */
    GNOMON_OBJECT_LISTENER = 3, /* accepts connections */
    GNOMON_OBJECT_COUNTER = 4,  /* eventfd(2) */
    GNOMON_OBJECT_EPOLL = 5     /* the mirror is a struct gnomon_epoll_table */
};

/* Bits of gnomon_object.flags. */
#define GNOMON_OBJECT_SOCKET UINT32_C(0x1) /* recv*, send* and the socket calls know it */
/* The mirror holds all that there is to read. Without it only what stands in the mirror is known. */
#define GNOMON_OBJECT_COMPLETE UINT32_C(0x2)
/* Behind all that there is to read stands the end: reading gives 0. */
#define GNOMON_OBJECT_END UINT32_C(0x4)
/* Reads may be answered; writes may be. Without, they cross. */
#define GNOMON_OBJECT_READS UINT32_C(0x8)
#define GNOMON_OBJECT_WRITES UINT32_C(0x10)
/* A read, a write may make another object ready, or wake a thread, at once. */
#define GNOMON_OBJECT_READ_EFFECTS UINT32_C(0x20)
#define GNOMON_OBJECT_WRITE_EFFECTS UINT32_C(0x40)
/* Who asks whether it is writable while it is not changes it: such questions cross. */
#define GNOMON_OBJECT_NOTES_FULL UINT32_C(0x80)
/* Local address and port are known; the remote ones too. */
#define GNOMON_OBJECT_NAMED UINT32_C(0x100)
#define GNOMON_OBJECT_CONNECTED UINT32_C(0x200)
/* SO_ERROR is 0. */
#define GNOMON_OBJECT_NO_ERROR UINT32_C(0x400)
/* Received messages carry control messages. */
#define GNOMON_OBJECT_CONTROL UINT32_C(0x800)
/* COUNTER: reading takes 1 (EFD_SEMAPHORE). */
#define GNOMON_OBJECT_SEMAPHORE UINT32_C(0x1000)
/* Calls on another object of the host change this one at once, as those on the other end of a pipe do. */
#define GNOMON_OBJECT_PAIRED UINT32_C(0x2000)

struct gnomon_object {
    uint32_t kind;
    uint32_t flags;
    uint32_t status_flags; /* what fcntl(F_GETFL) answers */
    /* Poll bits (include/uapi/linux/eventpoll.h) that hold in any case; while something is left to read (STREAM, DATAGRAM,
     * COUNTER: value > 0); while room >= writable_room. */
    uint32_t events;
    uint32_t readable_events;
    uint32_t writable_events;
    /* What is left to read lies from begin to end in the mirror, which lies so many bytes from the block's start. */
    uint32_t begin;
    uint32_t end;
    uint64_t mirror;
    /* STREAM: bytes that a write takes now, at least. DATAGRAM: what is left of the send buffer: a datagram is taken while it is
     * above 0, and takes gnomon_datagram_charge(length) of it. COUNTER: what may be added. */
    int64_t room;
    int64_t writable_room;
    /* COUNTER */
    uint64_t value;
    /* In host byte order. */
    uint32_t local_address;
    uint32_t remote_address;
    uint16_t local_port;
    uint16_t remote_port;
    /* SO_DOMAIN, SO_TYPE, SO_PROTOCOL. */
    uint16_t domain;
    uint16_t type;
    uint16_t protocol;
    uint16_t reserved;
    /* STREAM: a write takes a multiple of this of the room; at least 1. */
    uint32_t room_unit;
    uint64_t reserved2[4];
};

/* A datagram in a mirror; its bytes follow, and the next begins at the next multiple of eight. */
struct gnomon_datagram {
    uint32_t source_address; /* host byte order */
    uint16_t source_port;
    uint16_t reserved;
    uint32_t bytes;
    uint32_t reserved2;
};

/* What a datagram takes of a socket's buffers: SocketBuffers.datagramBytes in the engine. */
static inline int64_t gnomon_datagram_charge(uint32_t bytes) {
    return 512 + (((int64_t)bytes + 128 + 255) & ~INT64_C(255));
}

#define GNOMON_EPOLL_DESCRIPTORS 1536
#define GNOMON_EPOLL_READY_LIMIT 84
#define GNOMON_EPOLL_TABLE_BYTES 8192

/* Bits of gnomon_epoll_table.flags. */
/* The list of what is ready may be another: waiting crosses. Shim sets it where it could not follow a change of interest, engine
 * clears it. */
#define GNOMON_EPOLL_STALE UINT32_C(1)
/* Not everything fits into the table, or others depend on the epoll too: all calls on it cross. */
#define GNOMON_EPOLL_CROSSES UINT32_C(2)

struct gnomon_epoll_ready {
    uint64_t data;
    uint32_t object; /* its record, in units of 64 bytes; 0: an object without one */
    uint32_t events; /* what is asked for, with EPOLLET, EPOLLONESHOT */
    int32_t descriptor;
    uint32_t reserved;
};

/* Two pages, of which the first suffices mostly. */
struct gnomon_epoll_table {
    uint32_t flags;
    uint32_t ready_count;
    uint64_t reserved;
    /* What may be ready, in the order in which epoll_wait(2) looks at it (the engine's kernel.poll.Epoll, fs/eventpoll.c). */
    struct gnomon_epoll_ready ready[GNOMON_EPOLL_READY_LIMIT];
    uint64_t reserved2[2];
    /* What is watched under each descriptor: 0 for nothing; the object as in the process record; or GNOMON_DESCRIPTOR_OPAQUE, for
     * anything that epoll_ctl cannot be answered for. A descriptor that has been given to another object since differs from
     * the process record. */
    uint32_t watched[GNOMON_EPOLL_DESCRIPTORS];
};

_Static_assert(offsetof(struct gnomon_object, kind) == 0, "layout");
_Static_assert(offsetof(struct gnomon_object, flags) == 4, "layout");
_Static_assert(offsetof(struct gnomon_object, status_flags) == 8, "layout");
_Static_assert(offsetof(struct gnomon_object, events) == 12, "layout");
_Static_assert(offsetof(struct gnomon_object, readable_events) == 16, "layout");
_Static_assert(offsetof(struct gnomon_object, writable_events) == 20, "layout");
_Static_assert(offsetof(struct gnomon_object, begin) == 24, "layout");
_Static_assert(offsetof(struct gnomon_object, end) == 28, "layout");
_Static_assert(offsetof(struct gnomon_object, mirror) == 32, "layout");
_Static_assert(offsetof(struct gnomon_object, room) == 40, "layout");
_Static_assert(offsetof(struct gnomon_object, writable_room) == 48, "layout");
_Static_assert(offsetof(struct gnomon_object, value) == 56, "layout");
_Static_assert(offsetof(struct gnomon_object, local_address) == 64, "layout");
_Static_assert(offsetof(struct gnomon_object, remote_address) == 68, "layout");
_Static_assert(offsetof(struct gnomon_object, local_port) == 72, "layout");
_Static_assert(offsetof(struct gnomon_object, remote_port) == 74, "layout");
_Static_assert(offsetof(struct gnomon_object, domain) == 76, "layout");
_Static_assert(offsetof(struct gnomon_object, type) == 78, "layout");
_Static_assert(offsetof(struct gnomon_object, protocol) == 80, "layout");
_Static_assert(offsetof(struct gnomon_object, room_unit) == 84, "layout");
_Static_assert(sizeof(struct gnomon_object) <= GNOMON_OBJECT_BYTES, "layout");
_Static_assert(sizeof(struct gnomon_datagram) == 16, "layout");
_Static_assert(offsetof(struct gnomon_datagram, source_address) == 0, "layout");
_Static_assert(offsetof(struct gnomon_datagram, source_port) == 4, "layout");
_Static_assert(offsetof(struct gnomon_datagram, bytes) == 8, "layout");
_Static_assert(offsetof(struct gnomon_epoll_table, flags) == 0, "layout");
_Static_assert(offsetof(struct gnomon_epoll_table, ready_count) == 4, "layout");
_Static_assert(offsetof(struct gnomon_epoll_table, ready) == 16, "layout");
_Static_assert(offsetof(struct gnomon_epoll_table, watched) == 2048, "layout");
_Static_assert(sizeof(struct gnomon_epoll_ready) == 24, "layout");
_Static_assert(offsetof(struct gnomon_epoll_ready, data) == 0, "layout");
_Static_assert(offsetof(struct gnomon_epoll_ready, object) == 8, "layout");
_Static_assert(offsetof(struct gnomon_epoll_ready, events) == 12, "layout");
_Static_assert(offsetof(struct gnomon_epoll_ready, descriptor) == 16, "layout");
_Static_assert(sizeof(struct gnomon_epoll_table) == GNOMON_EPOLL_TABLE_BYTES, "layout");

#endif
