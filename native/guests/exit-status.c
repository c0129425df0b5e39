/* exit-status N: says so and exits with N. */
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    int status = argc > 1 ? atoi(argv[1]) : 0;
    printf("exits with %d\n", status);
    return status;
}
