/* epoll(7): triggers, order, nesting, and what happens to files that are closed. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static struct epoll_event found[16];

static void add(int events, int file, uint32_t bits, uint64_t data) {
    struct epoll_event event = {.events = bits, .data.u64 = data};
    CHECK(epoll_ctl(events, EPOLL_CTL_ADD, file, &event) == 0);
}

static void level_and_edge(void) {
    int events = epoll_create1(EPOLL_CLOEXEC);
    int ends[2];
    CHECK(events >= 0 && fcntl(events, F_GETFD) == FD_CLOEXEC);
    CHECK(pipe2(ends, O_NONBLOCK) == 0);
    add(events, ends[0], EPOLLIN, 1);
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    CHECK(write(ends[1], "ab", 2) == 2);
    for (int i = 0; i < 3; i++) {
        CHECK(epoll_wait(events, found, 16, -1) == 1 && found[0].events == EPOLLIN && found[0].data.u64 == 1);
    }
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = 2};
    CHECK(epoll_ctl(events, EPOLL_CTL_MOD, ends[0], &event) == 0);
    CHECK(epoll_wait(events, found, 16, 0) == 1 && found[0].data.u64 == 2);
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    /* More bytes are a new edge, although there were some before. */
    CHECK(write(ends[1], "c", 1) == 1);
    CHECK(epoll_wait(events, found, 16, 0) == 1);
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    char byte;
    CHECK(read(ends[0], &byte, 1) == 1);
    CHECK(epoll_wait(events, found, 16, 0) == 0);

    event.events = EPOLLIN | EPOLLONESHOT;
    CHECK(epoll_ctl(events, EPOLL_CTL_MOD, ends[0], &event) == 0);
    CHECK(epoll_wait(events, found, 16, 0) == 1);
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    CHECK(write(ends[1], "d", 1) == 1);
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    CHECK(epoll_ctl(events, EPOLL_CTL_MOD, ends[0], &event) == 0);
    CHECK(epoll_wait(events, found, 16, 0) == 1);
    CHECK(epoll_ctl(events, EPOLL_CTL_MOD, ends[0], &event) == 0);
    CHECK(close(ends[1]) == 0);
    CHECK(epoll_wait(events, found, 16, 0) == 1 && found[0].events == (EPOLLIN | EPOLLHUP));
    CHECK(close(ends[0]) == 0 && close(events) == 0);
}

/* Ready files come in the order in which they became so, and all get their turn where few are taken at a time. */
static void order(void) {
    int events = epoll_create1(0);
    int files[4];
    for (int i = 0; i < 4; i++) {
        files[i] = eventfd(0, EFD_NONBLOCK);
        add(events, files[i], EPOLLIN, i);
    }
    static const int sequence[4] = {2, 0, 3, 1};
    uint64_t one = 1;
    for (int i = 0; i < 4; i++) {
        CHECK(write(files[sequence[i]], &one, 8) == 8);
    }
    CHECK(epoll_wait(events, found, 16, 0) == 4);
    for (int i = 0; i < 4; i++) {
        CHECK(found[i].data.u64 == (uint64_t)sequence[i]);
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
            CHECK(epoll_wait(events, found, 1, 0) == 1 && found[0].data.u64 == (uint64_t)sequence[i]);
        }
    }
    for (int i = 0; i < 4; i++) {
        CHECK(close(files[i]) == 0);
    }
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    CHECK(close(events) == 0);
}

static void errors(void) {
    int events = epoll_create1(0);
    int other = epoll_create(1);
    int ends[2];
    CHECK(pipe(ends) == 0);
    struct epoll_event event = {.events = EPOLLIN};
    CHECK_ERROR(epoll_create(0), EINVAL);
    CHECK_ERROR(epoll_create1(1), EINVAL);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, events, &event), EINVAL);
    CHECK_ERROR(epoll_ctl(ends[0], EPOLL_CTL_ADD, ends[1], &event), EINVAL);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_MOD, ends[0], &event), ENOENT);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_DEL, ends[0], NULL), ENOENT);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, ends[0], NULL), EFAULT);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, 900, &event), EBADF);
    CHECK_ERROR(epoll_ctl(900, EPOLL_CTL_ADD, ends[0], &event), EBADF);
    CHECK_ERROR(epoll_ctl(events, 7, ends[0], &event), EINVAL);
    add(events, ends[0], EPOLLIN, 0);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, ends[0], &event), EEXIST);
    int same = dup(ends[0]);
    add(events, same, EPOLLIN, 0);
    int file = open("/proc/self/exe", O_RDONLY);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, file, &event), EPERM);
    CHECK_ERROR(epoll_wait(events, found, 0, 0), EINVAL);
    CHECK_ERROR(epoll_wait(ends[0], found, 1, 0), EINVAL);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK_ERROR(epoll_wait(events, nowhere(), 1, 0), EFAULT);
    CHECK(epoll_wait(events, found, 16, 0) == 2);

    event.events = EPOLLIN | EPOLLEXCLUSIVE;
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_MOD, ends[0], &event), EINVAL);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, other, &event), EINVAL);
    event.events = EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT;
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, ends[1], &event), EINVAL);

    event.events = EPOLLIN;
    CHECK(epoll_ctl(other, EPOLL_CTL_ADD, events, &event) == 0);
    CHECK_ERROR(epoll_ctl(events, EPOLL_CTL_ADD, other, &event), ELOOP);
    CHECK(close(events) == 0 && close(other) == 0);
}

