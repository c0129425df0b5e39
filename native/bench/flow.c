/*
 * The two ends of `gnomon bench bulk`.
 *
 *   flow send HOST PORT SECONDS     sends for so long by its clock
 *   flow receive PORT               takes one connection's bytes to their end
 *
 * Each prints how many bytes it moved.
 */
#define _GNU_SOURCE
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static char bytes[65536];

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void send_for(const char *host, const char *port, long seconds) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(host, port, &hints, &found) != 0) {
        fputs("flow: no such host\n", stderr);
        exit(1);
    }
    int file = socket(AF_INET, SOCK_STREAM, 0);
    if (connect(file, found->ai_addr, found->ai_addrlen) != 0) {
        fail("flow: connect");
    }
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long end = now.tv_sec + seconds, moved = 0;
    while (clock_gettime(CLOCK_MONOTONIC, &now), now.tv_sec < end) {
        long done = write(file, bytes, sizeof bytes);
        if (done < 0) {
            fail("flow: write");
        }
        moved += done;
    }
    printf("bytes %ld\n", moved);
}

static void receive(const char *port) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(port))};
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0) {
        fail("flow: listen");
    }
    int file = accept(listener, NULL, NULL);
    long moved = 0, done;
    while ((done = read(file, bytes, sizeof bytes)) > 0) {
        moved += done;
    }
    printf("bytes %ld\n", moved);
}

int main(int argc, char **argv) {
    if (argc == 5 && strcmp(argv[1], "send") == 0) {
        send_for(argv[2], argv[3], atol(argv[4]));
    } else if (argc == 3 && strcmp(argv[1], "receive") == 0) {
        receive(argv[2]);
    } else {
        fputs("usage: flow send HOST PORT SECONDS | flow receive PORT\n", stderr);
        return 2;
    }
    return 0;
}
