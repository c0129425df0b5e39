/* unix(7): streams, packets and datagrams; names; files and credentials that travel along; ends that close. */
#define _GNU_SOURCE
#include "check.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char buffer[300000];

static short readiness(int file) {
    struct pollfd entry = {.fd = file, .events = POLLIN | POLLOUT | POLLRDHUP};
    CHECK(poll(&entry, 1, 0) >= 0);
    return entry.revents;
}

static socklen_t name(struct sockaddr_un *address, const char *path, size_t length) {
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    memcpy(address->sun_path, path, length);
    return offsetof(struct sockaddr_un, sun_path) + length;
}

static void pairs(void) {
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends) == 0);
    CHECK(fcntl(ends[0], F_GETFD) == FD_CLOEXEC && (fcntl(ends[1], F_GETFL) & O_NONBLOCK));
    CHECK(readiness(ends[0]) == POLLOUT);
    CHECK_ERROR(read(ends[0], buffer, 1), EAGAIN);
    CHECK(write(ends[0], "abc", 3) == 3 && send(ends[0], "def", 3, 0) == 3);
    int waiting;
    CHECK(ioctl(ends[1], FIONREAD, &waiting) == 0 && waiting == 6);
    CHECK(recv(ends[1], buffer, 10, MSG_PEEK) == 6);
    CHECK(read(ends[1], buffer, 4) == 4 && memcmp(buffer, "abcd", 4) == 0);
    CHECK(read(ends[1], buffer, 10) == 2 && memcmp(buffer, "ef", 2) == 0);
    ssize_t total = 0, part;
    while ((part = write(ends[0], buffer, sizeof buffer)) > 0) {
        total += part;
    }
    CHECK(errno == EAGAIN && total > 100000);
    CHECK(!(readiness(ends[0]) & POLLOUT) && readiness(ends[1]) == (POLLIN | POLLOUT));
    ssize_t drained = 0;
    while ((part = read(ends[1], buffer, sizeof buffer)) > 0) {
        drained += part;
    }
    CHECK(drained == total && readiness(ends[0]) == POLLOUT);

    CHECK(write(ends[0], "end", 3) == 3 && shutdown(ends[0], SHUT_WR) == 0);
    CHECK(readiness(ends[1]) == (POLLIN | POLLOUT | POLLRDHUP));
    CHECK(read(ends[1], buffer, 10) == 3 && read(ends[1], buffer, 10) == 0);
    CHECK_ERROR(send(ends[0], "x", 1, MSG_NOSIGNAL), EPIPE);
    CHECK(write(ends[1], "back", 4) == 4 && read(ends[0], buffer, 10) == 4);
    CHECK(close(ends[1]) == 0);
    CHECK(readiness(ends[0]) == (POLLIN | POLLOUT | POLLRDHUP | POLLHUP));
    CHECK(read(ends[0], buffer, 10) == 0);
    CHECK(close(ends[0]) == 0);

    /* Closing with something unread resets the peer. */
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0);
    CHECK(write(ends[0], "unread", 6) == 6 && close(ends[1]) == 0);
    CHECK(readiness(ends[0]) & POLLERR);
    CHECK_ERROR(read(ends[0], buffer, 1), ECONNRESET);
    CHECK(read(ends[0], buffer, 1) == 0);
    CHECK(close(ends[0]) == 0);
    CHECK_ERROR(socketpair(AF_INET, SOCK_STREAM, 0, ends), EOPNOTSUPP);
    CHECK_ERROR(socketpair(AF_UNIX, SOCK_STREAM, 5, ends), EPROTONOSUPPORT);
}

