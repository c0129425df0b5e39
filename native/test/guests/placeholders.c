/* The kernel gives the engine's objects their numbers. */
#include "check.h"
#include <dirent.h>
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/wait.h>

int main(void) {
    int file = open("/usr", O_RDONLY | O_DIRECTORY);
    int event = eventfd(7700, EFD_CLOEXEC);
    CHECK(event == file + 1);
    uint64_t value = 5;
    CHECK(write(event, &value, 8) == 8);
    value = 0;
    CHECK(read(event, &value, 8) == 8 && value == 7705);
    CHECK(getdents64(event, &value, 8) == -1 && errno == ENOTDIR); /* crosses, for its bit is set */
    char listing[4096];
    CHECK(getdents64(file, listing, sizeof(listing)) > 0); /* does not */
    CHECK(close(file) == 0);
    CHECK(eventfd(7701, 0) == file); /* the lowest number that is free */
    CHECK(close(event) == 0);
    CHECK(open("/usr", O_RDONLY) == event);
    CHECK(syscall(SYS_close_range, file, event, 0) == 0);
    struct rlimit limit = {8, 8};
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    while (dup(0) >= 0) {
    }
    errno = 0;
    CHECK(eventfd(7700, 0) == -1 && errno == EMFILE);
    CHECK(close(7) == 0);
    CHECK(eventfd(7700, 0) == 7);
    /* A path that the engine replaces. */
    CHECK(close(6) == 0);
    char name[65] = {0};
    char real[65] = {0};
    int descriptor = open("/etc/gnomon-test", O_RDONLY);
    CHECK(descriptor == 6 && read(descriptor, name, 64) > 0);
    CHECK(close(6) == 0);
    descriptor = open("/etc/hostname", O_RDONLY);
    CHECK(descriptor == 6 && read(descriptor, real, 64) > 0);
    CHECK(strcmp(name, real) == 0);
    return 0;
}
