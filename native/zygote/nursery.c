/*
 * Nurseries: the threads that start guests, inject the shim into them, and bury them.
 *
 * A guest is the child of the thread that started it, and so is everything it forks (CLONE_PARENT). Only that thread may
 * trace it, and a wait of that thread alone (__WNOTHREAD) walks over its children alone. So starts go on at once on as many
 * processors as there are, and a death costs a walk over the few hundred children of one nursery, however many guests there
 * are.
 *
 * A nursery is busy while it takes requests from the queue; at most as many are as there are processors. Otherwise it sleeps
 * in waitid, and whoever has a request for it makes it wanted and sends it a signal (wait.S). One that has as many guests as
 * it may have is passed over until some have died.
 */
#include "zygote.h"
#include "catcher.h"
#include "wall.h"

#include <errno.h>
#include <malloc.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#define GUESTS_LIMIT 192
#define STACK_BYTES (128u << 10)
#define WAKING_SIGNAL SIGUSR1
/* Of children that are traced also their stops, which need not be asked for (kernel/exit.c, wait_task_stopped). */
#define CHILDREN_NEWS (WEXITED | WNOWAIT | __WALL)

struct nursery {
    struct nursery *next;
    uint32_t wanted; /* set before the signal is sent, by whoever holds the lock */
    bool busy;
    bool behind_wall; /* where there is one, and so are its guests */
    pid_t thread;   /* 0 before it runs; it is busy until then */
    int wall_errno; /* why it is not behind the wall */
    /* The guests started here. Only this nursery writes, under the lock; those that guests forked are not counted. */
    size_t count;
    pid_t guests[GUESTS_LIMIT];
    /* How many more children those may bring it by copies of themselves. Under the lock. */
    size_t copies;
};

struct request {
    struct request *next;
    bool behind_wall; /* where the guest is to be born */
    uint32_t length;
    char payload[];
};

/* wait.S */
long nursery_wait(const uint32_t *wanted, siginfo_t *information, int options);
extern const char nursery_wait_begin[], nursery_wait_call[], nursery_wait_interrupted[];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Under the lock. */
static struct nursery *nurseries;
static struct request *first_request, **last_request = &first_request;
static unsigned busy, busy_limit;
static bool closed;

static int first_thread_called = -1;

static void leave_wait(int signal, siginfo_t *information, void *opaque) {
    (void)signal;
    (void)information;
    greg_t *instruction = &((ucontext_t *)opaque)->uc_mcontext.gregs[REG_RIP];
    if (*instruction >= (greg_t)nursery_wait_begin && *instruction <= (greg_t)nursery_wait_call) {
        *instruction = (greg_t)nursery_wait_interrupted;
    }
}

void call_first_thread(void) {
    uint64_t one = 1;
    while (write(first_thread_called, &one, sizeof one) < 0 && errno == EINTR) {
    }
}

int open_nurseries(void) {
    mallopt(M_ARENA_MAX, 1);
    struct sigaction action = {.sa_sigaction = leave_wait, .sa_flags = SA_SIGINFO | SA_RESTART};
    sigaction(WAKING_SIGNAL, &action, NULL);
    cpu_set_t allowed;
    int processors = sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
    busy_limit = processors < 2 ? 2 : (unsigned)processors; /* a start waits for the kernel now and then */
    first_thread_called = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return first_thread_called;
}

void close_nurseries(void) {
    pthread_mutex_lock(&lock);
    closed = true;
    pthread_mutex_unlock(&lock);
}

static bool is_full(const struct nursery *nursery) {
    return nursery->count + nursery->copies >= GUESTS_LIMIT;
}

static void forget_guest(struct nursery *nursery, pid_t pid) {
    size_t n = 0;
    while (n < nursery->count && nursery->guests[n] != pid) {
        n++;
    }
    pthread_mutex_lock(&lock);
    if (n < nursery->count) {
        nursery->guests[n] = nursery->guests[--nursery->count];
    } else if (nursery->copies > 0) {
        nursery->copies--; /* or one that a guest forked; the number need not be exact */
    }
    pthread_mutex_unlock(&lock);
}

