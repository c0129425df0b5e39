/*
 * Makes calls at random, as one seed says, and prints what each gave: two runs that differ only in who answers the calls
 * must print the same. Two of them on two hosts talk to each other.
 *
 *   random-calls SEED CALLS PEER [PORT]
 *
 * PORT is where it listens itself: for more than one on a host. With ESCAPING in the environment the shim does not catch its
 * calls.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "escape.h"

#define FILES 24
#define PORT 5000
#define BYTES 70000

static uint64_t state;
static int files[FILES];
static unsigned char bytes[BYTES], more[BYTES];
static struct in_addr peer;

static uint32_t draw(uint32_t below) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(state >> 33) % below;
}

static uint32_t hash(const void *data, long length) {
    uint32_t value = 2166136261u;
    for (long i = 0; i < length; i++) {
        value = (value ^ ((const unsigned char *)data)[i]) * 16777619u;
    }
    return value;
}

/* Mostly short, now and then long. */
static uint32_t draw_length(void) {
    switch (draw(8)) {
    case 0:
        return 1 + draw(65536);
    case 1:
    case 2:
        return 1 + draw(9000);
    default:
        return 1 + draw(600);
    }
}

static void told(const char *call, int file, long result, const void *data, long length) {
    printf("%s %d %ld %d %08x\n", call, file, result, result < 0 ? errno : 0, length > 0 ? hash(data, length) : 0);
}

static int any_file(void) {
    return files[draw(FILES)];
}

static void keep(int file) {
    if (file < 0) {
        return;
    }
    int place = (int)draw(FILES);
    if (files[place] >= 0) {
        close(files[place]);
    }
    files[place] = file;
}

static struct sockaddr_in address_of(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    switch (draw(4)) {
    case 0:
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        break;
    case 1:
        address.sin_addr.s_addr = htonl(0x0bfefefe); /* nobody's */
        break;
    default:
        address.sin_addr = peer;
    }
    return address;
}

static void open_something(void) {
    int pair[2];
    struct sockaddr_in address;
    int one = 1;
    switch (draw(9)) {
    case 0:
        told("pipe", 0, pipe2(pair, O_NONBLOCK | (draw(2) ? O_CLOEXEC : 0)), pair, sizeof pair);
        keep(pair[0]);
        keep(pair[1]);
        return;
    case 1: {
        int file = eventfd(draw(3), EFD_NONBLOCK | (draw(2) ? EFD_SEMAPHORE : 0));
        told("eventfd", 0, file, NULL, 0);
        keep(file);
        return;
    }
    case 2: {
        int file = epoll_create1(0);
        told("epoll_create1", 0, file, NULL, 0);
        keep(file);
        return;
    }
    case 3: {
        int file = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
        told("socket udp", 0, file, NULL, 0);
        address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(draw(2) ? PORT + draw(4) : 0)};
        told("bind", file, bind(file, (struct sockaddr *)&address, sizeof address), NULL, 0);
        if (draw(3) == 0) {
            address = address_of(PORT + (int)draw(4));
            told("connect udp", file, connect(file, (struct sockaddr *)&address, sizeof address), NULL, 0);
        }
        keep(file);
        return;
    }
    case 4:
        told("socketpair", 0, socketpair(AF_UNIX, draw(2) ? SOCK_STREAM | SOCK_NONBLOCK : SOCK_DGRAM | SOCK_NONBLOCK, 0, pair),
             pair, sizeof pair);
        keep(pair[0]);
        keep(pair[1]);
        return;
    case 5: {
        int file = any_file();
        if (file >= 0) {
            int copy = dup(file);
            told("dup", file, copy, NULL, 0);
            keep(copy);
        }
        return;
    }
    default: {
        int file = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
        told("socket tcp", 0, file, NULL, 0);
        if (draw(2)) {
            setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        }
        address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(PORT), .sin_addr = peer};
        if (draw(3) == 0) {
            address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        }
        told("connect", file, connect(file, (struct sockaddr *)&address, sizeof address), NULL, 0);
        keep(file);
    }
    }
}

