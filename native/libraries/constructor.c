/*
 * Does something before the program's entry point, which the variable CONSTRUCTOR names: things that another process that starts
 * the same program would have to do for itself.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What programs print of it. */
uint64_t constructed;
static jmp_buf jump;

static void *thread(void *argument) {
    pause();
    return argument;
}

static void write_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (file < 0 || write(file, "constructed\n", 12) != 12) {
        abort();
    }
    close(file);
}

__attribute__((constructor)) static void construct(void) {
    const char *what = getenv("CONSTRUCTOR");
    if (what == NULL) {
        return;
    }
    if (strcmp(what, "nothing") == 0) {
        constructed = 1;
    } else if (strcmp(what, "jump buffer") == 0) {
        constructed = (uint64_t)setjmp(jump); /* holds pointers that are mangled with the guard */
    } else if (strcmp(what, "clock") == 0) {
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        constructed = (uint64_t)now.tv_sec;
    } else if (strcmp(what, "random") == 0) {
        if (getrandom(&constructed, sizeof constructed, 0) != sizeof constructed) {
            abort();
        }
    } else if (strcmp(what, "forgotten random") == 0) {
        uint64_t drawn;
        if (getrandom(&drawn, sizeof drawn, 0) != sizeof drawn) {
            abort();
        }
    } else if (strcmp(what, "hash of random") == 0) {
        constructed = *(const uint64_t *)getauxval(AT_RANDOM) * UINT64_C(0x9e3779b97f4a7c15);
    } else if (strcmp(what, "register") == 0) {
        /* Nothing uses it before the program's entry point. */
        uint64_t hash = *(const uint64_t *)getauxval(AT_RANDOM) * UINT64_C(0x9e3779b97f4a7c15);
        __asm__ volatile("movq %0, %%xmm15" : : "r"(hash) : "xmm15");
    } else if (strcmp(what, "reserved memory") == 0) {
        constructed = (uint64_t)mmap(NULL, UINT64_C(1) << 44, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    } else if (strcmp(what, "output") == 0) {
        write_file("/dev/stdout");
    } else if (strcmp(what, "written") == 0) {
        if (write(STDOUT_FILENO, "constructed\n", 12) != 12) {
            abort();
        }
    } else if (strcmp(what, "relative file") == 0) {
        write_file("constructed");
    } else if (strcmp(what, "relative look") == 0) {
        constructed = (uint64_t)access("image_state.1000.stdout", R_OK);
    } else if (strcmp(what, "host name") == 0) {
        char name[64] = "";
        gethostname(name, sizeof name);
        constructed = *(uint64_t *)name;
    } else if (strcmp(what, "hosts file") == 0) {
        char text[64] = "";
        int file = open("/etc/hostname", O_RDONLY);
        constructed = read(file, text, sizeof text) > 0 ? *(uint64_t *)text : 0;
        close(file);
    } else if (strcmp(what, "descriptor") == 0) {
        constructed = (uint64_t)open("/dev/null", O_RDONLY);
    } else if (strcmp(what, "socket") == 0) {
        constructed = (uint64_t)socket(AF_INET, SOCK_DGRAM, 0);
    } else if (strcmp(what, "shared memory") == 0) {
        constructed = (uint64_t)mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    } else if (strcmp(what, "locked memory") == 0) {
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        madvise(page, 4096, MADV_WIPEONFORK);
        memset(page, 1, 4096);
    } else if (strcmp(what, "directory") == 0) {
        constructed = (uint64_t)chdir("/");
    } else if (strcmp(what, "limit") == 0) {
        struct rlimit limit = {100, 100};
        constructed = (uint64_t)setrlimit(RLIMIT_NOFILE, &limit);
    } else if (strcmp(what, "mask") == 0) {
        umask(077);
    } else if (strcmp(what, "signal") == 0) {
        signal(SIGUSR1, SIG_IGN);
    } else if (strcmp(what, "blocked signal") == 0) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGUSR2);
        sigprocmask(SIG_BLOCK, &set, NULL);
    } else if (strcmp(what, "thread") == 0) {
        pthread_t id;
        pthread_create(&id, NULL, thread, NULL);
    } else if (strcmp(what, "child") == 0) {
        pid_t child = fork();
        if (child == 0) {
            _exit(3);
        }
        int status;
        waitpid(child, &status, 0);
        constructed = (uint64_t)status;
    } else if (strcmp(what, "second") == 0) {
        /* A child that comes to the entry point as well. */
        fork();
    } else if (strcmp(what, "sleep") == 0) {
        struct timespec second = {1, 0};
        nanosleep(&second, NULL);
    } else if (strcmp(what, "timer") == 0) {
        alarm(1);
        signal(SIGALRM, SIG_IGN);
    } else if (strcmp(what, "end") == 0) {
        _exit(0);
    } else {
        fprintf(stderr, "no such constructor: %s\n", what);
        abort();
    }
}
