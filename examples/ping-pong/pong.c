/* Answers every datagram "ping N" on PORT with "pong N" until it receives "bye". */
#define _POSIX_C_SOURCE 200809L

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc != 2) {
        fprintf(stderr, "usage: pong PORT\n");
        return 2;
    }
    int listener = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in local = {
        .sin_family = AF_INET, .sin_port = htons((unsigned short)atoi(argv[1])), .sin_addr.s_addr = htonl(INADDR_ANY)};
    if (listener < 0 || bind(listener, (struct sockaddr *)&local, sizeof local) != 0) {
        perror("pong: bind");
        return 1;
    }
    for (;;) {
        char message[64];
        struct sockaddr_in peer;
        socklen_t peer_length = sizeof peer;
        ssize_t length =
            recvfrom(listener, message, sizeof message - 1, 0, (struct sockaddr *)&peer, &peer_length);
        if (length < 0) {
            perror("pong: recvfrom");
            return 1;
        }
        message[length] = '\0';
        printf("'%s' from %s\n", message, inet_ntoa(peer.sin_addr));
        if (strcmp(message, "bye") == 0) {
            close(listener);
            return 0;
        }
        if (strncmp(message, "ping ", 5) == 0) {
            message[1] = 'o';
            if (sendto(listener, message, (size_t)length, 0, (struct sockaddr *)&peer, peer_length) != length) {
                perror("pong: sendto");
                return 1;
            }
        }
    }
}
