/*
 * The gate in the wall (wall.h): the one place from which those behind the wall may make any call. It lies at an address of
 * its own in the zygote's memory, and execve takes it away. Without a wall the calls are made as they are.
 */
#ifndef GNOMON_ZYGOTE_GATE_H
#define GNOMON_ZYGOTE_GATE_H

#include <errno.h>

/* A system call instruction and a return; set by wall.c, used by gate.S. */
extern const void *gate_instructions;

/* A system call of at most five arguments; the sixth is 0. The result, or -errno. */
long gate_call(long number, long first, long second, long third, long fourth, long fifth);

/* vfork(2), but that the child begins with begin(argument), which must not return, on a stack of its own that ends at
 * stack_end. The child's number in the parent, once it has executed a program or is gone, or -errno. */
long gate_birth(void (*begin)(void *), void *argument, void *stack_end);

/* The same as gate_call, but as libc does it: -1 with errno. */
static inline long gate_try(long number, long first, long second, long third, long fourth, long fifth) {
    long result = gate_call(number, first, second, third, fourth, fifth);
    if (result < 0) {
        errno = (int)-result;
        return -1;
    }
    return result;
}

#endif
