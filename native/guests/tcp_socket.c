/* tcp(7) over the loopback interface: connections, data, ends, errors. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

static char buffer[3000000];

static short readiness(int file) {
    struct pollfd entry = {.fd = file, .events = POLLIN | POLLOUT | POLLRDHUP};
    CHECK(poll(&entry, 1, 0) >= 0);
    return entry.revents;
}

static void await(int file, short events) {
    struct pollfd entry = {.fd = file, .events = events};
    CHECK(poll(&entry, 1, 5000) == 1);
}

static int listen_on(struct sockaddr_in *address, int backlog) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(listener >= 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(bind(listener, (struct sockaddr *)address, sizeof *address) == 0);
    socklen_t size = sizeof *address;
    CHECK(getsockname(listener, (struct sockaddr *)address, &size) == 0 && size == sizeof *address);
    CHECK(ntohs(address->sin_port) != 0);
    CHECK(listen(listener, backlog) == 0);
    return listener;
}

static void connection(void) {
    struct sockaddr_in server, name;
    int listener = listen_on(&server, 5);
    CHECK(readiness(listener) == 0);
    CHECK(fcntl(listener, F_SETFL, O_NONBLOCK) == 0);
    CHECK_ERROR(accept(listener, NULL, NULL), EAGAIN);
    CHECK(fcntl(listener, F_SETFL, 0) == 0);
    int client = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
    socklen_t size = sizeof name;
    CHECK_ERROR(getpeername(client, (struct sockaddr *)&name, &size), ENOTCONN);
    CHECK_ERROR(recv(client, buffer, 1, 0), ENOTCONN);
    CHECK_ERROR(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK(readiness(client) == (POLLOUT | POLLHUP));
    CHECK(connect(client, (struct sockaddr *)&server, sizeof server) == 0);
    CHECK_ERROR(connect(client, (struct sockaddr *)&server, sizeof server), EISCONN);
    int accepted = accept4(listener, (struct sockaddr *)&name, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
    CHECK(accepted >= 0 && size == sizeof name && (fcntl(accepted, F_GETFL) & O_NONBLOCK));
    struct sockaddr_in own;
    size = sizeof own;
    CHECK(getsockname(client, (struct sockaddr *)&own, &size) == 0);
    CHECK(own.sin_port == name.sin_port && own.sin_addr.s_addr == htonl(INADDR_LOOPBACK));

    CHECK_ERROR(read(accepted, buffer, 1), EAGAIN);
    CHECK(send(client, "hello ", 6, MSG_MORE) == 6 && send(client, "world", 5, 0) == 5);
    await(accepted, POLLIN);
    CHECK(recv(accepted, buffer, 100, MSG_PEEK) == 11);
    int waiting;
    CHECK(ioctl(accepted, FIONREAD, &waiting) == 0 && waiting == 11);
    struct iovec parts[2] = {{buffer, 6}, {buffer + 100, 100}};
    CHECK(readv(accepted, parts, 2) == 11 && memcmp(buffer + 100, "world", 5) == 0);

    CHECK(shutdown(client, SHUT_WR) == 0);
    CHECK_ERROR(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
    await(accepted, POLLIN);
    CHECK(readiness(accepted) == (POLLIN | POLLOUT | POLLRDHUP));
    CHECK(read(accepted, buffer, 1) == 0);
    CHECK(write(accepted, "still", 5) == 5 && close(accepted) == 0);
    CHECK(recv(client, buffer, 5, MSG_WAITALL) == 5);
    CHECK(read(client, buffer, 5) == 0);
    CHECK(close(client) == 0);

    /* Blocking with a limit of time. */
    struct timeval time = {.tv_usec = 20000};
    CHECK(setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
    CHECK_ERROR(accept(listener, NULL, NULL), EAGAIN);
    CHECK(close(listener) == 0);
}

