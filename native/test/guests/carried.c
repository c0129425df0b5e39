/* Data is not harmed by being carried: vectors and messages, small and larger than the transfer buffer. */
#include "check.h"
#include <poll.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/uio.h>

static uint8_t large[200000];
static uint8_t copy[200000];

int main(void) {
    int pair[2];
    CHECK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0);
    for (unsigned i = 0; i < sizeof(large); i++) {
        large[i] = (uint8_t)(i * 31);
    }
    const unsigned sizes[] = {0, 1, 7, 8, 4096, 65535, 65536, 65537, 150000};
    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        memset(copy, 0, sizeof(copy));
        CHECK(sendto(pair[0], large, sizes[i], 0, NULL, 0) == sizes[i]);
        CHECK(recv(pair[1], copy, sizeof(copy), 0) == sizes[i]);
        CHECK(memcmp(large, copy, sizes[i]) == 0 && copy[sizes[i]] == 0);
    }
    enum { PARTS = 100 };
    struct iovec out[PARTS];
    struct iovec in[PARTS];
    for (int i = 0; i < PARTS; i++) {
        out[i] = (struct iovec){large + i * 50, 50};
        in[i] = (struct iovec){copy + (PARTS - 1 - i) * 50, 50};
    }
    struct msghdr message = {.msg_iov = out, .msg_iovlen = PARTS};
    CHECK(sendmsg(pair[0], &message, 0) == 5000);
    char name[20];
    char control[CMSG_SPACE(64)];
    message = (struct msghdr){.msg_iov = in, .msg_iovlen = PARTS, .msg_control = control, .msg_controllen = sizeof(control),
                              .msg_name = name, .msg_namelen = sizeof(name)};
    CHECK(recvmsg(pair[1], &message, 0) == 5000);
    CHECK(message.msg_controllen == 0 && message.msg_namelen == 0);
    for (int i = 0; i < PARTS; i++) {
        CHECK(memcmp(copy + (PARTS - 1 - i) * 50, large + i * 50, 50) == 0);
    }
    CHECK(writev(pair[0], out, 3) == 150 && readv(pair[1], in, 2) == 100);
    struct pollfd polled[2] = {{.fd = pair[0], .events = POLLIN | POLLOUT}, {.fd = pair[1], .events = POLLIN}};
    CHECK(poll(polled, 2, 0) == 1 && polled[0].revents == POLLOUT && polled[1].revents == 0);
    fd_set set;
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    CHECK(select(pair[1] + 1, NULL, &set, NULL, NULL) == 1 && FD_ISSET(pair[0], &set));
    return 0;
}
