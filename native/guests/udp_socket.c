/* udp(7) over the loopback interface. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static char buffer[70000];

static void await(int file) {
    struct pollfd entry = {.fd = file, .events = POLLIN};
    CHECK(poll(&entry, 1, 5000) == 1);
}

static int open_bound(struct sockaddr_in *address) {
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(file >= 0);
    *address = (struct sockaddr_in){.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    CHECK(bind(file, (struct sockaddr *)address, sizeof *address) == 0);
    socklen_t size = sizeof *address;
    CHECK(getsockname(file, (struct sockaddr *)address, &size) == 0);
    return file;
}

int main(void) {
    struct sockaddr_in first_name, second_name, from;
    int first = open_bound(&first_name), second = open_bound(&second_name);
    int on = 1;
    CHECK(setsockopt(second, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0);
    struct pollfd entry = {.fd = first, .events = POLLIN | POLLOUT};
    CHECK(poll(&entry, 1, 0) == 1 && entry.revents == POLLOUT);
    CHECK_ERROR(recv(first, buffer, 10, MSG_DONTWAIT), EAGAIN);
    CHECK_ERROR(send(first, "x", 1, 0), EDESTADDRREQ);
    CHECK(sendto(first, "one", 3, 0, (struct sockaddr *)&second_name, sizeof second_name) == 3);
    CHECK(sendto(first, "", 0, 0, (struct sockaddr *)&second_name, sizeof second_name) == 0);
    CHECK(sendto(first, "three", 5, 0, (struct sockaddr *)&second_name, sizeof second_name) == 5);
    await(second);
    int waiting;
    CHECK(ioctl(second, FIONREAD, &waiting) == 0 && waiting == 3);
    CHECK(recv(second, buffer, 2, MSG_PEEK | MSG_TRUNC) == 3);
    socklen_t size = sizeof from;
    CHECK(recvfrom(second, buffer, 100, 0, (struct sockaddr *)&from, &size) == 3);
    CHECK(size == sizeof from && from.sin_port == first_name.sin_port && from.sin_family == AF_INET);
    CHECK(from.sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    CHECK(recv(second, buffer, 100, 0) == 0);
    struct iovec vector = {buffer, 2};
    char control[64];
    struct msghdr message = {.msg_name = &from, .msg_namelen = sizeof from, .msg_iov = &vector, .msg_iovlen = 1,
                             .msg_control = control, .msg_controllen = sizeof control};
    CHECK(recvmsg(second, &message, 0) == 2 && message.msg_flags == MSG_TRUNC && message.msg_namelen == sizeof from);
    struct cmsghdr *part = CMSG_FIRSTHDR(&message);
    CHECK(part && part->cmsg_level == IPPROTO_IP && part->cmsg_type == IP_PKTINFO);
    struct in_pktinfo information;
    memcpy(&information, CMSG_DATA(part), sizeof information);
    CHECK(information.ipi_addr.s_addr == htonl(INADDR_LOOPBACK) && information.ipi_ifindex == (int)if_nametoindex("lo"));

    /* A connected socket hears its peer alone. */
    struct sockaddr_in third_name;
    int third = open_bound(&third_name);
    CHECK(connect(second, (struct sockaddr *)&first_name, sizeof first_name) == 0);
    CHECK(sendto(third, "no", 2, 0, (struct sockaddr *)&second_name, sizeof second_name) == 2);
    CHECK(send(second, "to first", 8, 0) == 8);
    CHECK(recv(first, buffer, 100, 0) == 8);
    CHECK_ERROR(recv(second, buffer, 100, MSG_DONTWAIT), EAGAIN);
    struct sockaddr nobody = {.sa_family = AF_UNSPEC};
    CHECK(connect(second, &nobody, sizeof nobody) == 0);
    size = sizeof from;
    CHECK_ERROR(getpeername(second, (struct sockaddr *)&from, &size), ENOTCONN);
    /* A port that the kernel chose is given up with the peer. */
    CHECK(bind(second, (struct sockaddr *)&second_name, sizeof second_name) == 0);

    CHECK_ERROR(sendto(first, buffer, 65508, 0, (struct sockaddr *)&second_name, sizeof second_name), EMSGSIZE);
    CHECK(sendto(first, buffer, 60000, 0, (struct sockaddr *)&second_name, sizeof second_name) == 60000);
    await(second);
    CHECK(recv(second, buffer, sizeof buffer, 0) == 60000);
    CHECK_ERROR(sendto(first, "x", 1, 0, (struct sockaddr *)&second_name, 8), EINVAL);

    struct timeval time = {.tv_usec = 20000};
    CHECK(setsockopt(first, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
    CHECK_ERROR(recv(first, buffer, 1, 0), EAGAIN);

    /* Nobody listens: a connected socket is told. */
    CHECK(close(third) == 0);
    CHECK(connect(first, (struct sockaddr *)&third_name, sizeof third_name) == 0);
    CHECK(send(first, "x", 1, 0) == 1);
    entry.events = POLLIN;
    CHECK(poll(&entry, 1, 5000) == 1 && (entry.revents & POLLERR));
    CHECK_ERROR(recv(first, buffer, 1, 0), ECONNREFUSED);

    struct iovec vectors[3] = {{(char *)"a", 1}, {(char *)"bb", 2}, {(char *)"ccc", 3}};
    struct mmsghdr several[3];
    memset(several, 0, sizeof several);
    CHECK(connect(first, (struct sockaddr *)&second_name, sizeof second_name) == 0);
    for (int i = 0; i < 3; i++) {
        several[i].msg_hdr = (struct msghdr){.msg_iov = &vectors[i], .msg_iovlen = 1};
    }
    CHECK(sendmmsg(first, several, 3, 0) == 3 && several[2].msg_len == 3);
    await(second);
    char parts[4][10];
    struct iovec places[4];
    struct mmsghdr incoming[4];
    memset(incoming, 0, sizeof incoming);
    for (int i = 0; i < 4; i++) {
        places[i] = (struct iovec){parts[i], sizeof parts[i]};
        incoming[i].msg_hdr = (struct msghdr){.msg_iov = &places[i], .msg_iovlen = 1};
    }
    int count = 0;
    while (count < 3) {
        int more = recvmmsg(second, incoming + count, 4 - count, MSG_WAITFORONE, NULL);
        CHECK(more > 0);
        count += more;
    }
    CHECK(incoming[0].msg_len == 1 && incoming[2].msg_len == 3 && memcmp(parts[1], "bb", 2) == 0);
    CHECK(close(first) == 0 && close(second) == 0);
    return 0;
}
