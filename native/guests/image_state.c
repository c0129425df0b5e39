/*
 * Says everything about the process that it can find: what is in its memory, byte by byte, and what the kernel keeps for it. A
 * process that came to life in another way than by execve must not differ in any of it. Natively it only has to come to its end.
 */
#define _GNU_SOURCE
#include "check.h"
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <cpuid.h>
#include <x86intrin.h>

/* Where the shim is, and what the kernel maps by itself. */
#define SHIM_BEGIN 0x7e0000000000
#define SHIM_END 0x7e8000000000

/* What is read is written here, and left out: it tells of inodes, which differ from run to run. */
static struct {
    char line[4096];
    char text[65536];
} buffers;

#define line buffers.line
#define text buffers.text

static void say(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    CHECK(length >= 0 && write(STDOUT_FILENO, line, (size_t)length) == length);
}

/* cpuid(1).ebx without the number of the processor, which is one or another by chance; the loader keeps it. */
#define PROCESSOR_MASK 0xffffff

static uint32_t cpuid_without_processor(void) {
    uint32_t a, b, c, d;
    __cpuid(1, a, b, c, d);
    return b & PROCESSOR_MASK;
}

static uint64_t hash(const unsigned char *begin, const unsigned char *end, uint32_t known) {
    uint64_t sum = 14695981039346656037u;
    for (const unsigned char *at = begin; at < end; at += sizeof(uint32_t)) {
        if (at < (unsigned char *)&buffers || at >= (unsigned char *)(&buffers + 1)) {
            uint32_t word = *(const uint32_t *)at;
            sum = (sum ^ ((word & PROCESSOR_MASK) == known ? known : word)) * 1099511628211u;
        }
    }
    return sum;
}

static void memory(void) {
    int file = open("/proc/self/maps", O_RDONLY);
    CHECK(file >= 0);
    ssize_t got;
    size_t used = 0;
    uint32_t known = cpuid_without_processor();
    while ((got = read(file, text + used, sizeof text - used - 1)) > 0) {
        used += (size_t)got;
    }
    close(file);
    for (char *at = text; *at != 0;) {
        /* Not sscanf, which leaves more of what it reads on the stack. */
        char *rest, *access;
        uint64_t begin = strtoul(at, &rest, 16), end = strtoul(rest + 1, &access, 16);
        access++;
        char *next = strchr(at, '\n');
        CHECK(next != NULL);
        *next = 0;
        int special = strstr(at, "[vvar") != NULL || strstr(at, "[vsyscall]") != NULL;
        if (access[0] == 'r' && !special && (begin < SHIM_BEGIN || begin >= SHIM_END)) {
            say("%lx-%lx %.4s %lx\n", begin, end, access, hash((unsigned char *)begin, (unsigned char *)end, known));
        }
        at = next + 1;
    }
}

static void descriptors(void) {
    for (int descriptor = 0; descriptor < 64; descriptor++) {
        struct stat status;
        if (fstat(descriptor, &status) == 0) {
            say("descriptor %d: mode %o size %ld status %x flags %x\n", descriptor, status.st_mode & S_IFMT,
                (long)(descriptor == 0 ? status.st_size : 0), fcntl(descriptor, F_GETFL), fcntl(descriptor, F_GETFD));
        }
    }
    /* In a simulation nobody else has the same file open. */
    int flags = fcntl(0, F_GETFL);
    if (getpid() == 1000) {
        CHECK(fcntl(0, F_SETFL, flags ^ O_NONBLOCK) == 0);
    }
}

static void limits(void) {
    for (int resource = 0; resource < 16; resource++) {
        struct rlimit limit;
        CHECK(getrlimit(resource, &limit) == 0);
        say("limit %d: %lx %lx\n", resource, limit.rlim_cur, limit.rlim_max);
    }
}

static void signals(void) {
    sigset_t mask;
    CHECK(sigprocmask(SIG_BLOCK, NULL, &mask) == 0);
    say("mask %lx\n", *(uint64_t *)&mask);
    for (int signal = 1; signal < 65; signal++) {
        struct sigaction action;
        if (sigaction(signal, NULL, &action) == 0 && action.sa_handler != SIG_DFL) {
            say("action %d\n", signal);
        }
    }
    stack_t stack;
    CHECK(sigaltstack(NULL, &stack) == 0);
    say("stack %p %zu %x\n", stack.ss_sp, stack.ss_size, stack.ss_flags);
}

static void identity(char **argv, char **environment) {
    char name[64], directory[4096];
    CHECK(gethostname(name, sizeof name) == 0 && getcwd(directory, sizeof directory) != NULL);
    say("host %s directory %s\n", name, directory);
    CHECK(prctl(PR_GET_NAME, name) == 0);
    say("name %s ids %d %d %ld %d %d umask %o\n", name, getpid(), getppid(), syscall(SYS_gettid), getsid(0), getpgid(0),
        umask(022));
    for (char **one = argv; *one != NULL; one++) {
        say("argument %p %s\n", (void *)*one, *one);
    }
    for (char **one = environment; *one != NULL; one++) {
        say("variable %p %s\n", (void *)*one, *one);
    }
    void *head;
    size_t length;
    CHECK(syscall(SYS_get_robust_list, 0, &head, &length) == 0);
    say("robust list %p %zu\n", head, length);
}

static void randomness(void) {
    const unsigned char *random = (const unsigned char *)getauxval(AT_RANDOM);
    uint64_t canary, guard, drawn;
    __asm__("mov %%fs:0x28, %0" : "=r"(canary));
    __asm__("mov %%fs:0x30, %0" : "=r"(guard));
    CHECK(getrandom(&drawn, sizeof drawn, 0) == sizeof drawn);
    say("random %lx %lx canary %lx guard %lx drawn %lx\n", *(const uint64_t *)random, *(const uint64_t *)(random + 8), canary,
        guard, drawn);
}

static void times(void) {
    struct timespec now;
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    say("time %ld.%09ld counter %llu\n", now.tv_sec, now.tv_nsec, __rdtsc());
}

int main(int argc, char **argv, char **environment) {
    (void)argc;
    memory();
    times();
    descriptors();
    limits();
    signals();
    identity(argv, environment);
    randomness();
    times();
    return 0;
}
