/* credentials(7), uname(2), sched(7) and prctl(2) as far as programs ask. */
#define _GNU_SOURCE
#include "check.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>

int main(void) {
    uid_t real;
    uid_t effective;
    uid_t saved;
    CHECK(getresuid(&real, &effective, &saved) == 0);
    CHECK(real == getuid() && effective == geteuid());
    CHECK(setuid(getuid()) == 0);
    CHECK(setgid(getgid()) == 0);
    CHECK_ERROR(getresuid(nowhere(), &effective, &saved), EFAULT);

    struct utsname name;
    char host[65];
    CHECK(uname(&name) == 0 && strcmp(name.sysname, "Linux") == 0 && strcmp(name.machine, "x86_64") == 0);
    CHECK(gethostname(host, sizeof host) == 0 && strcmp(host, name.nodename) == 0);

    cpu_set_t set;
    CHECK(sched_getaffinity(0, sizeof set, &set) == 0 && CPU_COUNT(&set) >= 1);
    CHECK(sched_setaffinity(0, sizeof set, &set) == 0);
    CHECK(sched_getscheduler(0) == SCHED_OTHER);
    CHECK(sched_get_priority_max(SCHED_FIFO) == 99);
    CHECK(sysconf(_SC_NPROCESSORS_ONLN) >= 1);
    struct sysinfo information;
    CHECK(sysinfo(&information) == 0 && information.totalram > 0 && information.mem_unit > 0);

    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur > 0);
    struct rusage usage;
    CHECK(getrusage(RUSAGE_SELF, &usage) == 0);
    CHECK_ERROR(getrusage(77, &usage), EINVAL);

    CHECK(prctl(PR_SET_NAME, "renamed") == 0);
    char comm[16];
    CHECK(prctl(PR_GET_NAME, comm) == 0 && strcmp(comm, "renamed") == 0);
    CHECK(prctl(PR_GET_DUMPABLE) == 1);

    unsigned char first[32];
    unsigned char second[32];
    CHECK(getrandom(first, sizeof first, 0) == sizeof first);
    CHECK(getrandom(second, sizeof second, GRND_NONBLOCK) == sizeof second);
    CHECK(memcmp(first, second, sizeof first) != 0);
    CHECK_ERROR(getrandom(first, sizeof first, 0x100), EINVAL);
    CHECK_ERROR(getrandom(nowhere(), 16, 0), EFAULT);
    return 0;
}