static void receive(int file) {
    uint32_t length = draw_length();
    memset(bytes, 0, 64);
    struct sockaddr_in from = {0};
    socklen_t from_bytes = sizeof from;
    struct iovec vectors[2] = {{bytes, length / 3}, {more, length - length / 3}};
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = vectors, .msg_iovlen = 2};
    long result;
    switch (draw(7)) {
    case 0:
        result = recv(file, bytes, length, draw(2) ? MSG_PEEK : MSG_DONTWAIT);
        told("recv", file, result, bytes, result);
        return;
    case 1:
        result = recvfrom(file, bytes, length, 0, (struct sockaddr *)&from, &from_bytes);
        told("recvfrom", file, result, bytes, result);
        printf("%u %08x %d\n", from_bytes, ntohl(from.sin_addr.s_addr), ntohs(from.sin_port));
        return;
    case 2:
        result = recvmsg(file, &message, 0);
        told("recvmsg", file, result, bytes, result < 0 ? 0 : result < length / 3 ? result : length / 3);
        if (result >= 0) {
            printf("%u %d %zu %08x\n", message.msg_namelen, message.msg_flags, message.msg_controllen, ntohl(from.sin_addr.s_addr));
        }
        return;
    case 3:
        result = readv(file, vectors, 2);
        told("readv", file, result, more, result > length / 3 ? result - length / 3 : 0);
        return;
    default:
        result = read(file, bytes, length);
        told("read", file, result, bytes, result);
    }
}

