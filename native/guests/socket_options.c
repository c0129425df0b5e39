/* socket(7), tcp(7), ip(7): options as they are set and read; netdevice(7); the interfaces by netlink. */
#define _GNU_SOURCE
#include "check.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

static int get(int file, int level, int option) {
    int value = -12345;
    socklen_t size = sizeof value;
    CHECK(getsockopt(file, level, option, &value, &size) == 0 && size == sizeof value);
    return value;
}

static int set(int file, int level, int option, int value) {
    return setsockopt(file, level, option, &value, sizeof value);
}

static void generic(void) {
    int file = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(get(file, SOL_SOCKET, SO_TYPE) == SOCK_STREAM && get(file, SOL_SOCKET, SO_DOMAIN) == AF_INET);
    CHECK(get(file, SOL_SOCKET, SO_PROTOCOL) == IPPROTO_TCP && get(file, SOL_SOCKET, SO_ACCEPTCONN) == 0);
    CHECK(get(file, SOL_SOCKET, SO_ERROR) == 0);
    static const int booleans[] = {SO_REUSEADDR, SO_REUSEPORT, SO_KEEPALIVE, SO_BROADCAST, SO_OOBINLINE, SO_TIMESTAMP};
    for (size_t i = 0; i < sizeof booleans / sizeof booleans[0]; i++) {
        CHECK(get(file, SOL_SOCKET, booleans[i]) == 0);
        CHECK(set(file, SOL_SOCKET, booleans[i], 7) == 0 && get(file, SOL_SOCKET, booleans[i]) == 1);
        CHECK(set(file, SOL_SOCKET, booleans[i], 0) == 0 && get(file, SOL_SOCKET, booleans[i]) == 0);
    }
    CHECK(set(file, SOL_SOCKET, SO_SNDBUF, 20000) == 0 && get(file, SOL_SOCKET, SO_SNDBUF) == 40000);
    CHECK(set(file, SOL_SOCKET, SO_RCVBUF, 20000) == 0 && get(file, SOL_SOCKET, SO_RCVBUF) == 40000);
    CHECK(set(file, SOL_SOCKET, SO_SNDBUF, 1) == 0 && get(file, SOL_SOCKET, SO_SNDBUF) == 4608);
    CHECK(set(file, SOL_SOCKET, SO_PRIORITY, 3) == 0 && get(file, SOL_SOCKET, SO_PRIORITY) == 3);
    CHECK(get(file, SOL_SOCKET, SO_RCVLOWAT) == 1 && get(file, SOL_SOCKET, SO_SNDLOWAT) == 1);

    struct linger linger = {.l_onoff = 1, .l_linger = 5};
    CHECK(setsockopt(file, SOL_SOCKET, SO_LINGER, &linger, sizeof linger) == 0);
    memset(&linger, 0, sizeof linger);
    socklen_t size = sizeof linger;
    CHECK(getsockopt(file, SOL_SOCKET, SO_LINGER, &linger, &size) == 0 && linger.l_onoff && linger.l_linger == 5);
    struct timeval time = {.tv_sec = 3, .tv_usec = 500000};
    CHECK(setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time) == 0);
    memset(&time, 0, sizeof time);
    size = sizeof time;
    CHECK(getsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &time, &size) == 0 && time.tv_sec == 3 && time.tv_usec == 500000);
    time.tv_usec = 1000000;
    CHECK_ERROR(setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &time, sizeof time), EDOM);
    CHECK_ERROR(setsockopt(file, SOL_SOCKET, SO_SNDTIMEO, &time, 4), EINVAL);

    CHECK_ERROR(set(file, SOL_SOCKET, SO_TYPE, 1), ENOPROTOOPT);
    CHECK_ERROR(set(file, SOL_SOCKET, 9999, 1), ENOPROTOOPT);
    char byte = 1;
    CHECK_ERROR(setsockopt(file, SOL_SOCKET, SO_REUSEADDR, &byte, 1), EINVAL);
    CHECK_ERROR(setsockopt(file, SOL_SOCKET, SO_REUSEADDR, nowhere(), 4), EFAULT);
    size = 1;
    CHECK(getsockopt(file, SOL_SOCKET, SO_TYPE, &byte, &size) == 0 && size == 1 && byte == SOCK_STREAM);
    CHECK_ERROR(getsockopt(file, SOL_SOCKET, SO_TYPE, &byte, nowhere()), EFAULT);
    CHECK(setsockopt(file, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) == 0);
    CHECK_ERROR(setsockopt(file, SOL_SOCKET, SO_BINDTODEVICE, "nothing7", 9), ENODEV);
    struct stat status;
    CHECK(fstat(file, &status) == 0 && S_ISSOCK(status.st_mode));
    CHECK(close(file) == 0);
}

