package dev.gnomon.call;

import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.kernel.KernelEnvironment;
import dev.gnomon.kernel.OpenFile;
import dev.gnomon.kernel.UserBuffer;
import dev.gnomon.kernel.WaitQueue;
import dev.gnomon.network.Errno;

/**
 * The call that a thread is in. One object serves all calls of the thread.
 *
 * <p>A handler that cannot answer returns what {@link #block} returned. It is then invoked again, from its start, when
 * something watched happened, the deadline passed ({@link #timedOut}) or a signal came (the next {@link #block} returns the
 * error at once). What it must remember in between is its {@link #deadlineIn} and {@link #attachment}.
 */
public final class CallContext {
    private final GuestThread thread;
    private final GuestThreadChannel channel;
    private final UserBuffer buffer = new UserBuffer();
    private final long[] word = new long[1];
    private SystemCall continuation;
    private long deadlineNanos;
    private boolean hasDeadline;
    private boolean retry;
    private Object attachment;
    private OpenFile[] installing;
    private boolean installingCloseOnExec;
    private boolean goesOnAtOnce;
    private OpenFile opening;
    private MessageHeader messageHeader;
    private GuestThreadChannel vforkChild;
    private VforkOutcome vforkOutcome;
    private String execProgram;

    public CallContext(GuestThread thread) {
        this.thread = thread;
        this.channel = thread.channel();
    }

    /** A new call has arrived. */
    public void begin() {
        continuation = null;
        hasDeadline = false;
        retry = false;
        attachment = null;
    }

    /** The thread was woken in the same call. */
    public void beginRetry() {
        retry = true;
    }

    public GuestThread thread() {
        return thread;
    }

    public GuestProcess process() {
        return thread.process();
    }

    public Kernel kernel() {
        return thread.process().kernel();
    }

    public KernelEnvironment environment() {
        return kernel().environment();
    }

    public long nowNanos() {
        return environment().nowNanos();
    }

    public GuestThreadChannel channel() {
        return channel;
    }

    public GuestMemory memory() {
        return channel.memory();
    }

    public int callNumber() {
        return channel.callNumber();
    }

    public long argument(int index) {
        return channel.argument(index);
    }

    /** The argument's low 32 bits, as calls take {@code int} parameters. */
    public int intArgument(int index) {
        return (int) channel.argument(index);
    }

    /** The emulated object that argument {@code index} names; null where the number is not emulated. */
    public OpenFile file(int index) {
        return process().descriptors().get(intArgument(index));
    }

    /** The thread's buffer object, describing one range. */
    public UserBuffer buffer(long address, long length) {
        return buffer.single(memory(), address, length);
    }

    /** The thread's buffer object; to be described by {@link UserBuffer#vectors}. */
    public UserBuffer buffer() {
        return buffer;
    }

    /** The thread's object for {@code struct msghdr}. */
    MessageHeader messageHeader() {
        if (messageHeader == null) {
            messageHeader = new MessageHeader();
        }
        return messageHeader;
    }

    /** A {@code long} at {@code address}, to be asked for after {@link #readLong} said true. */
    public long word() {
        return word[0];
    }

    public boolean readLong(long address) {
        return memory().readLong(address, word);
    }

    /**
     * Reads a {@code struct timespec}.
     *
     * @return nanoseconds; {@code -EFAULT} or {@code -EINVAL} (negative seconds, or nanoseconds out of range)
     */
    public long readTimespec(long address) {
        if (!readLong(address)) {
            return -Errno.EFAULT;
        }
        long seconds = word[0];
        if (!readLong(address + 8)) {
            return -Errno.EFAULT;
        }
        long nanos = word[0];
        if (seconds < 0 || nanos < 0 || nanos >= 1_000_000_000L) {
            return -Errno.EINVAL;
        }
        return seconds > Long.MAX_VALUE / 1_000_000_000L - 1 ? Long.MAX_VALUE : seconds * 1_000_000_000L + nanos;
    }

    /** Writes a {@code struct timespec}. */
    public boolean writeTimespec(long address, long nanos) {
        return memory().writeLong(address, nanos / 1_000_000_000L)
                && memory().writeLong(address + 8, nanos % 1_000_000_000L);
    }

