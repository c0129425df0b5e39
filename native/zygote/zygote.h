/*
 * What the parts of the zygote share. zygote.c says how it lives. Its first thread reads requests; all others are nurseries
 * (nursery.c).
 */
#ifndef GNOMON_ZYGOTE_H
#define GNOMON_ZYGOTE_H

#define _GNU_SOURCE
#include "zygote-protocol.h"
#include <gnomon/image.h>

#include <stdbool.h>
#include <sys/resource.h>
#include <stdint.h>
#include <sys/types.h>

/* Set once, before the first guest. */
extern uint32_t namespaces;   /* enum zygote_namespace */
extern int zygote_outer_pid;  /* the zygote as /proc shows it */
extern bool walled;           /* guests are born behind the wall (wall.h) */
extern struct gnomon_image_header shim_image;
extern struct rlimit guest_descriptors; /* what guests start with */

/* zygote.c: reads one request and does it. */
void serve_request(void);

/* end.c */
void fail(const char *format, ...) __attribute__((noreturn, format(printf, 1, 2)));
void kill_descendants(void);
void end_zygote(void) __attribute__((noreturn));

/* events.c */
void tell(uint32_t type, uint32_t request, int32_t pid, int32_t value, int32_t detail);

/* setup.c: 0, or -1 with errno. */
int map_identity(uid_t user, gid_t group);
void drop_capabilities(void);
/* Nothing has changed that a guest could see where it fails. */
int show_data_directory(int data_directory);

/* What a guest is started with. */
struct start {
    const char *program, *directory, *input, *output, *error;
    char **arguments, **environment;
    uint32_t mechanism; /* enum zygote_mechanism */
    int hand_over;      /* with ZYGOTE_NOTIFY and ZYGOTE_HYBRID: the socket for the listener */
    bool stops_at_all_calls; /* with ZYGOTE_PTRACE: also at those that the kernel may do without the engine */
    volatile int failed_step, failed_errno;
};

/* start.c */
/* Whether the shim is injected into who has this mechanism. */
bool injects(uint32_t mechanism);
/* Whether it is born behind the wall. Not where another filter stands there, nor where a tracer makes its calls. */
bool stands_behind_wall(uint32_t mechanism);
/* In the new process: executes the program of a struct start, or says there why not and exits. Where that is on the zygote's
 * memory, beside other threads of it, it calls nothing that keeps state. */
void become_guest(void *start);
/* Does a request to start a guest, a struct zygote_spawn and its strings. The calling thread becomes the parent. The engine is
 * told what came of it; -1 where there is no guest. */
pid_t spawn_guest(const char *payload, uint32_t length);
/* The process as the engine's /proc shows it: the kernel translates in the information on a pidfd. 0 where unknown. */
int outer_pid(pid_t pid);

/* notify.c */
/* In the child, before it executes: installs the filter and hands the listener over. 0, or -1 with errno. */
int notify_install(int hand_over);
/* In the child: sends a listener of its own through a socket, by the gate. 0, or -1 with errno. */
int send_listener(int hand_over, int listener);
/* At the socket's other end: the listener; -1 where there is none to be had. */
int notify_listener(int socket);

/* trace.c */
/* Starts a tracer, which starts the guest as a child of the calling thread's. Returns the guest's pid; 0 where it could not be
 * started and start->failed_step says why, -1 with errno where there is no tracer. */
pid_t spawn_traced(struct start *start, const struct zygote_spawn *request);
/* A child is gone; whether it was a tracer, whose death is nobody's business. */
bool forget_tracer(pid_t pid);

/* nursery.c */
/* Before the first start, by the first thread. A descriptor that is readable where a nursery wants the first thread to
 * attend_nurseries(); -1 with errno. */
int open_nurseries(void);
void call_first_thread(void);
void attend_nurseries(void);
/* No request is begun any more. */
void close_nurseries(void);
/* Copies the payload of a start, which a nursery will do. */
void queue_start(const char *payload, uint32_t length);
/* Buries those who lost their parent and became children of the first thread, which calls this. */
void attend_orphans(void);

/* inject.c */
/* Reads the image's header. False where it is of another version. */
bool inject_prepare(int image);
/* Serves all requests that have arrived. */
void read_what_was_asked(void);
/* Whether the kernel lets this process trace a child and reach its memory: 0 or errno. */
int inject_probe(void);
/* The process will execute a program, into which the shim goes with this place; it may have to stop at its entry point. */
void expect_execution(const struct zygote_place *place, bool stops);
/* A traced child of the calling thread stopped. */
void child_stopped(pid_t pid, int signal);
/* A child is gone. */
void forget_execution(pid_t pid);

#endif
