package dev.gnomon.call;

import dev.gnomon.guest.EntryPoint;
import dev.gnomon.guest.GuestLog;
import dev.gnomon.guest.GuestMemory;
import dev.gnomon.guest.GuestObject;
import dev.gnomon.guest.GuestThreadChannel;

/**
 * A guest's side in memory: holds a call, and gives out placeholder numbers as the kernel would. No guest runs behind it: what
 * only a real one does fails the test that asks for it.
 */
final class TestChannel implements GuestThreadChannel {
    private final GuestMemory memory;
    private final java.util.function.IntSupplier lowestFree;
    private final long[] arguments = new long[6];
    private final int[] installed = new int[8];
    private int number;

    TestChannel(GuestMemory memory, java.util.function.IntSupplier lowestFree) {
        this.memory = memory;
        this.lowestFree = lowestFree;
    }

    void call(int callNumber, long... values) {
        number = callNumber;
        java.util.Arrays.fill(arguments, 0);
        System.arraycopy(values, 0, arguments, 0, values.length);
    }

    @Override
    public Stop resume(long timeoutNanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Stop await(long timeoutNanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EntryPoint entryPoint() {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean resumeVfork(GuestThreadChannel child, long timeoutNanos) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Phase phase() {
        return Phase.NEW_CALL;
    }

    @Override
    public int callNumber() {
        return number;
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    @Override
    public long nativeResult() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int installedDescriptor(int index) {
        return installed[index];
    }

    @Override
    public long instructionPointer() {
        return 0;
    }

    @Override
    public long stackPointer() {
        return 0;
    }

    @Override
    public void faultInformation(byte[] siginfo) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean takeLocalCalls() {
        return false;
    }

    @Override
    public int localCalls() {
        return 0;
    }

    @Override
    public int localTimeCalls() {
        return 0;
    }

    @Override
    public GuestLog openLog() {
        return null;
    }

    @Override
    public int takeCompleted() {
        return 0;
    }

    @Override
    public long blockedSignals() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void allowLocalCalls(int calls, long unappliedNanos) {}

    @Override
    public void showSignals(long blocked, long pending) {}

    @Override
    public void showThreadId(int threadId) {}

    @Override
    public GuestMemory memory() {
        return memory;
    }

    @Override
    public void replyResult(long value) {}

    @Override
    public void replyNative() {}

    @Override
    public void replyNativeReport() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replyNativePath(int argumentIndex, byte[] path, boolean report) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replyInstall(int count, boolean closeOnExec) {
        int next = lowestFree.getAsInt();
        for (int i = 0; i < count; i++) {
            installed[i] = next + i;
        }
    }

    @Override
    public void replyInstallAndGoOn(boolean closeOnExec, GuestObject object) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replyInstallPairAndGoOn(boolean closeOnExec, GuestObject first, GuestObject second, long address) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replySpawn(GuestThreadChannel child) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replyExec() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void replyExitThread(int status) {}

    @Override
    public void replyExitProcess(int status) {}

    @Override
    public void replyDie(int signal) {}

    @Override
    public void deliverSignal(
            int signal,
            long handler,
            long flags,
            long restorer,
            long savedMask,
            long stackBase,
            long stackBytes,
            byte[] siginfo,
            boolean restart) {}

    @Override
    public int realProcessId() {
        return (int) ProcessHandle.current().pid();
    }

    @Override
    public int machineProcessId() {
        return (int) ProcessHandle.current().pid();
    }

    @Override
    public int realThreadId() {
        return realProcessId();
    }

    @Override
    public void close() {}
}