static void nested(void) {
    int inner = epoll_create1(0), outer = epoll_create1(0);
    int file = eventfd(0, EFD_NONBLOCK);
    add(inner, file, EPOLLIN, 1);
    add(outer, inner, EPOLLIN, 2);
    CHECK(epoll_wait(outer, found, 16, 0) == 0);
    uint64_t value = 1;
    CHECK(write(file, &value, 8) == 8);
    struct pollfd entry = {.fd = inner, .events = POLLIN};
    CHECK(poll(&entry, 1, 0) == 1 && entry.revents == POLLIN);
    CHECK(epoll_wait(outer, found, 16, -1) == 1 && found[0].data.u64 == 2);
    CHECK(epoll_wait(inner, found, 16, 0) == 1 && found[0].data.u64 == 1);
    CHECK(read(file, &value, 8) == 8);
    CHECK(epoll_wait(outer, found, 16, 0) == 0);

    int chain[6];
    for (int i = 0; i < 6; i++) {
        chain[i] = epoll_create1(0);
    }
    for (int i = 1; i < 5; i++) {
        add(chain[i], chain[i - 1], EPOLLIN, 0);
    }
    struct epoll_event event = {.events = EPOLLIN};
    CHECK_ERROR(epoll_ctl(chain[5], EPOLL_CTL_ADD, chain[4], &event), ELOOP);
    CHECK(close(inner) == 0 && close(outer) == 0 && close(file) == 0);
}

/* A file stays watched until its last descriptor is closed. */
static void closing(void) {
    int events = epoll_create1(0);
    int ends[2];
    CHECK(pipe(ends) == 0);
    add(events, ends[0], EPOLLIN, 5);
    int copy = dup(ends[0]);
    CHECK(close(ends[0]) == 0);
    CHECK(write(ends[1], "x", 1) == 1);
    CHECK(epoll_wait(events, found, 16, 0) == 1 && found[0].data.u64 == 5);
    CHECK(close(copy) == 0);
    CHECK(epoll_wait(events, found, 16, 0) == 0);
    CHECK(close(ends[1]) == 0 && close(events) == 0);
}

static volatile int signals;

static void count(int signal) {
    (void)signal;
    signals++;
}

static void times_and_masks(void) {
    int events = epoll_create1(0);
    struct timespec before, after;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &before) == 0);
    CHECK(epoll_wait(events, found, 16, 20) == 0);
    CHECK(clock_gettime(CLOCK_MONOTONIC, &after) == 0);
    CHECK((after.tv_sec - before.tv_sec) * 1000000000L + after.tv_nsec - before.tv_nsec >= 20000000);
    struct sigaction action = {.sa_handler = count, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    ualarm(10000, 0);
    CHECK_ERROR(epoll_wait(events, found, 16, -1), EINTR);
    CHECK(signals == 1);
    sigset_t blocked, none;
    sigemptyset(&none);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGALRM);
    CHECK(sigprocmask(SIG_BLOCK, &blocked, NULL) == 0 && raise(SIGALRM) == 0);
    CHECK_ERROR(epoll_pwait(events, found, 16, -1, &none), EINTR);
    CHECK(signals == 2);
    struct timespec time = {.tv_nsec = 5000000};
    CHECK(epoll_pwait2(events, found, 16, &time, NULL) == 0);
    CHECK(sigprocmask(SIG_SETMASK, &none, NULL) == 0);
    CHECK(close(events) == 0);
}

static int shared_events, woken;

static void *wait_for_one(void *unused) {
    (void)unused;
    struct epoll_event event;
    CHECK(epoll_wait(shared_events, &event, 1, 200) >= 0);
    __atomic_add_fetch(&woken, event.data.u64 == 77, __ATOMIC_SEQ_CST);
    return NULL;
}

/* One edge wakes one of the threads that wait. */
static void one_edge_one_thread(void) {
    shared_events = epoll_create1(0);
    int file = eventfd(0, EFD_NONBLOCK);
    add(shared_events, file, EPOLLIN | EPOLLET, 77);
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_create(&threads[i], NULL, wait_for_one, NULL) == 0);
    }
    usleep(20000);
    uint64_t one = 1;
    CHECK(write(file, &one, 8) == 8);
    for (int i = 0; i < 3; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(woken == 1);
}

int main(void) {
    level_and_edge();
    order();
    errors();
    nested();
    closing();
    times_and_masks();
    one_edge_one_thread();
    return 0;
}
