package dev.gnomon.call;

import dev.gnomon.kernel.ByteArrayMemory;
import dev.gnomon.kernel.Credentials;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.LittleEndian;
import dev.gnomon.kernel.TestEnvironment;
import dev.gnomon.kernel.TestProcessHandle;

/** One thread of a process on a host of its own, whose calls are answered as a simulation answers them. */
final class TestGuest {
    /** What {@link #call} returns while the thread sleeps. */
    static final long BLOCKED = CallOutcome.BLOCKED;

    private static final int MEMORY_BYTES = 1 << 20;
    private static final int FIRST_DESCRIPTOR = 3;

    final TestEnvironment environment;
    final Kernel kernel;
    final GuestProcess process;
    final GuestThread thread;
    final byte[] bytes;
    private final SystemCallTable table;
    private final TestChannel channel;
    private final CallContext context;

    TestGuest() {
        this(new TestEnvironment());
    }

    private TestGuest(TestEnvironment environment) {
        this(
                environment,
                new Kernel(environment, "host", null, Credentials.of(0, 0), null, process -> {}),
                new byte[MEMORY_BYTES],
                null);
    }

    private TestGuest(TestEnvironment environment, Kernel kernel, byte[] bytes, GuestProcess existing) {
        this.environment = environment;
        this.kernel = kernel;
        this.bytes = bytes;
        this.table = CallFamilies.all((thread, address) -> {});
        int id = kernel.allocateProcessId();
        this.process = existing != null ? existing : kernel.addProcess(new TestProcessHandle(), id, null, "guest");
        this.channel = new TestChannel(new ByteArrayMemory(bytes), () -> {
            int descriptor = FIRST_DESCRIPTOR;
            while (process.descriptors().get(descriptor) != null) {
                descriptor++;
            }
            return descriptor;
        });
        this.thread = process.addThread(channel, id);
        this.context = new CallContext(thread);
    }

    /** A further thread of the same process. */
    TestGuest newThread() {
        return new TestGuest(environment, kernel, bytes, process);
    }

    /** Makes a call; the result, or {@link #BLOCKED}. */
    long call(int number, long... arguments) {
        channel.call(number, arguments);
        context.begin();
        return finish(table.handler(number).invoke(context));
    }

    /** Invokes a blocked call's handler again, as after a wake-up. */
    long retry() {
        context.beginRetry();
        return finish(table.handler(channel.callNumber()).invoke(context));
    }

    private long finish(long outcome) {
        long result = outcome;
        while (result == CallOutcome.REPLIED) {
            result = context.takeContinuation().invoke(context);
        }
        return result;
    }

    int intAt(int address) {
        return LittleEndian.getInt(bytes, address);
    }

    long longAt(int address) {
        return LittleEndian.getLong(bytes, address);
    }
}