static void streams_by_name(const char *path, size_t length) {
    struct sockaddr_un address, other;
    socklen_t size = name(&address, path, length);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_ERROR(listen(listener, 5), EINVAL);
    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0);
    socklen_t other_size = name(&other, "\0elsewhere", 10);
    CHECK_ERROR(bind(listener, (struct sockaddr *)&other, other_size), EINVAL);
    int second = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_ERROR(bind(second, (struct sockaddr *)&address, size), EADDRINUSE);
    CHECK_ERROR(connect(second, (struct sockaddr *)&address, size), ECONNREFUSED);
    CHECK_ERROR(accept(listener, NULL, NULL), EINVAL);
    CHECK(listen(listener, 1) == 0);
    int value;
    socklen_t value_size = sizeof value;
    CHECK(getsockopt(listener, SOL_SOCKET, SO_ACCEPTCONN, &value, &value_size) == 0 && value == 1);
    CHECK(readiness(second) == (POLLOUT | POLLHUP));
    CHECK(connect(second, (struct sockaddr *)&address, size) == 0);
    CHECK_ERROR(connect(second, (struct sockaddr *)&address, size), EISCONN);
    CHECK(readiness(listener) == POLLIN);
    CHECK(write(second, "early", 5) == 5);

    int third = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK(connect(third, (struct sockaddr *)&address, size) == 0);
    int fourth = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    CHECK_ERROR(connect(fourth, (struct sockaddr *)&address, size), EAGAIN);

    other_size = sizeof other;
    int accepted = accept4(listener, (struct sockaddr *)&other, &other_size, SOCK_CLOEXEC);
    CHECK(accepted >= 0 && fcntl(accepted, F_GETFD) == FD_CLOEXEC);
    CHECK(other_size == offsetof(struct sockaddr_un, sun_path));
    CHECK(read(accepted, buffer, 10) == 5);
    other_size = sizeof other;
    CHECK(getpeername(second, (struct sockaddr *)&other, &other_size) == 0);
    CHECK(other_size == size + (path[0] != 0) && memcmp(other.sun_path, path, length) == 0);
    struct ucred credentials;
    socklen_t credentials_size = sizeof credentials;
    CHECK(getsockopt(second, SOL_SOCKET, SO_PEERCRED, &credentials, &credentials_size) == 0);
    CHECK(credentials.pid == getpid() && credentials.uid == getuid() && credentials.gid == getgid());
    CHECK(connect(fourth, (struct sockaddr *)&address, size) == 0);
    /* Connections that nobody accepted are reset with their listener. */
    CHECK(close(listener) == 0);
    CHECK_ERROR(read(third, buffer, 1), ECONNRESET);
    CHECK_ERROR(connect(socket(AF_UNIX, SOCK_STREAM, 0), (struct sockaddr *)&address, size), ECONNREFUSED);
    CHECK(close(accepted) == 0 && close(second) == 0 && close(third) == 0 && close(fourth) == 0);
}

static void paths(void) {
    struct sockaddr_un address;
    const char *path = "unix-socket-of-a-test";
    unlink(path);
    streams_by_name(path, strlen(path));
    struct stat status;
    CHECK(stat(path, &status) == 0 && S_ISSOCK(status.st_mode));
    socklen_t size = name(&address, path, strlen(path));
    int file = socket(AF_UNIX, SOCK_DGRAM, 0);
    CHECK_ERROR(bind(file, (struct sockaddr *)&address, size), EADDRINUSE);
    CHECK(unlink(path) == 0);
    CHECK_ERROR(connect(file, (struct sockaddr *)&address, size), ENOENT);
    CHECK(bind(file, (struct sockaddr *)&address, size) == 0);
    int stream = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK_ERROR(connect(stream, (struct sockaddr *)&address, size), EPROTOTYPE);
    CHECK(unlink(path) == 0);
    size = name(&address, "no-such-directory/name", 22);
    CHECK_ERROR(bind(stream, (struct sockaddr *)&address, size), ENOENT);
    CHECK_ERROR(bind(stream, (struct sockaddr *)&address, 111), EINVAL);
    address.sun_family = AF_INET;
    CHECK_ERROR(bind(stream, (struct sockaddr *)&address, size), EINVAL);
    CHECK(close(file) == 0 && close(stream) == 0);
}

