/*
 * What the shim knows of each system call: who executes it, and which of the guest's memory travels with it.
 *
 * The second part only saves the engine from reading the guest's memory itself: what is missing here works, slower.
 */
#ifndef GNOMON_SIGNATURE_H
#define GNOMON_SIGNATURE_H

#include "shim.h"

enum gnomon_disposition {
    GNOMON_FORWARD = 0,          /* the engine; also every call that has no row */
    GNOMON_NATIVE,               /* the kernel */
    GNOMON_BY_DESCRIPTOR,        /* the engine if the descriptor in argument `first` is emulated */
    GNOMON_BY_EITHER_DESCRIPTOR, /* the engine if that in `first` or that in `second` is */
    GNOMON_PATH,      /* the engine if the path in `first` leads to where it answers, or the directory in `second` is emulated */
    GNOMON_TWO_PATHS, /* as PATH for `first` and for `second`; with `directories`, each has its descriptor before it */
    GNOMON_LOCAL,     /* the shim itself, if the host lets it */
    GNOMON_MAP,       /* the engine if an emulated descriptor is mapped */
    GNOMON_RANGE_OF_DESCRIPTORS, /* the engine if one from `first` to `second` is emulated */
    GNOMON_THREAD_POINTER,       /* arch_prctl: the kernel for %fs, the engine else */
    GNOMON_REFUSED               /* nobody: ENOSYS */
};

#define GNOMON_NO_ARGUMENT 7

/* How an argument refers to memory. `size` and `other` are the fields of struct gnomon_argument. */
enum gnomon_argument_kind {
    GNOMON_VALUE = 0,
    GNOMON_FIXED,   /* `size` bytes */
    GNOMON_STRING,  /* up to a NUL */
    GNOMON_COUNTED, /* as many elements of `size` bytes as argument `other` says */
    GNOMON_BOUNDED, /* as many bytes as the 32-bit integer to which argument `other` points */
    GNOMON_VECTOR,  /* struct iovec[argument `other`], and what they point to */
    GNOMON_MESSAGE, /* struct msghdr, and what it points to */
    GNOMON_MESSAGES, /* struct mmsghdr[argument `other`], and what they point to */
    GNOMON_BITMAP,  /* fd_set for as many descriptors as argument `other` says */
    GNOMON_IO_CONTROL,   /* as the request in argument `other` says (ioctl) */
    GNOMON_FILE_CONTROL, /* as the command in argument `other` says (fcntl) */
    GNOMON_SIGNAL_SET    /* pselect6's pair of a pointer and a length */
};

/* Directions are those of enum gnomon_direction. */
struct gnomon_argument {
    uint8_t kind;
    uint8_t direction;
    uint8_t other;
    uint16_t size;
};

/* What is done to the result of a call that the kernel executed. */
enum gnomon_afterwards { GNOMON_NOTHING = 0, GNOMON_STAT_TIMES, GNOMON_STATX_TIMES };

struct gnomon_signature {
    uint8_t disposition;
    uint8_t first;
    uint8_t second;
    uint8_t directories;
    uint8_t afterwards;
    uint8_t buffer; /* the argument that `afterwards` works on */
    struct gnomon_argument arguments[6];
};

/* The row of a call; one that says FORWARD for numbers that have none. */
const struct gnomon_signature *gnomon_signature_of(int32_t number);

#endif