    // ---- blocking

    /** Whether the handler is invoked again for the same call after having slept. */
    public boolean isRetry() {
        return retry;
    }

    /** Whether the last sleep of this call ended at its deadline. */
    public boolean timedOut() {
        return retry && thread.timedOut();
    }

    /**
     * The call's deadline: {@code nanos} from its first invocation on, however often it is invoked.
     *
     * @return virtual time in nanoseconds; {@link GuestThread#FOREVER} where the sum exceeds it
     */
    public long deadlineIn(long nanos) {
        if (!hasDeadline) {
            long now = nowNanos();
            deadlineNanos = nanos >= GuestThread.FOREVER - now ? GuestThread.FOREVER : now + nanos;
            hasDeadline = true;
        }
        return deadlineNanos;
    }

    /** Something to keep until the call has been answered. */
    public void attach(Object value) {
        attachment = value;
    }

    public Object attachment() {
        return attachment;
    }

    /** Adds a queue to what the next {@link #block(long, int)} waits for. */
    public void watch(WaitQueue queue, int mask) {
        thread.watch(queue, mask);
    }

    /** Sleeps until {@code queue} is woken for {@code mask}; restarted after a handler with SA_RESTART. */
    public long block(WaitQueue queue, int mask) {
        return block(queue, mask, GuestThread.FOREVER, Errno.ERESTARTSYS);
    }

    /** As {@link #block(long, int)} for one queue. */
    public long block(WaitQueue queue, int mask, long untilNanos, int onSignal) {
        if (thread.hasDeliverableSignal()) {
            return -onSignal;
        }
        thread.watch(queue, mask);
        thread.block(untilNanos);
        return CallOutcome.BLOCKED;
    }

    /** As {@link #block(WaitQueue, int)}, where one event shall wake one of several waiters only ({@code accept(2)}). */
    public long blockExclusive(WaitQueue queue, int mask) {
        if (thread.hasDeliverableSignal()) {
            return -Errno.ERESTARTSYS;
        }
        thread.watch(queue, mask, true);
        thread.block(GuestThread.FOREVER);
        return CallOutcome.BLOCKED;
    }

    /**
     * Sleeps until something watched happens or the deadline is reached.
     *
     * @param onSignal the error where a signal is there: EINTR, ERESTARTSYS or ERESTARTNOHAND
     * @return {@link CallOutcome#BLOCKED}, or the negative error; then nothing is watched any more
     */
    public long block(long untilNanos, int onSignal) {
        if (thread.hasDeliverableSignal()) {
            thread.cancelBlock();
            return -onSignal;
        }
        thread.block(untilNanos);
        return CallOutcome.BLOCKED;
    }

    // ---- natively, and then

    /** The guest executes the call itself; {@code then} gets its result by {@link #nativeResult} and gives the final one. */
    public long nativeThen(SystemCall then) {
        continuation = then;
        channel.replyNativeReport();
        return CallOutcome.REPLIED;
    }

    /** Sets what is invoked at the guest's next crossing, which belongs to the same call. */
    public void continueWith(SystemCall then) {
        continuation = then;
    }

    /** Takes what was set by {@link #continueWith}; null for nothing. */
    public SystemCall takeContinuation() {
        SystemCall taken = continuation;
        continuation = null;
        return taken;
    }

    /** The name of the program that the thread is about to execute. */
    public void execProgram(String name) {
        execProgram = name;
    }

    public String execProgram() {
        return execProgram;
    }

    /** What follows a vfork: one of the two is invoked. */
    public interface VforkOutcome {
        /** Nothing is at its start: the native result says why, or is what was born and died. Gives the call's result. */
        long failed(CallContext context);

        /** The child is at its start and this thread is suspended. Gives what is invoked when it goes on. */
        SystemCall suspended(CallContext context);
    }

    /** A spawn was replied that suspends this thread until the child executes a program or ends. */
    public void spawnedByVfork(GuestThreadChannel child, VforkOutcome outcome) {
        vforkChild = child;
        vforkOutcome = outcome;
    }