static void transmit(int file) {
    uint32_t length = draw_length();
    for (uint32_t i = 0; i < length; i += 64) {
        bytes[i] = (unsigned char)draw(256);
    }
    struct sockaddr_in to = address_of(PORT + (int)draw(4));
    struct iovec vectors[2] = {{bytes, length / 2}, {bytes + length / 2, length - length / 2}};
    struct mmsghdr messages[2] = {{.msg_hdr = {.msg_iov = vectors, .msg_iovlen = 1}},
                                  {.msg_hdr = {.msg_iov = vectors + 1, .msg_iovlen = 1}}};
    uint64_t count = draw(5);
    long result;
    switch (draw(8)) {
    case 0:
        result = send(file, bytes, length, MSG_NOSIGNAL | (draw(2) ? MSG_MORE : 0));
        told("send", file, result, NULL, 0);
        return;
    case 1:
    case 2:
        result = sendto(file, bytes, length, MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
        told("sendto", file, result, NULL, 0);
        return;
    case 3:
        result = writev(file, vectors, 2);
        told("writev", file, result, NULL, 0);
        return;
    case 4:
        messages[0].msg_hdr.msg_name = &to;
        messages[0].msg_hdr.msg_namelen = draw(2) ? sizeof to : 0;
        result = sendmmsg(file, messages, 2, MSG_NOSIGNAL);
        told("sendmmsg", file, result, NULL, 0);
        printf("%u %u\n", messages[0].msg_len, messages[1].msg_len);
        return;
    case 5:
        result = write(file, &count, 8);
        told("write 8", file, result, NULL, 0);
        return;
    default:
        result = write(file, bytes, length);
        told("write", file, result, NULL, 0);
    }
}

static void look(void) {
    struct pollfd entries[8];
    struct epoll_event events[16];
    int count = 1 + (int)draw(8);
    switch (draw(4)) {
    case 0:
        for (int i = 0; i < count; i++) {
            entries[i] = (struct pollfd){.fd = any_file(), .events = (short)draw(16)};
        }
        told("poll", count, poll(entries, (nfds_t)count, 0), entries, (long)(sizeof *entries * (size_t)count));
        return;
    case 1: {
        fd_set in, out;
        FD_ZERO(&in);
        FD_ZERO(&out);
        int end = 0;
        for (int i = 0; i < count; i++) {
            int file = any_file();
            if (file >= 0 && file < FD_SETSIZE) {
                FD_SET(file, draw(2) ? &in : &out);
                end = file >= end ? file + 1 : end;
            }
        }
        struct timeval none = {0, 0};
        long result = select(end, &in, &out, NULL, &none);
        told("select", end, result, &in, 128);
        printf("%08x\n", hash(&out, 128));
        return;
    }
    default: {
        int file = any_file();
        int limit = 1 + (int)draw(16);
        int result = epoll_wait(file, events, limit, 0);
        told("epoll_wait", file, result, events, result * (long)sizeof *events);
    }
    }
}

static void watch(void) {
    int file = any_file(), target = any_file();
    static const uint32_t modes[] = {0, 0, 0, EPOLLET, EPOLLET, EPOLLONESHOT, EPOLLEXCLUSIVE};
    struct epoll_event event = {.events = (draw(4) ? EPOLLIN : 0) | (draw(3) ? 0 : EPOLLOUT) | EPOLLRDHUP | modes[draw(7)],
                                .data.u64 = state};
    int operation = 1 + (int)draw(3);
    told("epoll_ctl", target, epoll_ctl(file, operation, target, &event), &operation, sizeof operation);
}

static void ask(void) {
    int file = any_file(), value = 0;
    struct sockaddr_in name = {0};
    socklen_t length = sizeof name, value_bytes = sizeof value;
    static const int options[] = {SO_ERROR, SO_TYPE, SO_DOMAIN, SO_PROTOCOL, SO_ACCEPTCONN, SO_SNDBUF};
    switch (draw(9)) {
    case 8:
        value = (int)draw(2);
        told("setsockopt", file,
             draw(2) ? setsockopt(file, IPPROTO_TCP, draw(2) ? TCP_NODELAY : TCP_CORK, &value, sizeof value)
                     : setsockopt(file, SOL_SOCKET, draw(2) ? SO_KEEPALIVE : SO_REUSEADDR, &value, 1 + (socklen_t)draw(8)),
             NULL, 0);
        return;
    case 0:
        told("getsockname", file, getsockname(file, (struct sockaddr *)&name, &length), &name, sizeof name);
        return;
    case 1:
        told("getpeername", file, getpeername(file, (struct sockaddr *)&name, &length), &name, sizeof name);
        return;
    case 2:
        told("getsockopt", file, getsockopt(file, SOL_SOCKET, options[draw(6)], &value, &value_bytes), &value, sizeof value);
        return;
    case 3:
        told("FIONREAD", file, ioctl(file, FIONREAD, &value), &value, sizeof value);
        return;
    case 4:
        value = 1;
        told("FIONBIO", file, ioctl(file, FIONBIO, &value), NULL, 0);
        return;
    case 5: {
        int flags = fcntl(file, F_GETFL);
        told("F_GETFL", file, flags, NULL, 0);
        if (flags >= 0) {
            fcntl(file, F_SETFL, flags & ~O_NONBLOCK);
            told("F_GETFL", file, fcntl(file, F_GETFL), NULL, 0);
            told("F_SETFL", file, fcntl(file, F_SETFL, flags | O_NONBLOCK), NULL, 0);
        }
        return;
    }
    case 6:
        told("accept", file, value = accept4(file, (struct sockaddr *)&name, &length, SOCK_NONBLOCK), &name, sizeof name);
        keep(value);
        return;
    default:
        told("shutdown", file, draw(4) ? 0 : shutdown(file, (int)draw(3)), NULL, 0);
    }
}

static void handled(int signal) {
    printf("signal %d\n", signal);
}

/* Without an action of theirs, only the first is deadly. */
static const int signals[] = {SIGUSR1, SIGURG, SIGWINCH};

static void change_action(void) {
    static const int flags[] = {0, SA_RESTART, SA_NODEFER, SA_RESETHAND, SA_SIGINFO};
    int number = signals[draw(3)];
    struct sigaction action = {.sa_handler = draw(3) ? handled : SIG_IGN}, old;
    memset(&old, 0, sizeof old);
    action.sa_flags = flags[draw(number == SIGUSR1 ? 3 : 5)];
    if (number != SIGUSR1 && draw(3) == 0) {
        action.sa_handler = SIG_DFL;
    }
    sigaddset(&action.sa_mask, SIGUSR2);
    int result = sigaction(number, draw(3) ? &action : NULL, &old);
    printf("sigaction %d %d: %s %x %d\n", number, result,
           old.sa_handler == handled ? "handled" : old.sa_handler == SIG_IGN ? "ignored" : "default", old.sa_flags,
           sigismember(&old.sa_mask, SIGUSR2));
}

static void be_somebody(void) {
    static int word;
    struct timespec now;
    sigset_t set, old;
    unsigned char random[40];
    switch (draw(10)) {
    case 6:
    case 7:
    case 8:
        change_action();
        return;
    case 0:
        printf("ids %d %d %d %d %d\n", getpid(), getppid(), (int)syscall(SYS_gettid), getuid(), getegid());
        return;
    case 1:
        sigemptyset(&set);
        sigaddset(&set, signals[draw(3)]);
        memset(&old, 0, sizeof old);
        sigprocmask((int)draw(2), &set, &old);
        printf("mask %d\n", sigismember(&old, SIGUSR1));
        return;
    case 2:
        printf("kill\n");
        kill(getpid(), signals[draw(3)]);
        return;
    case 3: {
        size_t length = 1 + draw(40);
        told("getrandom", 0, getrandom(random, length, 0), random, (long)length);
        return;
    }
    case 4:
        told("futex", 0, syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), NULL, 0);
        return;
    default:
        clock_gettime(CLOCK_MONOTONIC, &now);
        printf("time %ld.%09ld\n", now.tv_sec, now.tv_nsec);
    }
}

