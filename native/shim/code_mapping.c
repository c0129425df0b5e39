/* Asks the kernel about the mapping of an address. */
#include "code.h"
#include "raw.h"

#include <fcntl.h>

/* include/uapi/linux/fs.h, Linux 6.11: struct procmap_query. */
struct query {
    uint64_t bytes, flags, address, start, end, mapping_flags, page_bytes, offset, inode;
    uint32_t device_major, device_minor, name_bytes, build_bytes;
    uint64_t name, build;
};

_Static_assert(sizeof(struct query) == 104, "kernel layout");

#define PROCMAP_QUERY 0xc0686611UL
#define MAPPING_WRITABLE 2
#define MAPPING_EXECUTABLE 4
#define MAPPING_SHARED 8
#define MAPPING_OF_FILE 32

#define CHUNK 512

/* Reads /proc/self/maps a character at a time. */
struct reader {
    long descriptor;
    long filled;
    long position;
    char bytes[CHUNK];
};

/* The next character, -1 at the end. */
static int next(struct reader *reader) {
    if (reader->position == reader->filled) {
        reader->filled = gnomon_raw3(__NR_read, reader->descriptor, (long)reader->bytes, CHUNK);
        reader->position = 0;
        if (reader->filled <= 0) {
            reader->filled = 0;
            return -1;
        }
    }
    return (uint8_t)reader->bytes[reader->position++];
}

/* Reads a number in hexadecimal, and the character behind it. */
static uint64_t number(struct reader *reader, int *behind) {
    uint64_t value = 0;
    for (;;) {
        int c = next(reader);
        if (c >= '0' && c <= '9') {
            value = value << 4 | (uint64_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            value = value << 4 | (uint64_t)(c - 'a' + 10);
        } else {
            *behind = c;
            return value;
        }
    }
}

/* A line is "start-end rwxp offset major:minor inode path". */
static bool is_fixed_by_text(long descriptor, uint64_t address, struct gnomon_mapping *mapping) {
    struct reader reader = {.descriptor = descriptor};
    int c = 0;
    while (c >= 0) {
        uint64_t start = number(&reader, &c);
        uint64_t end = number(&reader, &c);
        int writable = 0, executable = 0, shared = 0;
        uint64_t inode = 0;
        if (address >= start && address < end) {
            next(&reader);
            writable = next(&reader) == 'w';
            executable = next(&reader) == 'x';
            shared = next(&reader) == 's';
            next(&reader);
            for (int field = 0; field < 4; field++) {
                inode = number(&reader, &c); /* offset, major, minor, inode */
            }
            *mapping = (struct gnomon_mapping){.begin = start, .end = end};
            return !writable && executable && !shared && inode != 0;
        }
        while (c >= 0 && c != '\n') {
            c = next(&reader);
        }
    }
    return false;
}

bool gnomon_code_is_fixed(uint64_t address, struct gnomon_mapping *mapping) {
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)"/proc/self/maps", O_RDONLY | O_CLOEXEC, 0);
    if (descriptor < 0) {
        return false;
    }
    struct query query = {.bytes = sizeof(query), .address = address, .flags = MAPPING_EXECUTABLE | MAPPING_OF_FILE};
    long result = gnomon_raw3(__NR_ioctl, descriptor, PROCMAP_QUERY, (long)&query);
    bool fixed;
    if (result == 0) {
        *mapping = (struct gnomon_mapping){.begin = query.start, .end = query.end};
        fixed = (query.mapping_flags & (MAPPING_WRITABLE | MAPPING_SHARED)) == 0;
    } else if (result == -GNOMON_ENOTTY) {
        fixed = is_fixed_by_text(descriptor, address, mapping); /* before Linux 6.11 */
    } else {
        fixed = false;
    }
    gnomon_raw3(__NR_close, descriptor, 0, 0);
    return fixed;
}
