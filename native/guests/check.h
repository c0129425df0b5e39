/* What the guest programs share: a check that says where it failed. They run natively and simulated, with the same result. */
#ifndef GNOMON_GUESTS_CHECK_H
#define GNOMON_GUESTS_CHECK_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                                              \
    do {                                                                                                              \
        if (!(condition)) {                                                                                           \
            fprintf(stderr, "%s:%d: does not hold: %s (errno %d, %s)\n", __FILE__, __LINE__, #condition, errno,       \
                    strerror(errno));                                                                                 \
            exit(1);                                                                                                  \
        }                                                                                                             \
    } while (0)

/* A call that must fail with this errno. */
#define CHECK_ERROR(call, error)                                                                                      \
    do {                                                                                                              \
        errno = 0;                                                                                                    \
        CHECK((call) == -1 && errno == (error));                                                                      \
    } while (0)

/* An address at which nothing is mapped, which the compiler does not know. */
static inline void *nowhere(void) {
    void *volatile address = (void *)8;
    return address;
}

#endif
