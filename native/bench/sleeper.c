/*
 * The guest of `gnomon bench start` and `gnomon bench soak`: as little of a program as there is. Sleeps PAUSE milliseconds
 * ROUNDS times.
 *
 *   sleeper ROUNDS PAUSE
 */
#include <stdlib.h>
#include <time.h>

int main(int argc, char **argv) {
    long rounds = argc > 1 ? atol(argv[1]) : 1, pause = argc > 2 ? atol(argv[2]) : 1000;
    struct timespec time = {pause / 1000, pause % 1000 * 1000000};
    while (rounds-- > 0) {
        nanosleep(&time, NULL);
    }
    return 0;
}
