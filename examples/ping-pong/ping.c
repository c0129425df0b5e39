/* Sends COUNT numbered datagrams to HOST, one after the other, and prints how long each reply took. */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { REPLY_TIMEOUT_MILLIS = 1000, ATTEMPTS = 5 };

static long long now_nanos(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000000LL + now.tv_nsec;
}

/* A datagram socket connected to the name and port, or -1 with a message. */
static int connect_to(const char *host, const char *port)
{
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
    struct addrinfo *addresses;
    int error = getaddrinfo(host, port, &hints, &addresses);
    if (error != 0) {
        fprintf(stderr, "ping: %s port %s: %s\n", host, port, gai_strerror(error));
        return -1;
    }
    int connection = socket(addresses->ai_family, addresses->ai_socktype, addresses->ai_protocol);
    if (connection < 0 || connect(connection, addresses->ai_addr, addresses->ai_addrlen) != 0) {
        perror("ping: connect");
        connection = -1;
    }
    freeaddrinfo(addresses);
    return connection;
}

/* Sends the request until its own reply comes back. Returns the number of attempts, 0 where none was answered. */
static int exchange(int connection, const char *request, char *reply, size_t reply_size)
{
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
        if (send(connection, request, strlen(request), 0) < 0) {
            perror("ping: send");
            return 0;
        }
        struct pollfd readable = {.fd = connection, .events = POLLIN};
        while (poll(&readable, 1, REPLY_TIMEOUT_MILLIS) == 1) {
            ssize_t length = recv(connection, reply, reply_size - 1, 0);
            if (length < 0) {
                perror("ping: recv");
                return 0;
            }
            reply[length] = '\0';
            const char *space = strchr(reply, ' ');
            if (space != NULL && strcmp(space, strchr(request, ' ')) == 0) {
                return attempt;
            } /* else a late reply to an earlier request */
        }
    }
    fprintf(stderr, "ping: no reply to '%s' after %d attempts\n", request, ATTEMPTS);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: ping HOST PORT COUNT\n");
        return 2;
    }
    int connection = connect_to(argv[1], argv[2]);
    if (connection < 0) {
        return 1;
    }
    int count = atoi(argv[3]);
    for (int number = 1; number <= count; number++) {
        char request[32];
        char reply[32];
        snprintf(request, sizeof request, "ping %d", number);
        long long sent = now_nanos();
        int attempts = exchange(connection, request, reply, sizeof reply);
        if (attempts == 0) {
            return 1;
        }
        long long micros = (now_nanos() - sent) / 1000;
        printf("%s after %lld.%03lld ms, attempt %d\n", reply, micros / 1000, micros % 1000, attempts);
    }
    if (send(connection, "bye", 3, 0) != 3) {
        perror("ping: send");
        return 1;
    }
    close(connection);
    return 0;
}
