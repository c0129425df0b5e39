/* eventfd(2): counting, semaphores, limits, and threads that wait. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

static short readiness(int file) {
    struct pollfd entry = {.fd = file, .events = POLLIN | POLLOUT};
    CHECK(poll(&entry, 1, 0) >= 0);
    return entry.revents;
}

static void counting(void) {
    int file = eventfd(3, EFD_NONBLOCK | EFD_CLOEXEC);
    CHECK(file >= 0 && fcntl(file, F_GETFD) == FD_CLOEXEC);
    uint64_t value = 4;
    CHECK(readiness(file) == (POLLIN | POLLOUT));
    CHECK(write(file, &value, 8) == 8);
    CHECK(read(file, &value, 8) == 8 && value == 7);
    CHECK_ERROR(read(file, &value, 8), EAGAIN);
    CHECK(readiness(file) == POLLOUT);
    CHECK_ERROR(read(file, &value, 7), EINVAL);
    CHECK_ERROR(write(file, &value, 7), EINVAL);
    value = UINT64_MAX;
    CHECK_ERROR(write(file, &value, 8), EINVAL);
    value = UINT64_MAX - 1;
    CHECK(write(file, &value, 8) == 8);
    CHECK(readiness(file) == POLLIN);
    value = 1;
    CHECK_ERROR(write(file, &value, 8), EAGAIN);
    char longer[16];
    CHECK(read(file, longer, 16) == 8);
    CHECK(memcmp(longer, "\xfe\xff\xff\xff\xff\xff\xff\xff", 8) == 0);
    CHECK_ERROR(write(file, nowhere(), 8), EFAULT);
    CHECK_ERROR(pread(file, longer, 8, 0), ESPIPE);
    CHECK(lseek(file, 5, SEEK_SET) == 0);
    CHECK(close(file) == 0);
    CHECK_ERROR(eventfd(0, 2), EINVAL);
}

static void semaphore(void) {
    int file = eventfd(2, EFD_SEMAPHORE | EFD_NONBLOCK);
    CHECK(file >= 0);
    uint64_t value;
    for (int i = 0; i < 2; i++) {
        CHECK(read(file, &value, 8) == 8 && value == 1);
    }
    CHECK_ERROR(read(file, &value, 8), EAGAIN);
    CHECK(close(file) == 0);
}

static int shared;
static int taken;

static void *take(void *unused) {
    (void)unused;
    uint64_t value;
    CHECK(read(shared, &value, 8) == 8 && value == 1);
    __atomic_add_fetch(&taken, 1, __ATOMIC_SEQ_CST);
    return NULL;
}

static void waiting_threads(void) {
    shared = eventfd(0, EFD_SEMAPHORE);
    CHECK(shared >= 0);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_create(&threads[i], NULL, take, NULL) == 0);
    }
    struct timespec time = {.tv_nsec = 10000000};
    nanosleep(&time, NULL);
    uint64_t value = 3;
    CHECK(write(shared, &value, 8) == 8);
    nanosleep(&time, NULL);
    CHECK(__atomic_load_n(&taken, __ATOMIC_SEQ_CST) == 3);
    value = 1;
    CHECK(write(shared, &value, 8) == 8);
    for (int i = 0; i < 4; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(taken == 4);
    CHECK(close(shared) == 0);
}

int main(void) {
    counting();
    semaphore();
    waiting_threads();
    return 0;
}
