/* What the zygote tells the engine: gathered, and written before the zygote sleeps. */
#include "zygote.h"

#include <errno.h>
#include <unistd.h>

#define EVENTS_BUFFERED 128
static struct zygote_event events[EVENTS_BUFFERED];
static size_t events_count;

void flush_events(void) {
    const char *from = (const char *)events;
    size_t left = events_count * sizeof *events;
    while (left > 0) {
        ssize_t written = write(STDOUT_FILENO, from, left);
        if (written < 0) {
            if (errno == EINTR) {
                continue;
            }
            end_zygote();
        }
        from += written;
        left -= (size_t)written;
    }
    events_count = 0;
}

void tell(uint32_t type, uint32_t request, int32_t pid, int32_t value, int32_t detail) {
    events[events_count++] = (struct zygote_event){type, request, pid, value, detail, 0};
    if (events_count == EVENTS_BUFFERED) {
        flush_events();
    }
}
