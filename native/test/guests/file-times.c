/* Files of the run itself bear the virtual start; older ones their own times. */
#include "check.h"
#include <fcntl.h>
#include <sys/stat.h>

#define VIRTUAL_START 946684800

int main(void) {
    char name[] = "/tmp/gnomon-test-XXXXXX";
    int descriptor = mkstemp(name);
    CHECK(descriptor >= 0);
    struct stat status;
    struct statx extended;
    CHECK(stat(name, &status) == 0 && status.st_mtime == VIRTUAL_START && status.st_mtim.tv_nsec == 0);
    CHECK(status.st_ctime == VIRTUAL_START && status.st_atime == VIRTUAL_START);
    CHECK(fstat(descriptor, &status) == 0 && status.st_mtime == VIRTUAL_START);
    CHECK(statx(AT_FDCWD, name, 0, STATX_ALL, &extended) == 0);
    CHECK(extended.stx_mtime.tv_sec == VIRTUAL_START && extended.stx_btime.tv_sec == VIRTUAL_START);
    CHECK(extended.stx_ctime.tv_sec == VIRTUAL_START && extended.stx_atime.tv_sec == VIRTUAL_START);
    struct timespec times[2] = {{1000, 7}, {2000, 8}};
    CHECK(futimens(descriptor, times) == 0);
    CHECK(stat(name, &status) == 0 && status.st_atime == 1000 && status.st_mtime == 2000 && status.st_mtim.tv_nsec == 8);
    CHECK(stat("/usr", &status) == 0 && status.st_mtime != VIRTUAL_START);
    CHECK(unlink(name) == 0);
    return 0;
}
