package dev.gnomon.call;

import dev.gnomon.guest.GuestProcessHandle;
import dev.gnomon.guest.GuestThreadChannel;
import dev.gnomon.kernel.GuestProcess;
import dev.gnomon.kernel.GuestThread;
import dev.gnomon.kernel.Kernel;
import dev.gnomon.network.Errno;

/** {@code fork}, {@code vfork}, {@code clone} and {@code clone3}: new threads and processes. */
public final class SpawnCalls {
    /** Makes what runs a new thread. */
    public interface ThreadStarter {
        /**
         * Gives a thread its turn and queues it.
         *
         * @param childThreadIdAddress where the thread's own id is stored in its memory before it runs; 0 for nowhere
         */
        void start(GuestThread thread, long childThreadIdAddress);
    }

    private final ThreadStarter starter;

    public SpawnCalls(ThreadStarter starter) {
        this.starter = starter;
    }

    public void register(SystemCallTable table) {
        table.register(SystemCallNumber.FORK, context -> spawn(context, CloneArguments.ofFork()));
        table.register(SystemCallNumber.VFORK, context -> spawn(context, CloneArguments.ofVfork()));
        table.register(SystemCallNumber.CLONE, context -> spawn(context, CloneArguments.ofClone(context)));
        table.register(SystemCallNumber.CLONE3, this::clone3);
    }

    private long clone3(CallContext context) {
        long[] error = new long[1];
        CloneArguments arguments = CloneArguments.ofClone3(context, error);
        return arguments == null ? error[0] : spawn(context, arguments);
    }

    private long spawn(CallContext context, CloneArguments arguments) {
        long refused = arguments.check();
        if (refused != 0) {
            if (refused == -Errno.ENOSYS) {
                context.environment()
                        .warn(
                                "unsupported-call",
                                context.process().program(),
                                "clone",
                                "clone with flags 0x" + Long.toHexString(arguments.flags()) + " is not supported");
            }
            return refused;
        }
        return arguments.isThread() ? spawnThread(context, arguments) : spawnProcess(context, arguments);
    }

    private long spawnThread(CallContext context, CloneArguments arguments) {
        GuestProcess process = context.process();
        GuestThreadChannel channel = process.handle().openThread();
        if (channel == null) {
            return -Errno.EAGAIN;
        }
        context.continueWith(after -> {
            long result = after.nativeResult();
            if (result < 0) {
                channel.close();
                return result;
            }
            GuestThread thread = process.addThread(channel, after.kernel().allocateProcessId());
            thread.blockedSignals(after.thread().blockedSignals());
            return started(after, thread, arguments);
        });
        context.channel().replySpawn(channel);
        return CallOutcome.REPLIED;
    }

    private long spawnProcess(CallContext context, CloneArguments arguments) {
        Kernel kernel = context.kernel();
        GuestProcess parent = context.process();
        GuestProcessHandle handle = parent.handle().openChild();
        if (handle == null) {
            return -Errno.EAGAIN;
        }
        GuestThreadChannel channel = handle.openThread();
        if (channel == null) {
            handle.close();
            return -Errno.EAGAIN;
        }
        context.channel().replySpawn(channel);
        SystemCall failed = after -> {
            channel.close();
            handle.close();
            return after.nativeResult();
        };
        if (!arguments.isVfork()) {
            context.continueWith(after -> {
                if (after.nativeResult() < 0) {
                    return failed.invoke(after);
                }
                GuestThread thread = addProcess(kernel, after, handle, channel, arguments);
                return started(after, thread, arguments);
            });
            return CallOutcome.REPLIED;
        }
        context.spawnedByVfork(channel, new CallContext.VforkOutcome() {
            @Override
            public long failed(CallContext after) {
                if (after.nativeResult() < 0) {
                    return failed.invoke(after);
                }
                // Born, and killed before it came to its start: the kernel has let the parent go on.
                return started(after, addProcess(kernel, after, handle, channel, arguments), arguments);
            }

            @Override
            public SystemCall suspended(CallContext after) {
                GuestThread thread = addProcess(kernel, after, handle, channel, arguments);
                thread.process().vforkParent(after.thread());
                long result = started(after, thread, arguments);
                return later -> result;
            }
        });
        return CallOutcome.REPLIED;
    }

    private static GuestThread addProcess(
            Kernel kernel,
            CallContext context,
            GuestProcessHandle handle,
            GuestThreadChannel channel,
            CloneArguments arguments) {
        int processId = kernel.allocateProcessId();
        GuestProcess parent = context.process();
        GuestProcess child = kernel.addProcess(handle, processId, parent, parent.program());
        child.exitSignal(arguments.exitSignal());
        if (arguments.has(CloneArguments.CLONE_CLEAR_SIGHAND)) {
            child.resetActionsForExec();
        }
        GuestThread forking = context.thread();
        GuestThread thread = child.addThread(channel, processId);
        thread.blockedSignals(forking.blockedSignals());
        if (!arguments.has(CloneArguments.CLONE_VM)) {
            thread.alternateStack(
                    forking.alternateStackBase(), forking.alternateStackBytes(), forking.alternateStackFlags());
        }
        return thread;
    }

    private long started(CallContext context, GuestThread thread, CloneArguments arguments) {
        if (arguments.has(CloneArguments.CLONE_CHILD_CLEARTID)) {
            thread.clearThreadIdAddress(arguments.childThreadId());
        }
        if (arguments.has(CloneArguments.CLONE_PARENT_SETTID)
                && !context.memory().writeInt(arguments.parentThreadId(), thread.threadId())) {
            context.environment()
                    .warn(
                            "bad-address",
                            context.process().program(),
                            "clone",
                            "the address for the new thread's id cannot be written");
        }
        starter.start(thread, arguments.has(CloneArguments.CLONE_CHILD_SETTID) ? arguments.childThreadId() : 0);
        return thread.threadId();
    }
}
