/*
 * The guest of `gnomon bench soak`: sends a datagram to the next host and takes one, every PAUSE milliseconds, until SECONDS have
 * passed by its clock.
 *
 *   messenger NEXT-HOST PAUSE SECONDS
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

#define PORT 4000

int main(int argc, char **argv) {
    if (argc != 4) {
        fputs("usage: messenger NEXT-HOST PAUSE SECONDS\n", stderr);
        return 2;
    }
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *found;
    if (getaddrinfo(argv[1], "4000", &hints, &found) != 0) {
        fputs("messenger: no such host\n", stderr);
        return 1;
    }
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    if (bind(file, (struct sockaddr *)&own, sizeof own) != 0) {
        perror("messenger: bind");
        return 1;
    }
    long pause = atol(argv[2]);
    struct timespec time = {pause / 1000, pause % 1000 * 1000000}, now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long end = now.tv_sec + atol(argv[3]), sent = 0, received = 0;
    char message[64] = "soak";
    while (clock_gettime(CLOCK_MONOTONIC, &now), now.tv_sec < end) {
        sent += sendto(file, message, sizeof message, 0, found->ai_addr, found->ai_addrlen) > 0;
        nanosleep(&time, NULL);
        while (recv(file, message, sizeof message, MSG_DONTWAIT) > 0) {
            received++;
        }
    }
    printf("sent %ld received %ld\n", sent, received);
    return 0;
}
