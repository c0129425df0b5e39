/* Thousands of threads come and go; hundreds live at once; on the smallest stacks; joined and detached. */
#include "check.h"
#include <limits.h>
#include <pthread.h>
#include <sys/wait.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int alive;
static int most;
static int finished;
static __thread int own;

static void *quick(void *argument) {
    own = (int)(intptr_t)argument;
    getppid();
    CHECK(own == (int)(intptr_t)argument);
    return argument;
}

static void *together(void *argument) {
    pthread_mutex_lock(&lock);
    alive++;
    most = alive > most ? alive : most;
    pthread_cond_broadcast(&changed);
    while (most < (int)(intptr_t)argument) {
        pthread_cond_wait(&changed, &lock);
    }
    alive--;
    finished++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void *detached(void *argument) {
    pthread_mutex_lock(&lock);
    finished++;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    return argument;
}

static int mappings(void) {
    FILE *file = fopen("/proc/self/maps", "r");
    int lines = 0;
    for (int c = fgetc(file); c != EOF; c = fgetc(file)) {
        lines += c == '\n';
    }
    fclose(file);
    return lines;
}

int main(void) {
    pthread_t thread;
    void *result;
    for (intptr_t i = 0; i < 200; i++) {
        CHECK(pthread_create(&thread, NULL, quick, (void *)i) == 0);
        CHECK(pthread_join(thread, &result) == 0);
    }
    int before = mappings();
    for (intptr_t i = 0; i < 3000; i++) {
        CHECK(pthread_create(&thread, NULL, quick, (void *)i) == 0);
        CHECK(pthread_join(thread, &result) == 0);
        CHECK(result == (void *)i);
    }
    CHECK(mappings() < before + 20); /* areas of threads that left are used again */

    enum { TOGETHER = 400 };
    static pthread_t threads[TOGETHER];
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    CHECK(pthread_attr_setstacksize(&attributes, PTHREAD_STACK_MIN) == 0);
    for (int i = 0; i < TOGETHER; i++) {
        CHECK(pthread_create(&threads[i], &attributes, together, (void *)TOGETHER) == 0);
    }
    for (int i = 0; i < TOGETHER; i++) {
        CHECK(pthread_join(threads[i], NULL) == 0);
    }
    CHECK(finished == TOGETHER && most == TOGETHER);

    /* A forked copy does not keep what the other threads had. */
    int here = mappings();
    pid_t pid = fork();
    if (pid == 0) {
        _exit(mappings() < here - TOGETHER ? 0 : 1);
    }
    int status;
    CHECK(waitpid(pid, &status, 0) == pid && status == 0);

    finished = 0;
    CHECK(pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) == 0);
    for (int i = 0; i < 500; i++) {
        CHECK(pthread_create(&thread, &attributes, detached, NULL) == 0);
    }
    pthread_mutex_lock(&lock);
    while (finished < 500) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    return 0;
}