static void tcp(void) {
    int file = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(get(file, IPPROTO_TCP, TCP_NODELAY) == 0);
    CHECK(set(file, IPPROTO_TCP, TCP_NODELAY, 1) == 0 && get(file, IPPROTO_TCP, TCP_NODELAY) == 1);
    CHECK(set(file, IPPROTO_TCP, TCP_KEEPIDLE, 17) == 0 && get(file, IPPROTO_TCP, TCP_KEEPIDLE) == 17);
    CHECK(set(file, IPPROTO_TCP, TCP_KEEPINTVL, 18) == 0 && get(file, IPPROTO_TCP, TCP_KEEPINTVL) == 18);
    CHECK(set(file, IPPROTO_TCP, TCP_KEEPCNT, 4) == 0 && get(file, IPPROTO_TCP, TCP_KEEPCNT) == 4);
    CHECK_ERROR(set(file, IPPROTO_TCP, TCP_KEEPIDLE, 0), EINVAL);
    CHECK(set(file, IPPROTO_TCP, TCP_USER_TIMEOUT, 9000) == 0 && get(file, IPPROTO_TCP, TCP_USER_TIMEOUT) == 9000);
    CHECK(set(file, IPPROTO_TCP, TCP_CORK, 1) == 0 && get(file, IPPROTO_TCP, TCP_CORK) == 1);
    struct tcp_info information;
    socklen_t size = sizeof information;
    CHECK(getsockopt(file, IPPROTO_TCP, TCP_INFO, &information, &size) == 0 && information.tcpi_state == TCP_CLOSE);
    char algorithm[32] = "";
    size = sizeof algorithm;
    CHECK(getsockopt(file, IPPROTO_TCP, TCP_CONGESTION, algorithm, &size) == 0 && size == 16 && algorithm[0] != 0);
    CHECK(setsockopt(file, IPPROTO_TCP, TCP_CONGESTION, algorithm, strlen(algorithm)) == 0);
    CHECK_ERROR(setsockopt(file, IPPROTO_TCP, TCP_CONGESTION, "nothing", 7), ENOENT);
    CHECK_ERROR(set(file, IPPROTO_TCP, 9999, 1), ENOPROTOOPT);
    CHECK(close(file) == 0);
}

static void ip(void) {
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    CHECK(get(file, IPPROTO_IP, IP_TTL) == 64);
    CHECK(set(file, IPPROTO_IP, IP_TTL, 9) == 0 && get(file, IPPROTO_IP, IP_TTL) == 9);
    CHECK_ERROR(set(file, IPPROTO_IP, IP_TTL, 256), EINVAL);
    CHECK(set(file, IPPROTO_IP, IP_TOS, 16) == 0 && get(file, IPPROTO_IP, IP_TOS) == 16);
    CHECK(set(file, IPPROTO_IP, IP_PKTINFO, 1) == 0 && get(file, IPPROTO_IP, IP_PKTINFO) == 1);
    CHECK(set(file, IPPROTO_IP, IP_RECVERR, 1) == 0 && get(file, IPPROTO_IP, IP_RECVERR) == 1);
    CHECK_ERROR(set(file, IPPROTO_IP, 9999, 1), ENOPROTOOPT);
    int value;
    socklen_t size = sizeof value;
    CHECK_ERROR(getsockopt(file, IPPROTO_IP, IP_MTU, &value, &size), ENOTCONN);
    CHECK_ERROR(set(file, IPPROTO_TCP, TCP_NODELAY, 1), ENOPROTOOPT);
    CHECK(close(file) == 0);
}

static void interfaces(void) {
    int file = socket(AF_INET, SOCK_DGRAM, 0);
    struct ifreq request;
    memset(&request, 0, sizeof request);
    strcpy(request.ifr_name, "lo");
    CHECK(ioctl(file, SIOCGIFADDR, &request) == 0);
    CHECK(((struct sockaddr_in *)&request.ifr_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK));
    CHECK(ioctl(file, SIOCGIFFLAGS, &request) == 0);
    CHECK((request.ifr_flags & (IFF_UP | IFF_LOOPBACK)) == (IFF_UP | IFF_LOOPBACK));
    CHECK(ioctl(file, SIOCGIFINDEX, &request) == 0 && request.ifr_ifindex == 1);
    CHECK(ioctl(file, SIOCGIFMTU, &request) == 0 && request.ifr_mtu >= 1500);
    request.ifr_ifindex = 1;
    CHECK(ioctl(file, SIOCGIFNAME, &request) == 0 && strcmp(request.ifr_name, "lo") == 0);
    strcpy(request.ifr_name, "nothing7");
    CHECK_ERROR(ioctl(file, SIOCGIFADDR, &request), ENODEV);
    CHECK(if_nametoindex("lo") == 1);
    struct ifreq entries[8];
    struct ifconf configuration = {.ifc_len = sizeof entries, .ifc_req = entries};
    CHECK(ioctl(file, SIOCGIFCONF, &configuration) == 0 && configuration.ifc_len >= (int)sizeof entries[0]);
    CHECK(strcmp(entries[0].ifr_name, "lo") == 0);
    CHECK(close(file) == 0);

    struct ifaddrs *list;
    CHECK(getifaddrs(&list) == 0);
    int loopback = 0;
    for (struct ifaddrs *i = list; i; i = i->ifa_next) {
        if (strcmp(i->ifa_name, "lo") == 0 && i->ifa_addr && i->ifa_addr->sa_family == AF_INET) {
            loopback = ((struct sockaddr_in *)i->ifa_addr)->sin_addr.s_addr == htonl(INADDR_LOOPBACK)
                       && ((struct sockaddr_in *)i->ifa_netmask)->sin_addr.s_addr == htonl(0xff000000)
                       && (i->ifa_flags & IFF_LOOPBACK);
        }
    }
    CHECK(loopback);
    freeifaddrs(list);
}

int main(void) {
    generic();
    tcp();
    ip();
    interfaces();
    return 0;
}