static void datagrams(void) {
    struct sockaddr_un server_name, client_name, from;
    socklen_t server_size = name(&server_name, "\0server", 7), client_size = name(&client_name, "\0client", 7);
    int server = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0), client = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    CHECK(bind(server, (struct sockaddr *)&server_name, server_size) == 0);
    CHECK_ERROR(send(client, "x", 1, 0), ENOTCONN);
    CHECK(sendto(client, "nameless", 8, 0, (struct sockaddr *)&server_name, server_size) == 8);
    socklen_t size = sizeof from;
    CHECK(recvfrom(server, buffer, 4, MSG_TRUNC, (struct sockaddr *)&from, &size) == 8 && size == 0);
    CHECK(bind(client, (struct sockaddr *)&client_name, client_size) == 0);
    CHECK(connect(client, (struct sockaddr *)&server_name, server_size) == 0);
    CHECK(send(client, "", 0, 0) == 0 && send(client, "second", 6, 0) == 6);
    CHECK(recv(server, buffer, 100, 0) == 0);
    size = sizeof from;
    CHECK(recvfrom(server, buffer, 100, 0, (struct sockaddr *)&from, &size) == 6);
    CHECK(size == client_size && memcmp(from.sun_path, "\0client", 7) == 0);
    CHECK(sendto(server, "answer", 6, 0, (struct sockaddr *)&from, size) == 6);
    struct iovec vector = {buffer, 3};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1};
    CHECK(recvmsg(client, &message, 0) == 3 && message.msg_flags == MSG_TRUNC);
    CHECK_ERROR(recv(client, buffer, 10, 0), EAGAIN);

    int sent = 0;
    while (send(client, "x", 1, 0) == 1) {
        sent++;
    }
    CHECK(errno == EAGAIN && sent >= 11);
    CHECK(readiness(client) == 0);
    CHECK(recv(server, buffer, 10, 0) == 1);
    CHECK(readiness(client) == POLLOUT);
    CHECK_ERROR(send(client, buffer, sizeof buffer, 0), EMSGSIZE);
    CHECK(close(server) == 0);
    CHECK_ERROR(send(client, "x", 1, 0), ECONNREFUSED);
    CHECK_ERROR(send(client, "x", 1, 0), ENOTCONN);
    CHECK(close(client) == 0);

    /* A name of the kernel's choice. */
    int unnamed = socket(AF_UNIX, SOCK_DGRAM, 0);
    from.sun_family = AF_UNIX;
    CHECK(bind(unnamed, (struct sockaddr *)&from, 2) == 0);
    size = sizeof from;
    CHECK(getsockname(unnamed, (struct sockaddr *)&from, &size) == 0 && size == 8 && from.sun_path[0] == 0);
    CHECK(close(unnamed) == 0);
}

static void packets(void) {
    int ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends) == 0);
    CHECK(write(ends[0], "first", 5) == 5 && write(ends[0], "second", 6) == 6);
    CHECK(read(ends[1], buffer, 3) == 3);
    CHECK(recv(ends[1], buffer, 100, 0) == 6 && memcmp(buffer, "second", 6) == 0);
    CHECK(close(ends[0]) == 0);
    CHECK(read(ends[1], buffer, 100) == 0);
    CHECK(close(ends[1]) == 0);
}