static void refusal_and_reset(void) {
    struct sockaddr_in server;
    int listener = listen_on(&server, 5);
    int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    int result = connect(client, (struct sockaddr *)&server, sizeof server);
    CHECK(result == 0 || errno == EINPROGRESS);
    await(client, POLLOUT);
    int error;
    socklen_t size = sizeof error;
    CHECK(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0);
    int accepted = accept(listener, NULL, NULL);
    CHECK(accepted >= 0);
    /* Closing with something unread resets the connection. */
    CHECK(write(client, "unread", 6) == 6);
    await(accepted, POLLIN);
    CHECK(close(accepted) == 0);
    await(client, POLLIN);
    CHECK(readiness(client) & POLLERR);
    CHECK_ERROR(read(client, buffer, 1), ECONNRESET);
    CHECK(read(client, buffer, 1) == 0);
    CHECK(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    CHECK_ERROR(write(client, "x", 1), EPIPE);
    CHECK(close(client) == 0 && close(listener) == 0);

    client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_ERROR(connect(client, (struct sockaddr *)&server, sizeof server), ECONNREFUSED);
    CHECK(close(client) == 0);
    client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (connect(client, (struct sockaddr *)&server, sizeof server) == -1 && errno == EINPROGRESS) {
        await(client, POLLOUT);
        CHECK(readiness(client) & POLLERR);
        CHECK(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == ECONNREFUSED);
        CHECK(getsockopt(client, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0);
    } else {
        CHECK(errno == ECONNREFUSED);
    }
    CHECK(close(client) == 0);
}

static struct sockaddr_in transfer_server;

static void *send_all(void *unused) {
    (void)unused;
    int file = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(file, (struct sockaddr *)&transfer_server, sizeof transfer_server) == 0);
    CHECK(write(file, buffer, sizeof buffer) == (ssize_t)sizeof buffer);
    CHECK(close(file) == 0);
    return NULL;
}

static void transfer(void) {
    int listener = listen_on(&transfer_server, 1);
    for (size_t i = 0; i < sizeof buffer; i++) {
        buffer[i] = (char)(i * 2654435761u >> 24);
    }
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, send_all, NULL) == 0);
    int accepted = accept(listener, NULL, NULL);
    CHECK(accepted >= 0);
    size_t total = 0;
    static char part[65536];
    ssize_t length;
    while ((length = read(accepted, part, sizeof part)) > 0) {
        CHECK(memcmp(part, buffer + total, length) == 0);
        total += length;
    }
    CHECK(length == 0 && total == sizeof buffer);
    CHECK(pthread_join(thread, NULL) == 0);
    CHECK(close(accepted) == 0 && close(listener) == 0);
}

static void *send_slowly(void *file) {
    for (int i = 0; i < 10; i++) {
        usleep(20000);
        CHECK(write(*(int *)file, "0123456789", 10) == 10);
    }
    return NULL;
}

static void set_low_water(int file, int bytes, int expected) {
    int got = 0;
    socklen_t size = sizeof got;
    CHECK(setsockopt(file, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes) == 0);
    CHECK(getsockopt(file, SOL_SOCKET, SO_RCVLOWAT, &got, &size) == 0 && got == expected);
}

