/* What the parts of the zygote share. The zygote is one process with one thread; zygote.c says how it lives. */
#ifndef GNOMON_ZYGOTE_H
#define GNOMON_ZYGOTE_H

#define _GNU_SOURCE
#include "zygote-protocol.h"
#include <gnomon/image.h>

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/* Set once, before the first guest. */
extern uint32_t namespaces;   /* enum zygote_namespace */
extern int zygote_outer_pid;  /* the zygote as /proc shows it */
extern bool walled;           /* guests are born behind the wall (wall.h) */
extern struct gnomon_image_header shim_image;

/* zygote.c: reads one request and does it. */
void serve_request(void);

/* end.c */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void kill_descendants(void);
void end_zygote(void) __attribute__((noreturn));

/* events.c */
void tell(uint32_t type, uint32_t request, int32_t pid, int32_t value, int32_t detail);
void flush_events(void);

/* setup.c: 0, or -1 with errno. */
int map_identity(uid_t user, gid_t group);
void drop_capabilities(void);
/* Nothing has changed that a guest could see where it fails. */
int show_data_directory(int data_directory);

/* What a guest is started with. */
struct start {
    const char *program, *directory, *input, *output, *error;
    char **arguments, **environment;
    int cpu;
    uint32_t mechanism; /* enum zygote_mechanism */
    volatile int failed_step, failed_errno;
};

/* start.c */
/* In the new process: executes the program, or says in *start why not and exits. Where that is on the zygote's memory
 * (vfork), it calls nothing that keeps state. */
void become_guest(struct start *start) __attribute__((noreturn));
void spawn_guest(const char *payload, uint32_t length);
/* The process as the engine's /proc shows it: the kernel translates in the information on a pidfd. 0 where unknown. */
int outer_pid(pid_t pid);

/* inject.c */
/* Reads the image's header. False where it is of another version. */
bool inject_prepare(int image);
/* Whether the kernel lets this process trace a child and reach its memory: 0 or errno. */
int inject_probe(void);
/* The process will execute a program, into which the shim goes with this place. */
void expect_execution(const struct zygote_place *place);
/* A traced child stopped. */
void child_stopped(pid_t pid, int signal);
/* A child is gone. */
void forget_execution(pid_t pid);

/* notify.c */
/* Before the first of them. 0, or -1 with errno. */
int notify_prepare(void);
/* In a child by vfork, before it executes: installs the filter and hands the listener to the zygote. 0, or -1 with errno. */
int notify_install(void);
/* In the zygote after that: the listener; -1 where the child did not come to hand it over. */
int notify_listener(void);

/* trace.c */
/* Starts a tracer, which starts the guest as a child of the zygote's. Returns the guest's pid; 0 where it could not be
 * started and start->failed_step says why, -1 with errno where there is no tracer. */
pid_t spawn_traced(struct start *start, const struct zygote_place *place);
/* A child is gone; whether it was a tracer, whose death is nobody's business. */
bool forget_tracer(pid_t pid);

#endif
