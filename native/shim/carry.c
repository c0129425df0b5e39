#include "carry.h"
#include "copy.h"

#define PATH_LIMIT 4096
#define VECTOR_LIMIT 1024

/* Kernel layouts: struct iovec, struct user_msghdr, struct mmsghdr (include/uapi/linux/uio.h, include/linux/socket.h). */
struct vector {
    uint64_t base;
    uint64_t bytes;
};

struct message {
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

struct counted_message {
    struct message message;
    uint32_t bytes;
    uint32_t padding;
};

struct load {
    struct gnomon_slot *slot;
    uint32_t used; /* of the transfer buffer */
    uint32_t count;
    bool after;
};

/* Room for a range; NULL where there is none. */
static uint8_t *reserve(struct load *load, uint64_t address, uint64_t bytes, uint32_t direction) {
    if (address == 0 || bytes == 0 || load->count == GNOMON_RANGE_LIMIT || bytes > GNOMON_TRANSFER_BYTES - load->used) {
        return NULL;
    }
    struct gnomon_range *range = &load->slot->ranges[load->count];
    range->guest_address = address;
    range->length = (uint32_t)bytes;
    range->transfer_offset = load->used;
    range->direction = direction;
    range->written = 0;
    return load->slot->transfer + load->used;
}

/* Keeps the range reserved last. Ranges start at multiples of eight. */
static void keep(struct load *load, uint64_t bytes) {
    load->count++;
    uint64_t used = (load->used + bytes + 7) & ~UINT64_C(7);
    load->used = used > GNOMON_TRANSFER_BYTES ? GNOMON_TRANSFER_BYTES : (uint32_t)used;
}

static void carry(struct load *load, uint64_t address, uint64_t bytes, uint32_t direction) {
    if (load->after && direction == GNOMON_RANGE_OUT) {
        direction = GNOMON_RANGE_INOUT;
    }
    uint8_t *place = reserve(load, address, bytes, direction);
    if (place == NULL || ((direction & GNOMON_RANGE_IN) != 0 && !gnomon_copy_in(place, address, bytes))) {
        return;
    }
    keep(load, bytes);
}

static void carry_string(struct load *load, uint64_t address) {
    uint64_t limit = GNOMON_TRANSFER_BYTES - load->used;
    limit = limit > PATH_LIMIT ? PATH_LIMIT : limit;
    uint8_t *place = reserve(load, address, limit, GNOMON_RANGE_IN);
    if (place == NULL) {
        return;
    }
    int64_t length = gnomon_copy_string((char *)place, (const char *)address, limit);
    if (length < 0 || (uint64_t)length == limit) {
        return;
    }
    load->slot->ranges[load->count].length = (uint32_t)length + 1;
    keep(load, (uint64_t)length + 1);
}

static void carry_vectors(struct load *load, uint64_t address, uint64_t count, uint32_t direction, uint64_t limit) {
    if (count == 0 || count > VECTOR_LIMIT) {
        return;
    }
    carry(load, address, count * sizeof(struct vector), GNOMON_RANGE_IN);
    for (uint64_t i = 0; i < count && load->count < GNOMON_RANGE_LIMIT && limit > 0; i++) {
        struct vector vector;
        if (!gnomon_copy_in(&vector, address + i * sizeof(vector), sizeof(vector))) {
            return;
        }
        uint64_t bytes = vector.bytes < limit ? vector.bytes : limit;
        carry(load, vector.base, bytes, direction);
        limit -= bytes;
    }
}

static void carry_message(struct load *load, uint64_t address, uint64_t bytes, uint32_t direction, uint64_t limit) {
    struct message message;
    if (!gnomon_copy_in(&message, address, sizeof(message))) {
        return;
    }
    carry(load, address, bytes, direction == GNOMON_RANGE_IN && bytes == sizeof(message) ? GNOMON_RANGE_IN : GNOMON_RANGE_INOUT);
    carry(load, message.name, message.name_bytes, direction);
    carry_vectors(load, message.vectors, message.vector_count, direction, limit);
    carry(load, message.control, message.control_bytes, direction);
}

static void carry_messages(struct load *load, uint64_t address, uint64_t count, uint32_t direction) {
    for (uint64_t i = 0; i < count && load->count < GNOMON_RANGE_LIMIT; i++) {
        carry_message(load, address + i * sizeof(struct counted_message), sizeof(struct counted_message), direction,
                      UINT64_MAX);
    }
}

/* Requests whose argument is known to be a pointer (asm-generic/ioctls.h, linux/sockios.h). */
static uint64_t io_control_bytes(uint64_t request) {
    switch (request & 0xffffffff) {
    case 0x541b: /* FIONREAD */
    case 0x5421: /* FIONBIO */
    case 0x5452: /* FIOASYNC */
    case 0x5411: /* TIOCOUTQ */
    case 0x540f: /* TIOCGPGRP */
    case 0x5410: /* TIOCSPGRP */
        return 4;
    case 0x5413: /* TIOCGWINSZ */
        return 8;
    case 0x5401: /* TCGETS */
        return 36;
    default:
        return (request & 0xff00) == 0x8900 ? 40 : 0; /* struct ifreq */
    }
}

static uint64_t file_control_bytes(uint64_t command) {
    switch (command & 0xffffffff) {
    case 5:  /* F_GETLK */
    case 6:  /* F_SETLK */
    case 7:  /* F_SETLKW */
    case 36: /* F_OFD_GETLK */
    case 37: /* F_OFD_SETLK */
    case 38: /* F_OFD_SETLKW */
        return 32;
    case 15: /* F_SETOWN_EX */
    case 16: /* F_GETOWN_EX */
        return 8;
    default:
        return 0;
    }
}

/* A mask comes as a pointer to a pair: address and length of the set. */
static void carry_mask_pair(struct load *load, uint64_t address) {
    uint64_t pair[2];
    if (gnomon_copy_in(pair, address, sizeof(pair))) {
        carry(load, address, sizeof(pair), GNOMON_RANGE_IN);
        carry(load, pair[0], 8, GNOMON_RANGE_IN);
    }
}

static void carry_argument(struct load *load, const struct gnomon_call *call, int index,
                           const struct gnomon_argument *argument, uint64_t limit) {
    uint64_t address = call->arguments[index];
    uint64_t other = argument->other < 6 ? call->arguments[argument->other] : 0;
    switch ((enum gnomon_argument_kind)argument->kind) {
    case GNOMON_VALUE:
        return;
    case GNOMON_FIXED:
        carry(load, address, argument->size, argument->direction);
        return;
    case GNOMON_STRING:
        carry_string(load, address);
        return;
    case GNOMON_COUNTED: {
        /* An element count of 32 bits never overflows here; a byte count beyond the buffer is refused by reserve. */
        uint64_t count = argument->size == 1 ? other : (uint32_t)other;
        uint64_t bytes = count * argument->size;
        carry(load, address, load->after && argument->size == 1 && bytes > limit ? limit : bytes, argument->direction);
        return;
    }
    case GNOMON_BOUNDED: {
        uint32_t bytes;
        if (gnomon_copy_in(&bytes, other, sizeof(bytes)) && bytes <= INT32_MAX) {
            carry(load, address, bytes, argument->direction);
        }
        return;
    }
    case GNOMON_VECTOR:
        carry_vectors(load, address, other, argument->direction, limit);
        return;
    case GNOMON_MESSAGE:
        carry_message(load, address, sizeof(struct message), argument->direction, limit);
        return;
    case GNOMON_MESSAGES:
        carry_messages(load, address, (uint32_t)other, argument->direction);
        return;
    case GNOMON_BITMAP: {
        uint64_t descriptors = (uint32_t)other;
        carry(load, address, descriptors > 65536 ? 0 : (descriptors + 63) / 64 * 8, argument->direction);
        return;
    }
    case GNOMON_IO_CONTROL:
        carry(load, address, io_control_bytes(other), argument->direction);
        return;
    case GNOMON_FILE_CONTROL:
        carry(load, address, file_control_bytes(other), argument->direction);
        return;
    case GNOMON_SIGNAL_SET:
        carry_mask_pair(load, address);
        return;
    }
}

void gnomon_gather(struct gnomon_slot *slot, const struct gnomon_call *call, const struct gnomon_signature *signature,
                   enum gnomon_moment moment, long result) {
    struct load load = {.slot = slot, .after = moment == GNOMON_AFTER_NATIVE_CALL};
    uint64_t limit = !load.after ? UINT64_MAX : result > 0 ? (uint64_t)result : 0;
    slot->call_number = call->number;
    for (int i = 0; i < 6; i++) {
        slot->arguments[i] = call->arguments[i];
    }
    for (int i = 0; i < 6; i++) {
        const struct gnomon_argument *argument = &signature->arguments[i];
        if (argument->kind != GNOMON_VALUE) {
            /* What was written natively is as long as the guest said, not as long as the result. */
            carry_argument(&load, call, i, argument, argument->direction == GNOMON_RANGE_IN ? UINT64_MAX : limit);
        }
    }
    slot->range_count = load.count;
}

bool gnomon_scatter(struct gnomon_slot *slot) {
    bool all = true;
    uint32_t count = slot->range_count;
    for (uint32_t i = 0; i < count; i++) {
        const struct gnomon_range *range = &slot->ranges[i];
        if (range->written == 0 || (range->direction & GNOMON_RANGE_OUT) == 0) {
            continue;
        }
        uint32_t bytes = range->written < range->length ? range->written : range->length;
        all &= gnomon_copy_out(range->guest_address, slot->transfer + range->transfer_offset, bytes);
    }
    return all;
}
