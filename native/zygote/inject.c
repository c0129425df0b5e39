/*
 * Injection: the shim's way into a program of any kind.
 *
 * Who executes a program has asked to be traced before (PTRACE_TRACEME; the zygote is the parent of all). The kernel stops
 * it with SIGTRAP before the new program's first instruction, which is the loader's or, where it has none, its own. At this
 * one stop the zygote writes what the shim is to know below the stack's top, a few instructions over the start of the vDSO,
 * sets the registers, and detaches. The instructions map the image and jump into it (bootstrap.S); the shim restores the
 * vDSO, and begins the program with the registers and the stack that the kernel gave it. A second stop, of SIGSTOP, says
 * that an execve has failed.
 *
 * Which place belongs to a process the engine says, never the guest.
 */
#include "zygote.h"
#include "gate.h"
#include <gnomon/image.h>

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#define CODE_SEGMENT_64_BITS 0x33 /* arch/x86/include/asm/segment.h, __USER_CS */
#define STACK_CHUNK_WORDS 1024
#define STACK_WORDS_LIMIT (1u << 20)

extern const uint8_t bootstrap_begin[], bootstrap_end[];

struct gnomon_image_header shim_image;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t requests_read = PTHREAD_COND_INITIALIZER;

struct execution {
    struct zygote_place place;
    bool stops; /* at the program's entry point */
};

/* Under the lock: processes that are about to execute a program, few at a time. */
static struct execution *expected;
static size_t expected_count, expected_capacity;

/* Under the lock: how often a nursery asked for all requests that have arrived to be read, and how often that was done. */
static uint64_t readings_asked, readings_done;

bool inject_prepare(int descriptor) {
    return pread(descriptor, &shim_image, sizeof shim_image, 0) == sizeof shim_image && shim_image.magic == GNOMON_IMAGE_MAGIC &&
           (size_t)(bootstrap_end - bootstrap_begin) <= GNOMON_BOOTSTRAP_BYTES;
}

int inject_probe(void) {
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0) {
            _exit(errno);
        }
        raise(SIGSTOP);
        _exit(0);
    }
    int status;
    if (child < 0 || waitpid(child, &status, __WALL) < 0) {
        return errno;
    }
    if (WIFEXITED(status)) {
        return WEXITSTATUS(status);
    }
    uint64_t word;
    struct iovec local = {&word, sizeof word}, remote = {&shim_image, sizeof word};
    int error = process_vm_readv(child, &local, 1, &remote, 1, 0) == sizeof word ? 0 : errno;
    kill(child, SIGKILL);
    waitpid(child, &status, __WALL);
    return error;
}

static struct execution *find_expected(pid_t pid) {
    for (size_t n = 0; n < expected_count; n++) {
        if (expected[n].place.pid == (int32_t)pid) {
            return &expected[n];
        }
    }
    return NULL;
}

void expect_execution(const struct zygote_place *place, bool stops) {
    pthread_mutex_lock(&lock);
    struct execution *known = find_expected(place->pid);
    if (known == NULL) {
        if (expected_count == expected_capacity) {
            expected_capacity = expected_capacity == 0 ? 64 : 2 * expected_capacity;
            expected = realloc(expected, expected_capacity * sizeof *expected);
            if (expected == NULL) {
                fail("no memory for %zu starts at once", expected_capacity);
            }
        }
        known = &expected[expected_count++];
    }
    *known = (struct execution){.place = *place, .stops = stops};
    pthread_mutex_unlock(&lock);
}

static bool take_expected(pid_t pid, struct execution *execution) {
    struct execution *known = find_expected(pid);
    if (known == NULL) {
        return false;
    }
    *execution = *known;
    *known = expected[--expected_count];
    return true;
}

void forget_execution(pid_t pid) {
    struct execution execution;
    pthread_mutex_lock(&lock);
    take_expected(pid, &execution);
    pthread_mutex_unlock(&lock);
}

