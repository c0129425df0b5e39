/*
 * A client of `gnomon bench web`: keeps CONNECTIONS open and asks for PATH on each again and again, until REQUESTS answers
 * have come. One thread, epoll. Prints how many answers and bytes came, and how long it took by its own clock.
 *
 *   http-client HOST PORT PATH CONNECTIONS REQUESTS
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

struct connection {
    int file;
    char head[4096];
    int head_bytes;
    long left; /* of the body; -1: the head is not complete */
};

static char request[1024];
static int request_bytes;
static long asked, answered, received, wanted;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void ask(struct connection *connection) {
    connection->head_bytes = 0;
    connection->left = -1;
    if (asked < wanted) {
        asked++;
        if (write(connection->file, request, (size_t)request_bytes) != request_bytes) {
            fail("http-client: write");
        }
    }
}

/* Takes bytes of an answer. Returns how many of them belong to it. */
static long take(struct connection *connection, const char *bytes, long count) {
    if (connection->left >= 0) {
        long part = count < connection->left ? count : connection->left;
        connection->left -= part;
        return part;
    }
    long used = 0;
    while (used < count && connection->left < 0) {
        if (connection->head_bytes == (int)sizeof connection->head - 1) {
            fputs("http-client: the head is too long\n", stderr);
            exit(1);
        }
        connection->head[connection->head_bytes++] = bytes[used++];
        connection->head[connection->head_bytes] = 0;
        if (connection->head_bytes >= 4 && strcmp(connection->head + connection->head_bytes - 4, "\r\n\r\n") == 0) {
            const char *length = strcasestr(connection->head, "\r\ncontent-length:");
            if (strncmp(connection->head, "HTTP/1.1 200", 12) != 0 || length == NULL) {
                fprintf(stderr, "http-client: %s", connection->head);
                exit(1);
            }
            connection->left = atol(length + 17);
        }
    }
    return used;
}

static void serve(struct connection *connection) {
    static char bytes[262144];
    for (;;) {
        long count = read(connection->file, bytes, sizeof bytes);
        if (count < 0 && errno == EAGAIN) {
            return;
        }
        if (count <= 0) {
            fail("http-client: read");
        }
        received += count;
        for (long used = 0; used < count;) {
            used += take(connection, bytes + used, count - used);
            if (connection->left == 0) {
                answered++;
                ask(connection);
            }
        }
    }
}

int main(int argc, char **argv) {
    int connections = argc == 6 ? atoi(argv[4]) : 0;
    wanted = argc == 6 ? atol(argv[5]) : 0;
    if (connections < 1 || connections > 1000 || wanted < 1) {
        fputs("usage: http-client HOST PORT PATH CONNECTIONS REQUESTS\n", stderr);
        return 2;
    }
    request_bytes = snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", argv[3], argv[1]);
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(argv[1], argv[2], &hints, &found) != 0) {
        fputs("http-client: no such host\n", stderr);
        return 1;
    }
    struct connection *all = calloc((size_t)connections, sizeof *all);
    int epoll = epoll_create1(0), one = 1;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    for (int i = 0; i < connections; i++) {
        all[i].file = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(all[i].file, found->ai_addr, found->ai_addrlen) != 0) {
            fail("http-client: connect");
        }
        setsockopt(all[i].file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        fcntl(all[i].file, F_SETFL, O_NONBLOCK);
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &all[i]};
        epoll_ctl(epoll, EPOLL_CTL_ADD, all[i].file, &event);
        ask(&all[i]);
    }
    while (answered < wanted) {
        struct epoll_event events[64];
        int count = epoll_wait(epoll, events, 64, -1);
        for (int i = 0; i < count; i++) {
            serve(events[i].data.ptr);
        }
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
    printf("answers %ld bytes %ld seconds %.6f\n", answered, received, seconds);
    return 0;
}
