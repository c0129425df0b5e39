package dev.gnomon.guest;

import dev.gnomon.jna.SwitchLibrary;

/** How a worker hands a guest the processor and waits for it. */
interface Crossing {
    /**
     * Lets the guest in a slot run and waits.
     *
     * @param seen the worker's word, read before the caller looked for notices
     * @return {@link SwitchLibrary#STOPPED}, {@link SwitchLibrary#NOTICE} or {@link SwitchLibrary#TIMEOUT}
     */
    int letGo(ThreadSlot slot, int seen, long timeoutNanos);

    /** As {@link #letGo} without letting anything run. */
    int await(ThreadSlot slot, int seen, long timeoutNanos);
}