/* The engine's word was sent before the guest could go on, so it is there, but may not have been read yet. */
static bool await_expected(pid_t pid, struct execution *execution) {
    pthread_mutex_lock(&lock);
    bool found = take_expected(pid, execution);
    if (!found) {
        uint64_t mine = ++readings_asked;
        call_first_thread();
        while (!(found = take_expected(pid, execution)) && readings_done < mine) {
            pthread_cond_wait(&requests_read, &lock);
        }
    }
    pthread_mutex_unlock(&lock);
    return found;
}

void read_what_was_asked(void) {
    pthread_mutex_lock(&lock);
    uint64_t asked = readings_asked;
    pthread_mutex_unlock(&lock);
    struct pollfd requests = {.fd = STDIN_FILENO, .events = POLLIN};
    while (poll(&requests, 1, 0) > 0) {
        serve_request();
    }
    pthread_mutex_lock(&lock);
    readings_done = asked;
    pthread_cond_broadcast(&requests_read);
    pthread_mutex_unlock(&lock);
}

static long trace(int request, pid_t pid, uint64_t address, uint64_t data) {
    return gate_try(SYS_ptrace, request, pid, (long)address, (long)data, 0);
}

static ssize_t copy_guest(long number, pid_t pid, void *own, uint64_t guest, size_t bytes) {
    struct iovec local = {own, bytes}, remote = {(void *)guest, bytes};
    return gate_try(number, pid, (long)&local, 1, (long)&remote, 1);
}

static bool read_guest(pid_t pid, uint64_t address, void *to, size_t bytes) {
    return copy_guest(SYS_process_vm_readv, pid, to, address, bytes) == (ssize_t)bytes;
}

/* Finds the auxiliary vector behind argc, argv, NULL, envp, NULL, and in it the vDSO and the program's entry point. */
static bool read_auxiliary(pid_t pid, struct gnomon_start *start) {
    uint64_t words[STACK_CHUNK_WORDS], key = AT_NULL;
    size_t have = 0, nulls = 0;
    start->covered = 0;
    start->stop = 0;
    for (size_t at = 0; at < STACK_WORDS_LIMIT; at++) {
        if (at % STACK_CHUNK_WORDS == 0) {
            ssize_t got = copy_guest(SYS_process_vm_readv, pid, words, start->stack + at * 8, sizeof words);
            have = got < 0 ? 0 : (size_t)got / 8; /* less where the stack ends */
        }
        if (at % STACK_CHUNK_WORDS >= have) {
            return false;
        }
        uint64_t word = words[at % STACK_CHUNK_WORDS];
        if (nulls < 2) {
            nulls += at > 0 && word == 0;
            if (nulls == 2) {
                start->auxiliary = start->stack + (at + 1) * 8;
            }
            continue;
        }
        if ((start->stack + at * 8 - start->auxiliary) % 16 == 0) {
            key = word;
        } else if (key == AT_SYSINFO_EHDR) {
            start->covered = word;
        } else if (key == AT_ENTRY) {
            start->stop = word;
        } else if (key == AT_NULL) {
            return true;
        }
    }
    return false;
}

static bool poke(pid_t pid, uint64_t address, uint64_t word) {
    return trace(PTRACE_POKETEXT, pid, address, word) >= 0;
}

/* Puts an int3 where the program's own first instruction is. Where that cannot be, it does not stop there. */
static void stop_at_entry(pid_t pid, struct gnomon_start *start) {
    uint64_t word;
    uint64_t aligned = start->stop & ~UINT64_C(7);
    unsigned shift = 8 * (unsigned)(start->stop - aligned);
    if (start->stop == 0 || !read_guest(pid, aligned, &word, sizeof word) ||
        !poke(pid, aligned, (word & ~(UINT64_C(0xff) << shift)) | (UINT64_C(0xcc) << shift))) {
        start->stop = 0;
        return;
    }
    start->stopped_byte = word >> shift & 0xff;
}

