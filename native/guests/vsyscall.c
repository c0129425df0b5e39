/* The calls of the vsyscall page, which old programs still make, tell what the system calls tell. */
#define _GNU_SOURCE
#include "check.h"
#include <stdbool.h>
#include <stdint.h>
#include <sys/time.h>
#include <time.h>

/* arch/x86/include/uapi/asm/vsyscall.h */
#define GETTIMEOFDAY 0xffffffffff600000
#define TIME 0xffffffffff600400
#define GETCPU 0xffffffffff600800

static bool is_there(void) {
    char line[256];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    CHECK(maps != NULL);
    while (fgets(line, sizeof line, maps) != NULL) {
        found |= strstr(line, "[vsyscall]") != NULL;
    }
    fclose(maps);
    return found;
}

int main(void) {
    if (!is_there()) {
        return 0; /* a kernel without it, where the calls below are faults */
    }
    /* Often enough for a call site to be patched, were it one. */
    for (int n = 0; n < 20; n++) {
        time_t stored = 0, told = ((time_t(*)(time_t *))TIME)(&stored);
        time_t now = time(NULL);
        CHECK(told == stored && told <= now && now - told <= 1);
        struct timeval value = {0};
        CHECK(((int (*)(struct timeval *, void *))GETTIMEOFDAY)(&value, NULL) == 0);
        CHECK(value.tv_sec - now >= 0 && value.tv_sec - now <= 1);
        unsigned cpu = 1000;
        CHECK(((long (*)(unsigned *, void *, void *))GETCPU)(&cpu, NULL, NULL) == 0);
        CHECK(cpu < 1000);
    }
    return 0;
}