static void files_and_credentials(void) {
    int ends[2], pipe_ends[2];
    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0 && pipe(pipe_ends) == 0);
    int on = 1;
    CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
    union {
        char bytes[CMSG_SPACE(2 * sizeof(int)) + CMSG_SPACE(sizeof(struct ucred))];
        struct cmsghdr header;
    } control;
    struct iovec vector = {(char *)"f", 1};
    struct msghdr message = {
        .msg_iov = &vector,
        .msg_iovlen = 1,
        .msg_control = control.bytes,
        .msg_controllen = CMSG_SPACE(2 * sizeof(int)),
    };
    memset(&control, 0, sizeof control);
    control.header = (struct cmsghdr){
        .cmsg_len = CMSG_LEN(2 * sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), pipe_ends, sizeof pipe_ends);
    CHECK(sendmsg(ends[0], &message, 0) == 1);
    CHECK(close(pipe_ends[0]) == 0 && close(pipe_ends[1]) == 0);

    char byte;
    vector.iov_base = &byte;
    message.msg_controllen = sizeof control.bytes;
    CHECK(recvmsg(ends[1], &message, MSG_CMSG_CLOEXEC) == 1 && byte == 'f');
    CHECK(message.msg_flags == MSG_CMSG_CLOEXEC);
    int received[2] = {-1, -1};
    pid_t sender = 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part; part = CMSG_NXTHDR(&message, part)) {
        CHECK(part->cmsg_level == SOL_SOCKET);
        if (part->cmsg_type == SCM_RIGHTS) {
            CHECK(part->cmsg_len == CMSG_LEN(sizeof received));
            memcpy(received, CMSG_DATA(part), sizeof received);
        } else {
            CHECK(part->cmsg_type == SCM_CREDENTIALS);
            struct ucred credentials;
            memcpy(&credentials, CMSG_DATA(part), sizeof credentials);
            sender = credentials.pid;
        }
    }
    CHECK(sender == getpid() && fcntl(received[0], F_GETFD) == FD_CLOEXEC);
    CHECK(write(received[1], "through", 7) == 7);
    CHECK(read(received[0], buffer, 10) == 7);
    CHECK(close(received[0]) == 0 && close(received[1]) == 0);

    /* Without room for them files are closed and the message says so. */
    CHECK(pipe(pipe_ends) == 0);
    vector.iov_base = &byte;
    memset(&control, 0, sizeof control);
    control.header = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS};
    memcpy(CMSG_DATA(&control.header), &pipe_ends[1], sizeof(int));
    message.msg_controllen = CMSG_SPACE(sizeof(int));
    CHECK(sendmsg(ends[0], &message, 0) == 1);
    CHECK(close(pipe_ends[1]) == 0);
    on = 0;
    CHECK(setsockopt(ends[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof on) == 0);
    message.msg_control = NULL;
    message.msg_controllen = 0;
    CHECK(recvmsg(ends[1], &message, 0) == 1 && (message.msg_flags & MSG_CTRUNC));
    CHECK(read(pipe_ends[0], buffer, 1) == 0);
    int nothing = 9999;
    memcpy(CMSG_DATA(&control.header), &nothing, sizeof(int));
    message.msg_control = control.bytes;
    message.msg_controllen = CMSG_SPACE(sizeof(int));
    CHECK_ERROR(sendmsg(ends[0], &message, 0), EBADF);
    CHECK(close(ends[0]) == 0 && close(ends[1]) == 0 && close(pipe_ends[0]) == 0);
}

/* A server in another process, asked over a blocking stream. */
static void across_processes(void) {
    struct sockaddr_un address;
    socklen_t size = name(&address, "\0across", 7);
    int listener = socket(AF_UNIX, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 5) == 0);
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        int file = socket(AF_UNIX, SOCK_STREAM, 0);
        usleep(10000);
        CHECK(connect(file, (struct sockaddr *)&address, size) == 0);
        memset(buffer, 'q', sizeof buffer);
        CHECK(send(file, buffer, sizeof buffer, 0) == (ssize_t)sizeof buffer);
        CHECK(shutdown(file, SHUT_WR) == 0);
        CHECK(recv(file, buffer, 5, MSG_WAITALL) == 5 && memcmp(buffer, "thank", 5) == 0);
        exit(0);
    }
    int accepted = accept(listener, NULL, NULL);
    CHECK(accepted >= 0);
    struct ucred credentials;
    socklen_t credentials_size = sizeof credentials;
    CHECK(getsockopt(accepted, SOL_SOCKET, SO_PEERCRED, &credentials, &credentials_size) == 0);
    CHECK(credentials.pid == child);
    ssize_t total = 0, part;
    while ((part = read(accepted, buffer, 5000)) > 0) {
        total += part;
    }
    CHECK(part == 0 && total == sizeof buffer);
    CHECK(write(accepted, "th", 2) == 2);
    usleep(5000);
    CHECK(write(accepted, "ank", 3) == 3);
    int status;
    CHECK(waitpid(child, &status, 0) == child && status == 0);
    CHECK(close(accepted) == 0 && close(listener) == 0);
}

int main(void) {
    pairs();
    streams_by_name("\0abstract", 9);
    paths();
    datagrams();
    packets();
    files_and_credentials();
    across_processes();
    return 0;
}