/* 0, or what went wrong, with errno. */
static enum zygote_loss inject(pid_t pid, const struct zygote_place *place, bool stops) {
    struct user_regs_struct registers;
    if (trace(PTRACE_GETREGS, pid, 0, (uint64_t)&registers) < 0) {
        return ZYGOTE_LOSS_MEMORY;
    }
    if (registers.cs != CODE_SEGMENT_64_BITS) {
        errno = ENOEXEC;
        return ZYGOTE_LOSS_32_BITS;
    }
    struct gnomon_start start = {.stack = registers.rsp,
                                 .host = place->host,
                                 .process = place->process,
                                 .thread = place->thread,
                                 .entry = registers.rip};
    snprintf(start.arena, sizeof start.arena, "/proc/%d/fd/%d", zygote_outer_pid, ZYGOTE_ARENA_DESCRIPTOR);
    snprintf(start.image, sizeof start.image, "/proc/%d/fd/%d", zygote_outer_pid, ZYGOTE_IMAGE_DESCRIPTOR);
    if (!read_auxiliary(pid, &start)) {
        return ZYGOTE_LOSS_MEMORY;
    }
    if (start.covered == 0) {
        errno = ENOSYS;
        return ZYGOTE_LOSS_NO_VDSO;
    }
    if (stops) {
        stop_at_entry(pid, &start);
    } else {
        start.stop = 0;
    }
    uint64_t below = (start.stack - sizeof start) & ~UINT64_C(63);
    if (!read_guest(pid, start.covered, start.covered_bytes, sizeof start.covered_bytes) ||
        copy_guest(SYS_process_vm_writev, pid, &start, below, sizeof start) != (ssize_t)sizeof start) {
        return ZYGOTE_LOSS_MEMORY;
    }
    for (const uint8_t *from = bootstrap_begin; from < bootstrap_end; from += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, from, sizeof word);
        if (!poke(pid, start.covered + (uint64_t)(from - bootstrap_begin), word)) {
            return ZYGOTE_LOSS_MEMORY;
        }
    }
    registers.rip = start.covered;
    registers.rsp = below;
    registers.rbp = below;
    registers.rax = SYS_openat;
    registers.orig_rax = (uint64_t)-1; /* no call that the kernel might restart */
    registers.rdi = (uint64_t)AT_FDCWD;
    registers.rsi = below + offsetof(struct gnomon_start, image);
    registers.rdx = O_RDONLY | O_CLOEXEC;
    registers.r10 = 0;
    registers.r9 = GNOMON_BOOTSTRAP_MARK;
    registers.rbx = GNOMON_IMAGE_ADDRESS;
    registers.r12 = shim_image.data - GNOMON_IMAGE_ADDRESS;
    registers.r13 = shim_image.injected;
    if (trace(PTRACE_SETREGS, pid, 0, (uint64_t)&registers) < 0 || trace(PTRACE_DETACH, pid, 0, 0) < 0) {
        return ZYGOTE_LOSS_MEMORY;
    }
    return 0;
}

static void lose(pid_t pid, int error, enum zygote_loss loss) {
    tell(ZYGOTE_LOST, 0, (int32_t)pid, error, loss);
    gate_call(SYS_kill, pid, SIGKILL, 0, 0, 0);
}

void child_stopped(pid_t pid, int signal) {
    if (signal == SIGSTOP) {
        forget_execution(pid);
        trace(PTRACE_DETACH, pid, 0, 0);
        return;
    }
    if (signal != SIGTRAP) {
        trace(PTRACE_CONT, pid, 0, (uint64_t)signal);
        return;
    }
    struct execution execution;
    if (!await_expected(pid, &execution)) {
        lose(pid, EPERM, ZYGOTE_LOSS_UNEXPECTED);
        return;
    }
    enum zygote_loss loss = inject(pid, &execution.place, execution.stops);
    if (loss != 0 && errno != ESRCH) { /* who was killed meanwhile is buried as any other */
        lose(pid, errno, loss);
    }
}
