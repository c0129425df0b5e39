/* Threads, mutexes, conditions, thread-local storage, joining, cancellation, and signals to one thread. */
#define _GNU_SOURCE
#include "check.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static int counter;
static __thread int local;

static void *add(void *argument) {
    long turns = (long)argument;
    for (long i = 0; i < turns; i++) {
        pthread_mutex_lock(&mutex);
        counter++;
        pthread_mutex_unlock(&mutex);
        if (i % 10 == 0) {
            sched_yield();
        }
        local++;
    }
    return (void *)(long)local;
}

static void counting(void) {
    pthread_t threads[8];
    for (int i = 0; i < 8; i++) {
        CHECK(pthread_create(&threads[i], NULL, add, (void *)100L) == 0);
    }
    for (int i = 0; i < 8; i++) {
        void *result;
        CHECK(pthread_join(threads[i], &result) == 0);
        CHECK((long)result == 100);
    }
    CHECK(counter == 800 && local == 0);
}

static int turn;

static void *player(void *argument) {
    int own = (int)(long)argument;
    for (int i = 0; i < 50; i++) {
        pthread_mutex_lock(&mutex);
        while (turn != own) {
            pthread_cond_wait(&condition, &mutex);
        }
        turn = 1 - own;
        pthread_cond_broadcast(&condition);
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void ping_pong(void) {
    pthread_t first;
    pthread_t second;
    CHECK(pthread_create(&first, NULL, player, (void *)0L) == 0);
    CHECK(pthread_create(&second, NULL, player, (void *)1L) == 0);
    CHECK(pthread_join(first, NULL) == 0 && pthread_join(second, NULL) == 0);
}

static void timed_wait(void) {
    struct timespec until;
    struct timespec now;
    CHECK(clock_gettime(CLOCK_REALTIME, &until) == 0);
    until.tv_nsec += 30000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_nsec -= 1000000000;
        until.tv_sec++;
    }
    pthread_mutex_lock(&mutex);
    CHECK(pthread_cond_timedwait(&condition, &mutex, &until) == ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    CHECK(now.tv_sec > until.tv_sec || (now.tv_sec == until.tv_sec && now.tv_nsec >= until.tv_nsec));
}

static sem_t semaphore;

static void *poster(void *argument) {
    (void)argument;
    usleep(10000);
    sem_post(&semaphore);
    return NULL;
}

static void semaphores(void) {
    CHECK(sem_init(&semaphore, 0, 0) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, poster, NULL) == 0);
    CHECK(sem_wait(&semaphore) == 0);
    CHECK(pthread_join(thread, NULL) == 0);
}

static volatile pid_t signaled_thread;

static void note_thread(int signal) {
    (void)signal;
    signaled_thread = (pid_t)syscall(SYS_gettid);
}

static volatile pid_t sleeper_id;

static void *sleeper(void *argument) {
    (void)argument;
    sleeper_id = (pid_t)syscall(SYS_gettid);
    struct timespec long_time = {.tv_sec = 20};
    return (void *)(long)nanosleep(&long_time, NULL);
}

static void signal_to_thread(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = note_thread;
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, sleeper, NULL) == 0);
    usleep(20000);
    CHECK(pthread_kill(thread, SIGUSR1) == 0);
    void *result;
    CHECK(pthread_join(thread, &result) == 0);
    CHECK((long)result == -1 && signaled_thread == sleeper_id && sleeper_id != getpid());
    signaled_thread = 0;
    CHECK(pthread_kill(pthread_self(), SIGUSR1) == 0);
    CHECK(signaled_thread == getpid());
}

static void cancellation(void) {
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, sleeper, NULL) == 0);
    usleep(20000);
    CHECK(pthread_cancel(thread) == 0);
    void *result;
    CHECK(pthread_join(thread, &result) == 0);
    CHECK(result == PTHREAD_CANCELED);
}

static void *nothing(void *argument) {
    return argument;
}

static void many(void) {
    for (int i = 0; i < 300; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, nothing, NULL) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
}

static void owners(void) {
    pthread_mutexattr_t attributes;
    pthread_mutex_t checked;
    CHECK(pthread_mutexattr_init(&attributes) == 0);
    CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK) == 0);
    CHECK(pthread_mutex_init(&checked, &attributes) == 0);
    CHECK(pthread_mutex_lock(&checked) == 0);
    CHECK(pthread_mutex_lock(&checked) == EDEADLK);
    CHECK(pthread_mutex_unlock(&checked) == 0);
    CHECK(pthread_mutex_unlock(&checked) == EPERM);
    CHECK(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_NORMAL) == 0);
    CHECK(pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT) == 0);
    CHECK(pthread_mutex_init(&checked, &attributes) == 0);
    CHECK(pthread_mutex_lock(&checked) == 0);
    CHECK(pthread_mutex_unlock(&checked) == 0);
}

static void *outlive(void *leader) {
    CHECK(pthread_join(*(pthread_t *)leader, NULL) == 0);
    struct timespec pause = {.tv_nsec = 10000000};
    for (int i = 0; i < 20; i++) {
        CHECK(nanosleep(&pause, NULL) == 0);
    }
    exit(7);
}

/* The first thread leaves, the process stays. */
static void leader_leaves(void) {
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        static pthread_t self;
        pthread_t heir;
        self = pthread_self();
        CHECK(pthread_create(&heir, NULL, outlive, &self) == 0);
        pthread_exit(NULL);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
}

int main(void) {
    counting();
    ping_pong();
    timed_wait();
    semaphores();
    signal_to_thread();
    cancellation();
    many();
    owners();
    leader_leaves();
    return 0;
}
