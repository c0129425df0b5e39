/*
 * The PHOLD workload (Fujimoto, "Performance of Time Warp under synthetic workloads", 1990) over UDP: whoever receives a
 * message sends one to a host chosen at random, so the number of messages under way stays what it was at the start.
 *
 *   phold SEED MESSAGES SECONDS LOAD SKEW HOST...
 *
 * SEED      of this host's choices
 * MESSAGES  that this host sends at the start
 * SECONDS   of the host's clock after which it stops answering
 * LOAD      rounds of arithmetic a message
 * SKEW      0: all hosts alike; s > 0: host i of n is chosen as if numbers in [0,1) were raised to the power 1 + s
 * HOST      all hosts by name; or one pattern: NAME%N stands for NAME1 to NAMEN, and ADDRESS+N for the N addresses from
 *           ADDRESS on, which spares N hosts N questions for names each
 *
 * Prints how many messages came and went.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define PORT 4000

static uint64_t state;
static volatile uint64_t sink;

static uint64_t draw(void) {
    state += UINT64_C(0x9e3779b97f4a7c15); /* splitmix64 */
    uint64_t z = state;
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static long choose(long hosts, int skew) {
    double at = (double)(draw() >> 11) / 9007199254740992.0;
    for (double power = at; skew > 0; skew--) {
        at *= power;
    }
    return (long)(at * (double)hosts);
}

static struct in_addr address_of(const char *name) {
    struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM}, *found;
    if (getaddrinfo(name, NULL, &hints, &found) != 0) {
        fprintf(stderr, "phold: no such host: %s\n", name);
        exit(1);
    }
    struct in_addr address = ((struct sockaddr_in *)found->ai_addr)->sin_addr;
    freeaddrinfo(found);
    return address;
}

static struct in_addr *addresses;
static long count;

/* ADDRESS+N */
static void count_addresses(const char *pattern, const char *plus) {
    char text[INET_ADDRSTRLEN] = "";
    struct in_addr first;
    snprintf(text, sizeof text, "%.*s", (int)(plus - pattern), pattern);
    if (inet_pton(AF_INET, text, &first) != 1) {
        fprintf(stderr, "phold: no such address: %s\n", text);
        exit(1);
    }
    count = atol(plus + 1);
    addresses = calloc((size_t)count, sizeof *addresses);
    for (long i = 0; i < count; i++) {
        addresses[i].s_addr = htonl(ntohl(first.s_addr) + (uint32_t)i);
    }
}

static void find_hosts(int names, char **name) {
    char *plus = names == 1 ? strchr(name[0], '+') : NULL;
    if (plus != NULL) {
        count_addresses(name[0], plus);
        return;
    }
    char *percent = names == 1 ? strchr(name[0], '%') : NULL;
    count = percent != NULL ? atol(percent + 1) : names;
    addresses = calloc((size_t)count, sizeof *addresses);
    for (long i = 0; i < count; i++) {
        char text[300];
        if (percent != NULL) {
            snprintf(text, sizeof text, "%.*s%ld", (int)(percent - name[0]), name[0], i + 1);
        }
        addresses[i] = address_of(percent != NULL ? text : name[i]);
    }
}

int main(int argc, char **argv) {
    if (argc < 7) {
        fputs("usage: phold SEED MESSAGES SECONDS LOAD SKEW HOST...\n", stderr);
        return 2;
    }
    state = strtoull(argv[1], NULL, 10);
    long messages = atol(argv[2]), load = atol(argv[4]);
    int skew = atoi(argv[5]);
    find_hosts(argc - 6, argv + 6);
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(PORT)};
    if (file < 0 || bind(file, (struct sockaddr *)&own, sizeof own) != 0) {
        perror("phold: socket");
        return 1;
    }
    struct timespec start, now;
    clock_gettime(CLOCK_MONOTONIC, &start);
    struct timeval patience = {1, 0};
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    struct timespec settle = {1, 0}; /* until all have bound */
    nanosleep(&settle, NULL);
    char message[64] = "phold";
    long sent = 0, received = 0;
    struct sockaddr_in to = own;
    for (long i = 0; i < messages; i++) {
        to.sin_addr = addresses[choose(count, skew)];
        sent += sendto(file, message, sizeof message, 0, (struct sockaddr *)&to, sizeof to) == sizeof message;
    }
    long end = start.tv_sec + 1 + atol(argv[3]);
    for (;;) {
        ssize_t got = recv(file, message, sizeof message, 0);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (now.tv_sec > end || (now.tv_sec == end && now.tv_nsec >= start.tv_nsec)) {
            break;
        }
        if (got < 0) {
            continue;
        }
        received++;
        for (long i = 0; i < load; i++) {
            sink = sink * 6364136223846793005u + 1;
        }
        to.sin_addr = addresses[choose(count, skew)];
        sent += sendto(file, message, sizeof message, 0, (struct sockaddr *)&to, sizeof to) == sizeof message;
    }
    printf("sent %ld received %ld\n", sent, received);
    return 0;
}
