/*
 * What LD_PRELOAD loads. Before anything else of the program runs (-z initfirst), its constructor finds the guest's place in
 * the environment, takes the shim's variables out of it, maps the shim's image (gnomon/image.h) and starts it. From then on
 * nothing here is used again.
 */
#include "raw.h"
#include "text.h"
#include <gnomon/arena.h>
#include <gnomon/image.h>

#define AT_FDCWD (-100)
#define O_CLOEXEC 02000000
#define STANDARD_ERROR 2
#define PROT_READ 1
#define PROT_WRITE 2
#define PROT_EXEC 4
#define MAP_PRIVATE 2
#define MAP_FIXED 0x10
#define MAP_FIXED_NOREPLACE 0x100000

/* Field 28 of /proc/self/stat. */
#define STAT_STACK_FIELD 28

struct place {
    const char *arena;
    const char *image;
    const char *slot;
    const char *preload;
};

static _Noreturn void refuse(const char *reason) {
    char line[256];
    struct gnomon_text text = {.start = line, .limit = sizeof(line) - 1};
    gnomon_text_add(&text, "gnomon preload: ");
    gnomon_text_add(&text, reason);
    text.start[text.length++] = '\n';
    gnomon_raw3(__NR_write, STANDARD_ERROR, (long)line, (long)text.length);
    for (;;) {
        gnomon_raw3(__NR_exit_group, GNOMON_EXIT_SHIM_REFUSED, 0, 0);
    }
}

/* The value behind `name` (which ends with '='); NULL where the entry is another. */
static const char *value_of(const char *entry, const char *name) {
    while (*name != 0) {
        if (*entry++ != *name++) {
            return NULL;
        }
    }
    return entry;
}

static bool copy_text(char *to, const char *from, uint64_t limit, char end) {
    uint64_t i = 0;
    for (; from[i] != 0 && from[i] != end; i++) {
        if (i == limit - 1) {
            return false;
        }
        to[i] = from[i];
    }
    to[i] = 0;
    return true;
}

/* The kernel tells where the arguments begin; only some libcs hand them to constructors. */
static uint64_t stack_address(void) {
    char line[1024];
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)"/proc/self/stat", O_CLOEXEC, 0);
    if (descriptor < 0) {
        return 0;
    }
    long length = gnomon_raw3(__NR_read, descriptor, (long)line, sizeof(line) - 1);
    gnomon_raw3(__NR_close, descriptor, 0, 0);
    if (length <= 0) {
        return 0;
    }
    line[length] = 0;
    /* The second field is the program's name in parentheses, and may itself contain anything. */
    long position = length - 1;
    while (position > 0 && line[position] != ')') {
        position--;
    }
    int field = 2;
    uint64_t value = 0;
    for (; line[position] != 0 && field <= STAT_STACK_FIELD; position++) {
        if (line[position] == ' ') {
            field++;
        } else if (field == STAT_STACK_FIELD) {
            value = value * 10 + (uint64_t)(line[position] - '0');
        }
    }
    return value;
}

/*
 * Of a list separated by colons, takes the first piece away. The entry stays where its end was, so nothing grows; NULL where
 * nothing is left of it.
 */
static char *without_first(char *entry, const char *name) {
    char *value = (char *)value_of(entry, name);
    while (*value != 0 && *value != ':') {
        value++;
    }
    if (*value == 0) {
        return NULL;
    }
    uint64_t length = (uint64_t)(value_of(entry, name) - entry);
    char *shortened = value + 1 - length;
    memmove(shortened, entry, length);
    return shortened;
}

/* Takes the shim's variables out of the environment, for the program is not to see them. */
static void clean_environment(char **environment) {
    char **kept = environment;
    for (char **entry = environment; *entry != NULL; entry++) {
        char *text = *entry;
        if (value_of(text, GNOMON_ENVIRONMENT_ARENA) != NULL || value_of(text, GNOMON_ENVIRONMENT_IMAGE) != NULL ||
            value_of(text, GNOMON_ENVIRONMENT_SLOT) != NULL) {
            continue;
        }
        if (value_of(text, GNOMON_ENVIRONMENT_PRELOAD) != NULL) {
            text = without_first(text, GNOMON_ENVIRONMENT_PRELOAD);
        } else if (value_of(text, GNOMON_ENVIRONMENT_TUNABLES) != NULL) {
            const char *value = value_of(text, GNOMON_ENVIRONMENT_TUNABLES);
            if (memcmp(value, GNOMON_TUNABLE_NO_RSEQ, sizeof(GNOMON_TUNABLE_NO_RSEQ) - 1) == 0) {
                text = without_first(text, GNOMON_ENVIRONMENT_TUNABLES);
            }
        }
        if (text != NULL) {
            *kept++ = text;
        }
    }
    while (*kept != NULL) {
        *kept++ = NULL;
    }
}

