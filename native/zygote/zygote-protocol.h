/*
 * What engine and zygote say to each other over the zygote's standard input and output: little-endian, no padding.
 * The Java twin is dev.gnomon.guest.ZygoteProtocolDescriptor.
 *
 * Engine to zygote: a header, then `length` bytes.
 *
 *   0         4         8
 *   +---------+---------+----------------
 *   | type    | length  | payload ...
 *   +---------+---------+----------------
 *
 * SPAWN's payload: a place, whose pid is 0, and what follows below, then argc + envc + 5 strings, each with its NUL:
 * program, working directory, standard input, output, error; arguments; environment.
 *
 *   0         20        24        28        32          36       40
 *   +---------+---------+---------+---------+-----------+--------+----------------
 *   | place   | cpu     | argc    | envc    | mechanism | copies | strings ...
 *   +---------+---------+---------+---------+-----------+--------+----------------
 *
 * A place, which is EXPECT's payload: who will execute a program, and the numbers that the shim is given there (those of
 * GNOMON_SLOT).
 *
 *   0         4         8         12        16        20
 *   +---------+---------+---------+---------+---------+
 *   | request | pid     | host    | process | thread  |
 *   +---------+---------+---------+---------+---------+
 *
 * KILL's, CHECK's and TAKEN's payload: request, pid.
 *
 * Zygote to engine: events of 24 bytes.
 *
 *   0         4         8         12        16        20        24
 *   +---------+---------+---------+---------+---------+---------+
 *   | type    | request | pid     | value   | detail  | zero    |
 *   +---------+---------+---------+---------+---------+---------+
 *
 * A pid is always the zygote's own idea of the process, inside its PID namespace.
 */
#ifndef GNOMON_ZYGOTE_PROTOCOL_H
#define GNOMON_ZYGOTE_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

enum zygote_request_type {
    ZYGOTE_SPAWN = 1,
    ZYGOTE_KILL = 2,  /* SIGKILL, where pid is an unreaped child; no answer */
    ZYGOTE_CHECK = 3, /* answered by CHECKED */
    /* The process was allowed an execve, into which the shim is to be injected. Sent before the guest goes on; no answer. */
    ZYGOTE_EXPECT = 4,
    ZYGOTE_TAKEN = 5, /* the engine has the listener whose descriptor stands in place of a pid; no answer */
};

enum zygote_event_type {
    ZYGOTE_HELLO = 1,   /* pid: the zygote's, as the engine's /proc shows it; value: namespaces entered (bits below) */
    ZYGOTE_NOTICE = 2,  /* value: errno; detail: enum zygote_notice */
    /* request, pid; value: the pid as the engine's /proc shows it, 0 where unknown; detail: with ZYGOTE_NOTIFY, the zygote's
     * descriptor of the listener, which it keeps until TAKEN */
    ZYGOTE_STARTED = 3,
    ZYGOTE_FAILED = 4,  /* request; value: errno; detail: enum zygote_step */
    ZYGOTE_DIED = 5,    /* pid; value: wait status */
    ZYGOTE_CHECKED = 6, /* request, pid; value: the pid as the engine's /proc shows it, 0 where it is no child */
    ZYGOTE_LOST = 7,    /* pid: killed, for no shim could be injected; value: errno; detail: enum zygote_loss */
    ZYGOTE_UNCAUGHT = 8, /* escaped calls of guests with ZYGOTE_HYBRID are not caught any more */
};

/* Where guests find the data directory, whatever its real path is. */
#define ZYGOTE_DATA_PATH "/gnomon.data"

enum zygote_namespace {
    ZYGOTE_NAMESPACE_USER = 1,
    ZYGOTE_NAMESPACE_PID = 2,
    ZYGOTE_NAMESPACE_MOUNT = 4,
    ZYGOTE_NAMESPACE_IPC = 8,
    ZYGOTE_NAMESPACE_NETWORK = 16,
    ZYGOTE_NAMESPACE_UTS = 32,
    /* No namespace: guests find the data directory at ZYGOTE_DATA_PATH. */
    ZYGOTE_DATA_SHOWN = 64,
    /* No namespace: the kernel lets the zygote trace, so that the shim can be injected, and guests have tracers. */
    ZYGOTE_TRACES = 128,
    /* No namespace: guests are born behind the wall (wall.h). */
    ZYGOTE_WALL = 256,
};