/* SO_RCVLOWAT, socket(7): fewer bytes make the socket neither readable nor a call return. */
static void low_water(void) {
    struct sockaddr_in server;
    int listener = listen_on(&server, 5);
    set_low_water(listener, 50, 50);
    int client = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(connect(client, (struct sockaddr *)&server, sizeof server) == 0);
    int accepted = accept(listener, NULL, NULL);
    CHECK(accepted >= 0);
    set_low_water(accepted, 50, 50);
    set_low_water(accepted, 0, 1);
    set_low_water(accepted, 50, 50);

    CHECK(write(client, buffer, 49) == 49);
    usleep(50000);
    CHECK((readiness(accepted) & POLLIN) == 0);
    struct pollfd entry = {.fd = accepted, .events = POLLIN};
    CHECK(poll(&entry, 1, 50) == 0);
    CHECK(write(client, buffer, 1) == 1);
    await(accepted, POLLIN);
    CHECK(recv(accepted, buffer, 100, MSG_PEEK | MSG_DONTWAIT) == 50);
    CHECK(read(accepted, buffer, 100) == 50);
    /* What is there is given to who does not wait; and less is waited for where less is asked for. */
    CHECK(write(client, buffer, 30) == 30);
    usleep(50000);
    CHECK(recv(accepted, buffer, 10, 0) == 10);
    CHECK(recv(accepted, buffer, 100, MSG_DONTWAIT) == 20);
    CHECK_ERROR(recv(accepted, buffer, 100, MSG_DONTWAIT), EAGAIN);
    /* A lower mark makes what is there enough. */
    CHECK(write(client, buffer, 20) == 20);
    usleep(50000);
    CHECK((readiness(accepted) & POLLIN) == 0);
    set_low_water(accepted, 20, 20);
    CHECK(readiness(accepted) & POLLIN);
    CHECK(read(accepted, buffer, 100) == 20);

    set_low_water(accepted, 50, 50);
    pthread_t sender;
    CHECK(pthread_create(&sender, NULL, send_slowly, &client) == 0);
    long first = read(accepted, buffer, 1000);
    CHECK(first >= 50 && first <= 100);
    CHECK(pthread_join(sender, NULL) == 0);
    /* With the mark still set this could wait for ever: what is left may come in parts that are below it. */
    set_low_water(accepted, 1, 1);
    CHECK(recv(accepted, buffer, (size_t)(100 - first), MSG_WAITALL) == 100 - first);
    set_low_water(accepted, 50, 50);
    /* The end of the stream ends the wait. */
    CHECK(write(client, buffer, 7) == 7 && shutdown(client, SHUT_WR) == 0);
    await(accepted, POLLIN);
    CHECK(read(accepted, buffer, 1000) == 7);
    CHECK(read(accepted, buffer, 1000) == 0);
    CHECK(close(accepted) == 0 && close(client) == 0 && close(listener) == 0);
}

static void errors(void) {
    struct sockaddr_in server;
    int listener = listen_on(&server, 5);
    int file = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_ERROR(bind(file, (struct sockaddr *)&server, sizeof server), EADDRINUSE);
    CHECK_ERROR(bind(file, (struct sockaddr *)&server, 8), EINVAL);
    CHECK_ERROR(bind(file, nowhere(), sizeof server), EFAULT);
    struct sockaddr_in elsewhere = {.sin_family = AF_INET, .sin_addr.s_addr = inet_addr("203.0.113.7")};
    CHECK_ERROR(bind(file, (struct sockaddr *)&elsewhere, sizeof elsewhere), EADDRNOTAVAIL);
    elsewhere.sin_family = AF_UNIX;
    CHECK_ERROR(bind(file, (struct sockaddr *)&elsewhere, sizeof elsewhere), EAFNOSUPPORT);
    CHECK_ERROR(accept(file, NULL, NULL), EINVAL);
    CHECK_ERROR(shutdown(file, 3), EINVAL);
    CHECK_ERROR(shutdown(file, SHUT_RD), ENOTCONN);
    CHECK_ERROR(lseek(file, 0, SEEK_SET), ESPIPE);
    CHECK_ERROR(pread(file, buffer, 1, 0), ESPIPE);
    CHECK_ERROR(socket(AF_INET, 77, 0), EINVAL);
    CHECK_ERROR(socket(77, SOCK_STREAM, 0), EAFNOSUPPORT);
    CHECK_ERROR(socket(AF_INET, SOCK_STREAM, IPPROTO_UDP), EPROTONOSUPPORT);
    int ends[2];
    CHECK(pipe(ends) == 0);
    CHECK_ERROR(listen(ends[0], 1), ENOTSOCK);
    CHECK_ERROR(send(ends[1], "x", 1, 0), ENOTSOCK);
    CHECK_ERROR(listen(900, 1), EBADF);
    int plain = open("/proc/self/exe", O_RDONLY);
    CHECK_ERROR(listen(plain, 1), ENOTSOCK);
    CHECK(close(listener) == 0 && close(file) == 0);
}

int main(void) {
    connection();
    refusal_and_reset();
    transfer();
    low_water();
    errors();
    return 0;
}