static int wait_status(const siginfo_t *information) {
    int status = information->si_status;
    switch (information->si_code) {
    case CLD_EXITED:
        return status << 8;
    case CLD_DUMPED:
        return status | 0x80;
    default:
        return status;
    }
}

/* Does what a child's stop or death asks for. */
static void attend(struct nursery *nursery, const siginfo_t *information) {
    pid_t pid = information->si_pid;
    if (information->si_code == CLD_TRAPPED) {
        /* Takes the notice, and that alone: one that was killed meanwhile is the next news. */
        siginfo_t notice = {.si_pid = 0};
        if (waitid(P_PID, (id_t)pid, &notice, WSTOPPED | WNOHANG | __WALL) == 0 && notice.si_pid == pid) {
            child_stopped(pid, notice.si_status & 0x7f);
        }
        return;
    }
    /* Told before the number is free, so that nobody is said to have started with it earlier. */
    if (nursery == NULL && forget_catcher(pid)) {
        tell(ZYGOTE_UNCAUGHT, 0, 0, 0, 0);
    } else if (!forget_tracer(pid)) {
        forget_execution(pid);
        tell(ZYGOTE_DIED, 0, (int32_t)pid, wait_status(information), 0);
    }
    waitpid(pid, NULL, __WALL);
    if (nursery != NULL) {
        forget_guest(nursery, pid);
    }
}

static void attend_waiting(struct nursery *nursery) {
    siginfo_t information;
    while (information.si_pid = 0,
           waitid(P_ALL, 0, &information, CHILDREN_NEWS | WNOHANG | __WNOTHREAD) == 0 && information.si_pid != 0) {
        attend(nursery, &information);
    }
}

void attend_orphans(void) {
    attend_waiting(NULL);
}

/*
 * A program is executed on whatever processor the nursery is on, and goes on on its worker's. Moving it costs least while it
 * stands still. Where the kernel refuses, the shim tries again: it follows its worker's word (shim/crossing.c).
 */
static void bind(pid_t pid, int processor) {
    if (processor >= 0 && processor < CPU_SETSIZE) {
        cpu_set_t set;
        CPU_ZERO(&set);
        CPU_SET(processor, &set);
        sched_setaffinity(pid, sizeof set, &set);
    }
}

static void start(struct nursery *nursery, const struct request *request) {
    struct zygote_spawn header;
    if (request->length < sizeof header) {
        fail("a request of %u bytes is too short", request->length);
    }
    memcpy(&header, request->payload, sizeof header);
    if (nursery->wall_errno != 0) {
        tell(ZYGOTE_FAILED, header.place.request, 0, nursery->wall_errno, ZYGOTE_STEP_WALL);
        return;
    }
    pid_t pid = spawn_guest(request->payload, request->length);
    if (pid < 0) {
        return;
    }
    pthread_mutex_lock(&lock);
    nursery->guests[nursery->count++] = pid;
    nursery->copies += header.copies < GUESTS_LIMIT ? header.copies : GUESTS_LIMIT;
    pthread_mutex_unlock(&lock);
    siginfo_t information;
    bool stopped = injects(header.mechanism) && waitid(P_PID, (id_t)pid, &information, CHILDREN_NEWS) == 0;
    bind(pid, header.cpu);
    if (stopped) {
        attend(nursery, &information); /* it has executed its program, and waits for the shim */
    }
}

static void *keep_nursery(void *argument);

/* Answers all that wait in the queue. Under the lock. */
static void refuse_requests(int error) {
    while (first_request != NULL) {
        struct request *request = first_request;
        struct zygote_spawn header = {0};
        memcpy(&header, request->payload, request->length < sizeof header ? request->length : sizeof header);
        tell(ZYGOTE_FAILED, header.place.request, 0, error, ZYGOTE_STEP_FORK);
        first_request = request->next;
        free(request);
    }
    last_request = &first_request;
}