    /** The channel of a child that was just spawned by vfork; null for none. */
    public GuestThreadChannel takeVforkChild() {
        GuestThreadChannel taken = vforkChild;
        vforkChild = null;
        return taken;
    }

    public VforkOutcome vforkOutcome() {
        return vforkOutcome;
    }

    public long nativeResult() {
        return channel.nativeResult();
    }

    // ---- new descriptors

    /**
     * Says whether the thread, if the coming handler has a result for it, goes on with that at once: no signal is to be
     * delivered first, no time passes, and nobody else wants to know the result.
     */
    public void goesOnAtOnce(boolean value) {
        goesOnAtOnce = value;
    }

    /** Gives a new object a number; the call's result is that number. */
    public long install(OpenFile file, boolean closeOnExec) {
        if (goesOnAtOnce) {
            installing(closeOnExec, file);
            channel.replyInstallAndGoOn(closeOnExec, process().descriptors().objectOf(file));
            return CallOutcome.ANSWERED;
        }
        return install(new OpenFile[] {file}, closeOnExec, context -> context.installedDescriptor(0));
    }

    /** Gives two new objects numbers and writes them as two {@code int} to {@code address}; the result is 0. */
    public long installPair(OpenFile first, OpenFile second, boolean closeOnExec, long address) {
        if (!memory().writeInt(address, -1) || !memory().writeInt(address + 4, -1)) {
            first.acquire();
            first.release();
            second.acquire();
            second.release();
            return -Errno.EFAULT;
        }
        if (goesOnAtOnce) {
            installing(closeOnExec, first, second);
            channel.replyInstallPairAndGoOn(
                    closeOnExec,
                    process().descriptors().objectOf(first),
                    process().descriptors().objectOf(second),
                    address);
            return CallOutcome.ANSWERED;
        }
        return install(new OpenFile[] {first, second}, closeOnExec, context -> {
            boolean written = context.memory().writeInt(address, context.installedDescriptor(0))
                    && context.memory().writeInt(address + 4, context.installedDescriptor(1));
            return written ? 0 : -Errno.EFAULT;
        });
    }

    /**
     * Gives objects (1 to 8) numbers. Where the guest is out of numbers they are closed and the result is {@code -EMFILE}.
     *
     * @param then invoked when they have their numbers; gives the call's result
     */
    public long install(OpenFile[] files, boolean closeOnExec, SystemCall then) {
        installing(closeOnExec, files);
        continuation = context -> {
            int first = completeInstallation();
            return first < 0 ? first : then.invoke(context);
        };
        channel.replyInstall(files.length, closeOnExec);
        return CallOutcome.REPLIED;
    }

    private void installing(boolean closeOnExec, OpenFile... files) {
        for (OpenFile file : files) {
            file.acquire();
        }
        installing = files;
        installingCloseOnExec = closeOnExec;
    }

    /**
     * Enters objects under the numbers that the guest has occupied for them, or closes them where it could not.
     *
     * @return the first number, or a negative errno
     */
    public int completeInstallation() {
        OpenFile[] installed = installing;
        installing = null;
        int first = channel.installedDescriptor(0);
        for (int i = 0; installed != null && i < installed.length; i++) {
            int number = channel.installedDescriptor(i);
            if (first >= 0 && number >= 0) {
                process().descriptors().set(number, installed[i], installingCloseOnExec);
            }
            installed[i].release();
        }
        return first;
    }

    public int installedDescriptor(int index) {
        return channel.installedDescriptor(index);
    }

    /** Keeps an object whose open waits for something, in the place of the one kept before, which is given back. */
    void opening(OpenFile file) {
        if (file != null) {
            file.acquire();
        }
        OpenFile former = opening;
        opening = file;
        if (former != null) {
            former.release();
        }
    }

    /** The object that the call is about to open; null for none. */
    OpenFile opening() {
        return opening;
    }

    /** The thread is gone: what was under way is given back. */
    public void abandon() {
        if (installing != null) {
            for (OpenFile file : installing) {
                file.release();
            }
            installing = null;
        }
        opening(null);
    }
}