/* Three decimal numbers separated by commas. */
static bool parse_slot(const char *text, uint32_t *numbers) {
    for (int i = 0; i < 3; i++) {
        if (*text < '0' || *text > '9') {
            return false;
        }
        uint64_t value = 0;
        while (*text >= '0' && *text <= '9' && value < UINT32_MAX) {
            value = value * 10 + (uint64_t)(*text++ - '0');
        }
        numbers[i] = (uint32_t)value;
        if (*text++ != (i < 2 ? ',' : 0)) {
            return false;
        }
    }
    return true;
}

static bool find_place(char **environment, struct place *place) {
    *place = (struct place){0};
    for (char **entry = environment; *entry != NULL; entry++) {
        const char *value;
        if ((value = value_of(*entry, GNOMON_ENVIRONMENT_ARENA)) != NULL) {
            place->arena = value;
        } else if ((value = value_of(*entry, GNOMON_ENVIRONMENT_IMAGE)) != NULL) {
            place->image = value;
        } else if ((value = value_of(*entry, GNOMON_ENVIRONMENT_SLOT)) != NULL) {
            place->slot = value;
        } else if ((value = value_of(*entry, GNOMON_ENVIRONMENT_PRELOAD)) != NULL) {
            place->preload = value;
        }
    }
    return place->arena != NULL && place->image != NULL && place->slot != NULL && place->preload != NULL;
}

static const struct gnomon_image_header *map_image(const char *path) {
    const struct gnomon_image_header *header = (const struct gnomon_image_header *)GNOMON_IMAGE_ADDRESS;
    long descriptor = gnomon_raw4(__NR_openat, AT_FDCWD, (long)path, O_CLOEXEC, 0);
    if (descriptor < 0) {
        refuse("cannot open the shim's image");
    }
    struct gnomon_image_header known;
    if (gnomon_raw4(__NR_pread64, descriptor, (long)&known, sizeof(known), 0) != sizeof(known) ||
        known.magic != GNOMON_IMAGE_MAGIC) {
        refuse("the shim's image is of another version");
    }
    long code = gnomon_raw6(__NR_mmap, GNOMON_IMAGE_ADDRESS, (long)(known.data - GNOMON_IMAGE_ADDRESS), PROT_READ | PROT_EXEC,
                            MAP_PRIVATE | MAP_FIXED_NOREPLACE, descriptor, 0);
    long data = gnomon_raw6(__NR_mmap, (long)known.data, (long)(known.end - known.data), PROT_READ | PROT_WRITE,
                            MAP_PRIVATE | MAP_FIXED, descriptor, (long)(known.data - GNOMON_IMAGE_ADDRESS));
    if (code != GNOMON_IMAGE_ADDRESS || data != (long)known.data) {
        refuse("cannot map the shim's image where it belongs");
    }
    gnomon_raw3(__NR_close, descriptor, 0, 0);
    return header;
}

static void clear(volatile uint8_t *at, uint64_t bytes) {
    while (bytes > 0) {
        at[--bytes] = 0;
    }
}

/* Clears what the functions that were called have left on the stack: it differs from run to run, and the program could read it. */
__attribute__((noinline)) static void clear_below(void) {
    volatile uint8_t used[8192];
    clear(used, sizeof(used));
}

__attribute__((constructor)) static void preload(void) {
    struct gnomon_start start = {.stack = stack_address()};
    if (start.stack == 0 || start.stack % 8 != 0) {
        refuse("cannot find the environment: /proc/self/stat cannot be read");
    }
    uint64_t count = *(uint64_t *)start.stack;
    char **environment = (char **)(start.stack + 8 + (count + 1) * 8);
    struct place place;
    if (!find_place(environment, &place)) {
        return; /* loaded without an engine: nothing to do */
    }
    uint32_t numbers[3];
    if (!parse_slot(place.slot, numbers)) {
        refuse("GNOMON_SLOT is not host,process,thread");
    }
    start.host = numbers[0];
    start.process = numbers[1];
    start.thread = numbers[2];
    if (!copy_text(start.preload, place.preload, sizeof(start.preload), ':') ||
        !copy_text(start.arena, place.arena, sizeof(start.arena), 0) ||
        !copy_text(start.image, place.image, sizeof(start.image), 0)) {
        refuse("GNOMON_ARENA, GNOMON_IMAGE or LD_PRELOAD is too long");
    }
    char **end = environment;
    while (*end != NULL) {
        end++;
    }
    start.auxiliary = (uint64_t)(end + 1);
    const struct gnomon_image_header *header = map_image(place.image);
    clean_environment(environment);
    ((void (*)(const struct gnomon_start *))header->preloaded)(&start);
    clear((volatile uint8_t *)&start, sizeof(start));
    clear_below();
}
