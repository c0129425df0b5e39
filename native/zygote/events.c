/* What the zygote tells the engine. Any thread may: an event is written in one piece (pipe(7), PIPE_BUF). */
#include "zygote.h"

#include <errno.h>
#include <unistd.h>

void tell(uint32_t type, uint32_t request, int32_t pid, int32_t value, int32_t detail) {
    const struct zygote_event event = {type, request, pid, value, detail, 0};
    while (write(STDOUT_FILENO, &event, sizeof event) != (ssize_t)sizeof event) {
        if (errno != EINTR) {
            end_zygote();
        }
    }
}
