package dev.gnomon.call;

/** The handlers by number. Filled once, by the families; the same table serves all hosts. */
public final class SystemCallTable {
    private final SystemCall[] handlers = new SystemCall[SystemCallNumber.COUNT];

    /** @throws IllegalStateException where the number has a handler already */
    public void register(int number, SystemCall handler) {
        if (handlers[number] != null) {
            throw new IllegalStateException("registered twice: call=" + SystemCallNumber.name(number));
        }
        handlers[number] = handler;
    }

    /** The handler; null where the call is not supported. */
    public SystemCall handler(int number) {
        return number >= 0 && number < handlers.length ? handlers[number] : null;
    }
}
