/* Starting a guest without a shim: a tracer by fork, and the guest by the tracer. */
#include "zygote.h"
#include "../tracer/tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

/* Under the lock: tracers that have not ended. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pid_t *tracers;
static size_t tracer_count, tracer_capacity;

bool forget_tracer(pid_t pid) {
    bool found = false;
    pthread_mutex_lock(&lock);
    for (size_t n = 0; n < tracer_count && !found; n++) {
        if (tracers[n] == pid) {
            tracers[n] = tracers[--tracer_count];
            found = true;
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

/* Before its death can be attended, which the calling thread does. */
static void remember_tracer(pid_t pid) {
    pthread_mutex_lock(&lock);
    if (tracer_count == tracer_capacity) {
        tracer_capacity = tracer_capacity == 0 ? 64 : 2 * tracer_capacity;
        tracers = realloc(tracers, tracer_capacity * sizeof *tracers);
        if (tracers == NULL) {
            fail("no memory for %zu tracers", tracer_capacity);
        }
    }
    tracers[tracer_count++] = pid;
    pthread_mutex_unlock(&lock);
}

/* In the process that becomes the guest. What the shim does for others; the time-stamp counter's setting outlives execve. */
static void become_traced_guest(void *argument, bool virtual_counter, bool stops_at_all_calls) {
    struct start *start = argument;
    struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    if (virtual_counter) {
        prctl(PR_SET_TSC, PR_TSC_SIGSEGV);
    }
    start->stops_at_all_calls = stops_at_all_calls;
    become_guest(start);
}

pid_t spawn_traced(struct start *request, const struct zygote_spawn *header) {
    int report[2];
    struct start *start = mmap(NULL, sizeof *start, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (start == MAP_FAILED) {
        return -1;
    }
    if (pipe2(report, O_CLOEXEC) < 0) {
        munmap(start, sizeof *start);
        return -1;
    }
    *start = *request;
    pid_t tracer = fork();
    if (tracer == 0) {
        close(report[0]);
        struct tracer_start arguments = {
            .host_index = header->place.host,
            .process_page = header->place.process,
            .thread_page = header->place.thread,
            .arena = ZYGOTE_ARENA_DESCRIPTOR,
            .processor = header->cpu,
            .become_guest = become_traced_guest,
            .argument = start,
            .failed_step = &start->failed_step,
            .failed_errno = &start->failed_errno,
            .report = report[1],
        };
        tracer_run(&arguments);
    }
    int error = errno;
    close(report[1]);
    int32_t pid = 0;
    if (tracer > 0) {
        remember_tracer(tracer);
        while (read(report[0], &pid, sizeof pid) < 0 && errno == EINTR) {
        }
    }
    close(report[0]);
    request->failed_step = pid > 0 ? 0 : start->failed_step > 0 ? start->failed_step : ZYGOTE_STEP_FORK;
    request->failed_errno = start->failed_errno != 0 ? start->failed_errno : EAGAIN;
    munmap(start, sizeof *start);
    errno = error;
    return tracer < 0 ? -1 : pid;
}