/* Sees to it that the queue is worked on. Under the lock, by the first thread: a nursery behind the wall could bear no other. */
static void call_nursery(void) {
    if (first_request == NULL || busy >= busy_limit) {
        return;
    }
    struct nursery *nursery = nurseries;
    while (nursery != NULL && (nursery->busy || is_full(nursery) ||
                               nursery->behind_wall != first_request->behind_wall)) {
        nursery = nursery->next;
    }
    busy++;
    if (nursery != NULL) {
        nursery->busy = true;
        __atomic_store_n(&nursery->wanted, 1, __ATOMIC_SEQ_CST);
        syscall(SYS_tgkill, getpid(), nursery->thread, WAKING_SIGNAL);
        return;
    }
    nursery = calloc(1, sizeof *nursery);
    pthread_attr_t attributes;
    pthread_t thread;
    if (nursery == NULL || pthread_attr_init(&attributes) != 0 || pthread_attr_setstacksize(&attributes, STACK_BYTES) != 0 ||
        pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED) != 0) {
        fail("no memory to start guests");
    }
    nursery->busy = true;
    nursery->behind_wall = first_request->behind_wall;
    nursery->next = nurseries;
    int error = pthread_create(&thread, &attributes, keep_nursery, nursery);
    pthread_attr_destroy(&attributes);
    if (error != 0) {
        busy--;
        free(nursery);
        refuse_requests(error);
        return;
    }
    nurseries = nursery;
}

/* The next request; NULL where this nursery has nothing more to do, and is not busy any more. */
static struct request *take_request(struct nursery *nursery) {
    pthread_mutex_lock(&lock);
    struct request *request = NULL;
    if (!closed && !is_full(nursery) && first_request != NULL &&
        first_request->behind_wall == nursery->behind_wall) {
        request = first_request;
    }
    if (request != NULL) {
        first_request = request->next;
        if (first_request == NULL) {
            last_request = &first_request;
        }
    } else {
        nursery->busy = false;
        nursery->wanted = 0;
        busy--;
        if (!closed && first_request != NULL) {
            call_first_thread(); /* this one is full, or of the other kind */
        }
    }
    pthread_mutex_unlock(&lock);
    return request;
}

static void sleep_until_wanted(struct nursery *nursery) {
    while (__atomic_load_n(&nursery->wanted, __ATOMIC_SEQ_CST) == 0) {
        siginfo_t information;
        long result = nursery_wait(&nursery->wanted, &information, CHILDREN_NEWS | __WNOTHREAD);
        if (result == 0) {
            attend(nursery, &information);
        } else if (result == -ECHILD) {
            syscall(SYS_futex, &nursery->wanted, FUTEX_WAIT_PRIVATE, 0, NULL); /* nor will there be one before a start */
        }
    }
}

static void *keep_nursery(void *argument) {
    struct nursery *nursery = argument;
    nursery->thread = (pid_t)syscall(SYS_gettid);
    nursery->wall_errno = walled && nursery->behind_wall && wall_raise() < 0 ? errno : 0;
    for (;;) {
        struct request *request;
        while ((request = take_request(nursery)) != NULL) {
            start(nursery, request);
            free(request);
            attend_waiting(nursery);
        }
        sleep_until_wanted(nursery);
    }
    return NULL;
}

void attend_nurseries(void) {
    uint64_t taken;
    while (read(first_thread_called, &taken, sizeof taken) < 0 && errno == EINTR) {
    }
    pthread_mutex_lock(&lock);
    call_nursery();
    pthread_mutex_unlock(&lock);
    read_what_was_asked();
}

void queue_start(const char *payload, uint32_t length) {
    struct request *request = malloc(sizeof *request + length);
    if (request == NULL) {
        fail("no memory for a request of %u bytes", length);
    }
    struct zygote_spawn header = {0};
    memcpy(&header, payload, length < sizeof header ? length : sizeof header);
    request->next = NULL;
    request->behind_wall = stands_behind_wall(header.mechanism);
    request->length = length;
    memcpy(request->payload, payload, length);
    pthread_mutex_lock(&lock);
    *last_request = request;
    last_request = &request->next;
    call_nursery();
    pthread_mutex_unlock(&lock);
}
