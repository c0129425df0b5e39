/*
 * scribble SEED: finds its host's block among its mappings and writes random bytes all over it, between calls. Whatever
 * happens to it, it ends.
 */
#define _GNU_SOURCE
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv) {
    srandom(argc > 1 ? (unsigned)atoi(argv[1]) : 1);
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    uint8_t *block = NULL;
    size_t bytes = 0;
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        unsigned long from, to;
        if (strstr(line, "gnomon-arena") != NULL && strstr(line, "rw-s") != NULL &&
            sscanf(line, "%lx-%lx", &from, &to) == 2 && to - from > bytes) {
            block = (uint8_t *)from;
            bytes = to - from;
        }
    }
    if (block == NULL) {
        return 3;
    }
    puts("scribbling");
    fflush(stdout);
    for (int round = 0; round < 50; round++) {
        for (int n = 0; n < 2000; n++) {
            /* Mostly the process records and the first slots, where something is. */
            size_t at = random() % 4 ? 4096 + (size_t)random() % 65536 : 8392704 + (size_t)random() % (8 * 69632);
            block[at % bytes] = (uint8_t)random();
        }
        sched_yield();
    }
    return 0;
}