static void let_time_pass(void) {
    struct timespec pause = {0, (long)draw(3) * 700000};
    nanosleep(&pause, NULL);
}

static void step(void) {
    int file = any_file();
    switch (draw(20)) {
    case 0:
        open_something();
        return;
    case 1:
        if (draw(3) == 0) {
            int place = (int)draw(FILES - 2) + 2; /* the listener stays */
            told("close", files[place], close(files[place]), NULL, 0);
            files[place] = -1;
        }
        return;
    case 2:
    case 3:
    case 4:
    case 5:
        receive(file);
        return;
    case 6:
    case 7:
    case 8:
    case 9:
        transmit(file);
        return;
    case 10:
    case 11:
    case 12:
        look();
        return;
    case 13:
        watch();
        return;
    case 14:
        ask();
        return;
    case 15:
    case 16:
        be_somebody();
        return;
    case 17:
        if (draw(40) == 0) {
            fflush(stdout);
            pid_t child = fork();
            if (child == 0) {
                for (int i = 0; i < 20; i++) {
                    receive(any_file());
                    transmit(any_file());
                    look();
                }
                fflush(stdout);
                _exit(3);
            }
            int status = 0;
            told("wait", child, waitpid(child, &status, 0), &status, sizeof status);
        }
        return;
    default:
        let_time_pass();
    }
}

int main(int argc, char **argv) {
    if (argc != 4 && argc != 5) {
        return 2;
    }
    if (getenv("ESCAPING") != NULL && !end_dispatch()) {
        return 3;
    }
    state = strtoull(argv[1], NULL, 10) * 2654435761u + 12345;
    long calls = atol(argv[2]);
    struct addrinfo hints = {.ai_family = AF_INET}, *found;
    if (getaddrinfo(argv[3], NULL, &hints, &found) != 0) {
        fprintf(stderr, "no such peer\n");
        return 1;
    }
    peer = ((struct sockaddr_in *)found->ai_addr)->sin_addr;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGUSR1, handled);
    for (int i = 0; i < FILES; i++) {
        files[i] = -1;
    }
    files[0] = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    files[1] = epoll_create1(0);
    struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(argc == 5 ? atoi(argv[4]) : PORT)};
    if (bind(files[0], (struct sockaddr *)&own, sizeof own) != 0 || listen(files[0], 16) != 0) {
        perror("listen");
        return 1;
    }
    for (int i = 0; i < 16; i++) {
        open_something();
    }
    for (long i = 0; i < calls; i++) {
        step();
    }
    return 0;
}
