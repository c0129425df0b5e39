/* crash null|abort|divide|illegal: dies of a fault or by abort(3). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
    const char *how = argc > 1 ? argv[1] : "";
    if (strcmp(how, "null") == 0) {
        int *volatile nowhere = (int *)8;
        *nowhere = 1;
    } else if (strcmp(how, "abort") == 0) {
        abort();
    } else if (strcmp(how, "divide") == 0) {
        volatile int zero = argc - 2;
        return 1000 / zero;
    } else if (strcmp(how, "illegal") == 0) {
        __asm__ volatile("ud2");
    }
    return 100;
}