enum zygote_notice {
    ZYGOTE_NOTICE_NAMESPACES = 1,    /* not all namespaces were permitted */
    ZYGOTE_NOTICE_SHARED_MEMORY = 2, /* a mount namespace, but no private /dev/shm in it */
    ZYGOTE_NOTICE_RANDOMIZE = 3,     /* address randomisation stays on */
    ZYGOTE_NOTICE_DATA = 4,          /* a mount namespace, but the data directory is only at its own path */
    ZYGOTE_NOTICE_TRACE = 5,         /* tracing is not permitted: nothing can be injected, no guest traced */
    ZYGOTE_NOTICE_WALL = 6,          /* no seccomp filters: escaped calls reach the kernel */
};

enum zygote_step {
    ZYGOTE_STEP_REQUEST = 1, /* the request is malformed */
    ZYGOTE_STEP_FORK = 2,
    ZYGOTE_STEP_DIRECTORY = 3,
    ZYGOTE_STEP_INPUT = 4,
    ZYGOTE_STEP_OUTPUT = 5,
    ZYGOTE_STEP_ERROR = 6,
    ZYGOTE_STEP_EXECUTE = 7,
    ZYGOTE_STEP_TRACE = 8,
    ZYGOTE_STEP_WALL = 9,
    ZYGOTE_STEP_NOTIFY = 10,
};

enum zygote_mechanism {
    ZYGOTE_PRELOAD = 0, /* the environment says where the shim is */
    ZYGOTE_INJECT = 1,
    ZYGOTE_PTRACE = 2, /* no shim, a tracer of its own */
    ZYGOTE_NOTIFY = 3, /* as ZYGOTE_INJECT, behind a filter for GNOMON_CALL_NOTIFY (slot.h) */
    ZYGOTE_HYBRID = 4, /* as ZYGOTE_INJECT, traced again where a call escapes (catcher.h) */
};

enum zygote_loss {
    ZYGOTE_LOSS_UNEXPECTED = 1, /* it executed a program without leave */
    ZYGOTE_LOSS_32_BITS = 2,
    ZYGOTE_LOSS_NO_VDSO = 3,
    ZYGOTE_LOSS_MEMORY = 4,     /* its memory could not be read or written */
    /* A call escaped the shim, whose number is the event's value, and pid may be another thread's than the first: */
    ZYGOTE_LOSS_ESCAPED = 5,          /* in a thread without a shim */
    ZYGOTE_LOSS_ESCAPED_UNTRACED = 6, /* in a thread that the kernel does not let be traced */
    ZYGOTE_LOSS_UNCAUGHT = 7,         /* nobody would catch its escaped calls */
};

/* Descriptors that the zygote keeps for its guests to open as /proc/PID/fd/N. */
enum zygote_descriptor {
    ZYGOTE_ARENA_DESCRIPTOR = 10,
    ZYGOTE_SHIM_DESCRIPTOR = 11,
    ZYGOTE_IMAGE_DESCRIPTOR = 12,
    ZYGOTE_FIRST_CARRIED_DESCRIPTOR = 13,
    ZYGOTE_DESCRIPTORS_LIMIT = 64,
};

struct zygote_request_header {
    uint32_t type;
    uint32_t length;
};

struct zygote_place {
    uint32_t request;
    int32_t pid;
    uint32_t host;
    uint32_t process;
    uint32_t thread;
};

struct zygote_spawn {
    struct zygote_place place;
    int32_t cpu; /* on which the guest is to run once it has executed its program; -1 for any */
    uint32_t argument_count;
    uint32_t environment_count;
    uint32_t mechanism; /* enum zygote_mechanism */
    /* How often the guest may be copied at its entry point (slot.h: GNOMON_REPLY_COPY), where it stops if this is not 0; with
     * ZYGOTE_INJECT. */
    uint32_t copies;
};

struct zygote_target {
    uint32_t request;
    int32_t pid;
};

struct zygote_event {
    uint32_t type;
    uint32_t request;
    int32_t pid;
    int32_t value;
    int32_t detail;
    uint32_t zero;
};

_Static_assert(sizeof(struct zygote_request_header) == 8, "request header");
_Static_assert(sizeof(struct zygote_place) == 20, "place");
_Static_assert(sizeof(struct zygote_spawn) == 40, "spawn");
_Static_assert(sizeof(struct zygote_target) == 8, "target");
_Static_assert(sizeof(struct zygote_event) == 24, "event");

#define ZYGOTE_REQUEST_LIMIT (8u << 20) /* bytes; Linux takes about 2 MiB of arguments */

#endif
