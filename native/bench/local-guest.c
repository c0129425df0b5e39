/*
 * The guest of `gnomon bench local`: how long calls take that the shim answers, by the CPU's own time-stamp counter; run
 * natively it measures the kernel's. Prints the counter's frequency, then a line a kind of call: its name, and the least and
 * the median time of a call over so many batches, in ticks.
 *
 *   local BATCHES CALLS
 */
#define _GNU_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#define LIMIT 10000
/* Calls before those of a batch that are timed: after a pause nothing is in the processor's caches. */
#define WARMING 10

static int batches, calls;
static int client, server, epoll;
static char bytes[2048];

static long one_call(int kind) {
    struct timespec now;
    struct epoll_event event;
    switch (kind) {
    case 0:
        return syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &now);
    case 1:
        return syscall(SYS_getpid);
    case 2:
        return write(client, bytes, 1);
    case 3:
        return write(client, bytes, 1500);
    case 4:
        return read(server, bytes, 1);
    case 5:
        return read(server, bytes, 1500);
    default:
        return epoll_wait(epoll, &event, 1, 0);
    }
}

static const char *const names[] = {"clock_gettime", "getpid", "write 1", "write 1500", "read 1", "read 1500", "epoll_wait"};

static int ascending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return a < b ? -1 : a > b;
}

/* Bytes a batch of reads will want; they must have arrived before it begins. */
static void provide(int kind) {
    /* One more: what is written last, below, is not there before the guest has crossed. */
    long wanted = kind == 4 ? WARMING + calls + 1 : kind == 5 ? 1500L * (WARMING + calls) + 1 : 0;
    for (long sent = 0; sent < wanted;) {
        long part = wanted - sent < (long)sizeof bytes ? wanted - sent : (long)sizeof bytes;
        long done = write(client, bytes, (size_t)part);
        if (done < 0) {
            perror("local: write");
            exit(1);
        }
        sent += done;
    }
    if (wanted > 0) {
        struct timespec pause = {0, 2000000};
        nanosleep(&pause, NULL);
        read(server, bytes, 1); /* crosses once, and brings what is there into reach */
        write(client, bytes, 1);
    }
}

static void drain(void) {
    struct timespec pause = {0, 2000000};
    nanosleep(&pause, NULL);
    char sink[65536];
    while (recv(server, sink, sizeof sink, MSG_DONTWAIT) > 0) {
    }
}

static void connect_pair(void) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    client = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 1) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0 ||
        connect(client, (struct sockaddr *)&address, length) != 0 || (server = accept(listener, NULL, NULL)) < 0) {
        perror("local: sockets");
        exit(1);
    }
    struct epoll_event event = {.events = EPOLLOUT};
    epoll = epoll_create1(0);
    epoll_ctl(epoll, EPOLL_CTL_ADD, client, &event);
}

/* Of the counter; means something where clock and counter are the machine's. */
static double frequency(void) {
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    uint64_t ticks = __rdtsc();
    long passed;
    do {
        clock_gettime(CLOCK_MONOTONIC, &now);
        passed = (now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec;
    } while (passed < 20000000);
    return (double)(__rdtsc() - ticks) / (double)passed;
}

int main(int argc, char **argv) {
    batches = argc == 3 ? atoi(argv[1]) : 0;
    calls = argc == 3 ? atoi(argv[2]) : 0;
    if (batches < 1 || batches > LIMIT || calls < 1) {
        fputs("usage: local BATCHES CALLS\n", stderr);
        return 2;
    }
    connect_pair();
    printf("ticks per nanosecond,%.6f\n", frequency());
    static double ticks[LIMIT];
    for (int kind = 0; kind < (int)(sizeof names / sizeof *names); kind++) {
        for (int batch = 0; batch < batches; batch++) {
            provide(kind);
            for (int n = 0; n < WARMING; n++) {
                one_call(kind);
            }
            uint64_t start = __rdtsc();
            for (int n = 0; n < calls; n++) {
                one_call(kind);
            }
            ticks[batch] = (double)(__rdtsc() - start) / calls;
            drain();
        }
        qsort(ticks, (size_t)batches, sizeof *ticks, ascending);
        printf("%s,%.1f,%.1f\n", names[kind], ticks[0], ticks[batches / 2]);
    }
    return 0;
}
