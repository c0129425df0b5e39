package dev.gnomon.guest;

/**
 * A call that a guest made on its way to its entry point.
 *
 * @param number of the call
 * @param arguments all six
 * @param carried the bytes of the first piece of memory that went with it, a path with its NUL where the call has one; empty
 *     for none
 */
public record ObservedCall(int number, long[] arguments, byte[] carried) {}
