/*
 * Binds the calls of every switch to the methods of a Java class, past JNA's general call: that costs 0.4 microseconds with
 * cold caches, a tenth of a switch. The rest of the library is called through JNA, this function too.
 *
 * Needs one entry of the JNI's function table, whose place the specification fixes, and so no header of any JDK.
 */
#include "switch.h"
#include <stddef.h>

/* Java Native Interface Specification, chapter 4, "Registering Native Methods": RegisterNatives, index 215. */
#define REGISTER_NATIVES 215

/* The same chapter, JNINativeMethod. */
struct method {
    const char *name;
    const char *signature;
    void *function;
};

typedef int32_t (*register_natives)(void *environment, void *class, const struct method *methods, int32_t count);

static int32_t call_switch(void *environment, void *class, int64_t slot, int64_t worker, int32_t seen, int64_t timeout_nanos) {
    (void)environment, (void)class;
    return gnomon_switch(slot, worker, seen, timeout_nanos);
}

static int32_t call_await(void *environment, void *class, int64_t slot, int64_t worker, int32_t seen, int64_t timeout_nanos) {
    (void)environment, (void)class;
    return gnomon_await(slot, worker, seen, timeout_nanos);
}

static int32_t call_switch_notified(void *environment, void *class, int64_t slot, int64_t worker, int32_t seen,
                                    int64_t timeout_nanos, int32_t listener, int32_t event, int64_t block, int64_t pages) {
    (void)environment, (void)class;
    return gnomon_switch_notified(slot, worker, seen, timeout_nanos, listener, event, block, pages);
}

static int32_t call_await_notified(void *environment, void *class, int64_t slot, int64_t worker, int32_t seen,
                                   int64_t timeout_nanos, int32_t listener, int32_t event, int64_t block, int64_t pages) {
    (void)environment, (void)class;
    return gnomon_await_notified(slot, worker, seen, timeout_nanos, listener, event, block, pages);
}

static void call_wake(void *environment, void *class, int64_t slot) {
    (void)environment, (void)class;
    gnomon_wake(slot);
}

/* 0, or what RegisterNatives says. */
EXPORTED int32_t gnomon_bind(void *environment, void *class) {
    static const struct method methods[] = {
        {"letGo", "(JJIJ)I", call_switch},
        {"await", "(JJIJ)I", call_await},
        {"letGoNotified", "(JJIJIIJJ)I", call_switch_notified},
        {"awaitNotified", "(JJIJIIJJ)I", call_await_notified},
        {"wake", "(J)V", call_wake},
    };
    void **functions = *(void ***)environment;
    register_natives bind = (register_natives)functions[REGISTER_NATIVES];
    return bind(environment, class, methods, sizeof methods / sizeof *methods);
}
