package dev.gnomon.guest;

import dev.gnomon.jna.NativeFile;
import dev.gnomon.jna.SwitchLibrary;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;

/**
 * The engine's end of the zygote: asks for guests, and learns from a thread of its own of every death.
 *
 * <p>A process is known here by its number in the zygote's PID namespace, from when the zygote says that it started it, or a
 * guest says that it forked it, until the zygote buried it: so long, no other process has that number.
 */
final class Zygote implements AutoCloseable {
    private static final long ANSWER_SECONDS = 600;
    private static final String UNCAUGHT = "lost the process that catches the calls that escape its shim";
    private static final int KILLED = SwitchLibrary.SIGKILL; // as wait(2) encodes it

    private final Process process;
    private final OutputStream requests;
    private final Thread reader;
    private final CompletableFuture<Event> hello = new CompletableFuture<>();
    private final List<String> notices = new ArrayList<>();

    private final Runnable whenLost;

    /**
     * Guards requests on their way. Apart from the other lock, which the reader needs: the zygote may have to be rid of its
     * events before it reads a request.
     */
    private final Object sending = new Object();

    /** Guards the maps and the counters below. */
    private final Object lock = new Object();

    private final Map<Integer, PendingRequest> pending = new HashMap<>();
    private final Map<Integer, PreloadProcess> living = new HashMap<>();
    private final Map<Integer, Death> unclaimed = new HashMap<>();
    private int lastRequest;
    private long deaths;

    /** {@link #deaths} when hybrid guests lost who catches their escaped calls; -1: never. */
    private long uncaughtUpTo = -1;

    private volatile boolean lost;

    private record Event(int type, int request, int pid, int value, int detail) {}

    private record PendingRequest(PreloadProcess process, CompletableFuture<Event> answer) {}

    /** A death of a process that no guest has told of yet. */
    private record Death(int waitStatus, long sequence) {}

    private Zygote(Process process, Runnable whenLost) {
        this.process = process;
        this.whenLost = whenLost;
        this.requests = process.getOutputStream();
        this.reader = new Thread(this::readEvents, "gnomon-zygote-reader");
        reader.setDaemon(true);
        reader.start();
    }

    /**
     * Starts the zygote.
     *
     * @param permitted {@link ZygoteProtocolDescriptor#NAMESPACES_ALL}, {@link ZygoteProtocolDescriptor#WALL}
     * @param whenLost called by the reader's thread when the zygote is gone and every guest counts as dead
     * @throws IOException where it could not start; it said why on standard error
     */
    static Zygote start(
            Arena arena,
            NativeFile program,
            NativeFile shim,
            NativeFile image,
            List<NativeFile> carried,
            int permitted,
            Optional<Path> dataDirectory,
            Runnable whenLost)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program.path(),
                Long.toString(ProcessHandle.current().pid()),
                Integer.toString(permitted),
                arena.path(),
                shim.path(),
                image.path(),
                dataDirectory.map(Path::toString).orElse("")));
        carried.forEach(file -> command.add(file.path()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().clear();
        Zygote zygote = new Zygote(builder.start(), whenLost);
        try {
            zygote.await(zygote.hello);
            return zygote;
        } catch (IOException e) {
            zygote.close();
            throw e;
        }
    }

    // ---- what the zygote says

    private void readEvents() {
        byte[] bytes = new byte[ZygoteProtocolDescriptor.EVENT_BYTES];
        ByteBuffer event = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        try (DataInputStream events = new DataInputStream(process.getInputStream())) {
            while (true) {
                events.readFully(bytes);
                accept(new Event(
                        event.getInt(ZygoteProtocolDescriptor.EVENT_TYPE_OFFSET),
                        event.getInt(ZygoteProtocolDescriptor.EVENT_REQUEST_OFFSET),
                        event.getInt(ZygoteProtocolDescriptor.EVENT_PID_OFFSET),
                        event.getInt(ZygoteProtocolDescriptor.EVENT_VALUE_OFFSET),
                        event.getInt(ZygoteProtocolDescriptor.EVENT_DETAIL_OFFSET)));
            }
        } catch (IOException e) {
            loseAll(e);
        }
    }

    private void accept(Event event) {
        switch (event.type()) {
            case ZygoteProtocolDescriptor.HELLO -> hello.complete(event);
            case ZygoteProtocolDescriptor.NOTICE -> {
                synchronized (lock) {
                    notices.add(noticeText(event));
                }
            }
            case ZygoteProtocolDescriptor.DIED -> buried(event.pid(), event.value());
            case ZygoteProtocolDescriptor.LOST -> lost(event);
            case ZygoteProtocolDescriptor.UNCAUGHT -> endUncaught();
            case ZygoteProtocolDescriptor.STARTED, ZygoteProtocolDescriptor.FAILED, ZygoteProtocolDescriptor.CHECKED ->
                answered(event);
            default -> throw new IllegalStateException("the zygote speaks another protocol: type=" + event.type());
        }
    }

    private void answered(Event event) {
        PendingRequest request;
        synchronized (lock) {
            request = pending.remove(event.request());
            if (request != null && event.type() == ZygoteProtocolDescriptor.STARTED) {
                unclaimed.remove(event.pid());
                living.put(event.pid(), request.process());
                request.process().identified(event.pid(), event.value());
            }
        }
        if (request != null) {
            request.answer().complete(event);
        }
    }

    private void buried(int pid, int waitStatus) {
        PreloadProcess dead;
        synchronized (lock) {
            deaths++;
            dead = living.remove(pid);
            if (dead == null) {
                unclaimed.put(pid, new Death(waitStatus, deaths));
            }
        }
        if (dead != null) {
            dead.died(waitStatus);
        }
    }

    private void lost(Event event) {
        PreloadProcess process;
        synchronized (lock) {
            process = living.get(event.pid());
        }
        if (process != null) {
            process.lost(lossText(event));
        }
    }

    private static String lossText(Event event) {
        int value = event.value();
        return switch (event.detail()) {
            case ZygoteProtocolDescriptor.LOSS_UNEXPECTED ->
                notInjected("it executed a program without having asked", value);
            case ZygoteProtocolDescriptor.LOSS_32_BITS -> notInjected("it executed a 32-bit program", value);
            case ZygoteProtocolDescriptor.LOSS_NO_VDSO -> notInjected("the kernel gave it no vDSO", value);
            case ZygoteProtocolDescriptor.LOSS_ESCAPED ->
                "a call escaped the shim in a thread that has none: call=" + value;
            case ZygoteProtocolDescriptor.LOSS_ESCAPED_UNTRACED ->
                "a call escaped the shim, and the kernel refused to let its thread be traced: call=" + value;
            case ZygoteProtocolDescriptor.LOSS_UNCAUGHT -> UNCAUGHT;
            default -> notInjected("its memory could not be reached", value);
        };
    }

    private static String notInjected(String why, int error) {
        return "the shim could not be injected: " + why + ": " + SwitchLibrary.errorText(error);
    }

    /** Nobody catches the escaped calls of hybrid guests any more, which would get wrong answers. */
    private void endUncaught() {
        List<PreloadProcess> uncaught;
        synchronized (lock) {
            uncaughtUpTo = deaths;
            uncaught = living.values().stream()
                    .filter(process -> process.mechanism() == Mechanism.HYBRID)
                    .toList();
        }
        uncaught.forEach(process -> process.misbehaved(UNCAUGHT));
    }

    /** The zygote is gone, and every guest with it. */
    private void loseAll(IOException reason) {
        List<PreloadProcess> dead;
        List<PendingRequest> unanswered;
        synchronized (lock) {
            lost = true;
            dead = List.copyOf(living.values());
            living.clear();
            unanswered = List.copyOf(pending.values());
            pending.clear();
        }
        dead.forEach(one -> one.died(KILLED));
        unanswered.forEach(one -> one.answer().completeExceptionally(reason));
        hello.completeExceptionally(reason);
        whenLost.run();
    }

    /** Whether the zygote is gone. No guest lives any more. */
    boolean isLost() {
        return lost;
    }

    private static String noticeText(Event event) {
        String reason = SwitchLibrary.errorText(event.value());
        return switch (event.detail()) {
            case ZygoteProtocolDescriptor.NOTICE_NAMESPACES ->
                "guests run without namespaces of their own, because the kernel refused them: " + reason;
            case ZygoteProtocolDescriptor.NOTICE_SHARED_MEMORY ->
                "guests have no /dev/shm of their own, because the kernel refused it: " + reason;
            case ZygoteProtocolDescriptor.NOTICE_RANDOMIZE ->
                "addresses of guests stay random, because the kernel refused to fix them: " + reason;
            case ZygoteProtocolDescriptor.NOTICE_DATA ->
                "guests see the data directory's own path, which may differ from run to run, because the kernel refused"
                        + " another: " + reason;
            case ZygoteProtocolDescriptor.NOTICE_TRACE ->
                "the shim cannot be injected, because the kernel refused to let the zygote trace its children: "
                        + reason;
            case ZygoteProtocolDescriptor.NOTICE_WALL ->
                "no filter stands behind the shim, because the kernel refused it: " + reason;
            default -> "notice " + event.detail() + " of the zygote: " + reason;
        };
    }

    // ---- what the engine asks

    /** The process that guests find arena and shim at, as {@code /proc} shows it. */
    int processId() throws IOException {
        return await(hello).pid();
    }

    int namespaces() throws IOException {
        return await(hello).value();
    }

    List<String> notices() {
        synchronized (lock) {
            return List.copyOf(notices);
        }
    }

    /**
     * What a guest is started with.
     *
     * @param copies how often it may be copied at its entry point, where it stops if this is not 0
     */
    record Start(
            Mechanism mechanism,
            int host,
            int thread,
            int cpu,
            int copies,
            String program,
            String directory,
            String input,
            String output,
            String error,
            List<String> arguments,
            List<String> environment) {}

    /** A guest that was asked for. */
    final class Spawn {
        private final Start start;
        private final CompletableFuture<Event> answer;

        private Spawn(Start start, CompletableFuture<Event> answer) {
            this.start = start;
            this.answer = answer;
        }

        /**
         * Returns when the guest's process executes its program; it may not have come to its first stop yet.
         *
         * @return with {@link Mechanism#NOTIFY} the zygote's descriptor of the listener
         */
        int await() throws GuestStartException {
            Event event;
            try {
                event = Zygote.this.await(answer);
            } catch (IOException e) {
                throw new GuestStartException(
                        "cannot start " + start.program() + ": the zygote is gone: " + e.getMessage());
            }
            if (event.type() != ZygoteProtocolDescriptor.STARTED) {
                throw new GuestStartException(failureText(start, event));
            }
            return event.detail();
        }
    }

    /** Asks for a guest, which {@code guest} stands for from now on. */
    Spawn spawn(PreloadProcess guest, Start start) throws GuestStartException {
        List<String> strings = new ArrayList<>(
                List.of(start.program(), start.directory(), start.input(), start.output(), start.error()));
        strings.addAll(start.arguments());
        strings.addAll(start.environment());
        List<byte[]> encoded = new ArrayList<>(strings.size());
        int length = ZygoteProtocolDescriptor.SPAWN_HEADER_BYTES;
        for (String string : strings) {
            if (string.indexOf('\0') >= 0) {
                throw new GuestStartException("cannot start " + start.program() + ": a string holds a NUL character");
            }
            byte[] bytes = string.getBytes(StandardCharsets.UTF_8);
            encoded.add(bytes);
            length = Math.addExact(length, bytes.length + 1);
        }
        if (length > ZygoteProtocolDescriptor.REQUEST_LIMIT_BYTES) {
            throw new GuestStartException("cannot start " + start.program()
                    + ": arguments and environment are too long: bytes=" + length + ", limit="
                    + ZygoteProtocolDescriptor.REQUEST_LIMIT_BYTES);
        }
        ByteBuffer message = message(ZygoteProtocolDescriptor.SPAWN, length);
        try {
            CompletableFuture<Event> answer = ask(guest, message, request -> {
                message.putInt(request)
                        .putInt(0)
                        .putInt(start.host())
                        .putInt(guest.page())
                        .putInt(start.thread())
                        .putInt(start.cpu())
                        .putInt(start.arguments().size())
                        .putInt(start.environment().size())
                        .putInt(ZygoteProtocolDescriptor.numberOf(start.mechanism()))
                        .putInt(start.copies());
                encoded.forEach(bytes -> message.put(bytes).put((byte) 0));
            });
            return new Spawn(start, answer);
        } catch (IOException e) {
            throw new GuestStartException(
                    "cannot start " + start.program() + ": the zygote is gone: " + e.getMessage());
        }
    }

    private static String failureText(Start start, Event failure) {
        String what = switch (failure.detail()) {
            case ZygoteProtocolDescriptor.STEP_FORK -> "cannot create a process for " + start.program();
            case ZygoteProtocolDescriptor.STEP_DIRECTORY -> "cannot enter the working directory " + start.directory();
            case ZygoteProtocolDescriptor.STEP_INPUT -> "cannot open standard input " + start.input();
            case ZygoteProtocolDescriptor.STEP_OUTPUT -> "cannot open standard output " + start.output();
            case ZygoteProtocolDescriptor.STEP_ERROR -> "cannot open standard error " + start.error();
            case ZygoteProtocolDescriptor.STEP_TRACE -> "cannot be traced, to inject the shim into " + start.program();
            case ZygoteProtocolDescriptor.STEP_NOTIFY ->
                "cannot install a seccomp filter with a listener, to start " + start.program();
            case ZygoteProtocolDescriptor.STEP_WALL -> "cannot put a filter of calls behind the shim";
            case ZygoteProtocolDescriptor.STEP_EXECUTE -> "cannot execute " + start.program();
            default -> "the zygote refused the request for " + start.program();
        };
        return what + ": " + SwitchLibrary.errorText(failure.value());
    }

    /** How many processes were buried so far; for {@link #adopt}. */
    long deaths() {
        synchronized (lock) {
            return deaths;
        }
    }

    /**
     * Takes note of a process that a guest says it forked.
     *
     * @param since {@link #deaths} before the guest could fork: older deaths were of others with the same number
     * @return whether no other process goes by the number
     */
    boolean adopt(PreloadProcess guest, int pid, long since) {
        Death death;
        boolean uncaught;
        synchronized (lock) {
            if (pid <= 1 || living.containsKey(pid)) {
                return false;
            }
            guest.identified(pid, 0);
            death = unclaimed.remove(pid);
            uncaught = guest.mechanism() == Mechanism.HYBRID && since <= uncaughtUpTo;
            if (lost) {
                death = new Death(KILLED, deaths + 1);
            } else if (death == null || death.sequence() <= since) {
                living.put(pid, guest);
                death = null;
            }
        }
        if (death != null) {
            guest.died(death.waitStatus());
        } else if (uncaught) {
            guest.misbehaved(UNCAUGHT);
        }
        return true;
    }

    /** Says that a guest is allowed to execute a program, before it hears so itself. */
    void expect(int pid, int host, int process, int thread) {
        try {
            send(message(ZygoteProtocolDescriptor.EXPECT, ZygoteProtocolDescriptor.PLACE_BYTES)
                    .putInt(0)
                    .putInt(pid)
                    .putInt(host)
                    .putInt(process)
                    .putInt(thread));
        } catch (IOException e) {
            // The zygote is gone, and took the process with it; the reader sees the same.
        }
    }

    /** Kills the process with SIGKILL where the zygote is its parent and has not buried it. */
    void kill(int pid) {
        try {
            send(message(ZygoteProtocolDescriptor.KILL, 8).putInt(0).putInt(pid));
        } catch (IOException e) {
            // The zygote is gone, and took the process with it; the reader sees the same.
        }
    }

    /** Says that the engine has a listener of its own, in place of the zygote's. */
    void taken(int descriptor) {
        try {
            send(message(ZygoteProtocolDescriptor.TAKEN, 8).putInt(0).putInt(descriptor));
        } catch (IOException e) {
            // The zygote is gone, and its descriptors with it.
        }
    }

    /** The process as {@code /proc} shows it, 0 where the zygote has no such child. */
    int check(int pid) {
        ByteBuffer message = message(ZygoteProtocolDescriptor.CHECK, 8);
        try {
            return await(ask(null, message, request -> message.putInt(request).putInt(pid)))
                    .value();
        } catch (IOException e) {
            return 0;
        }
    }

    private static ByteBuffer message(int type, int length) {
        return ByteBuffer.allocate(ZygoteProtocolDescriptor.REQUEST_HEADER_BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(length);
    }

    private CompletableFuture<Event> ask(PreloadProcess guest, ByteBuffer message, IntConsumer fill)
            throws IOException {
        CompletableFuture<Event> answer = new CompletableFuture<>();
        int request;
        synchronized (lock) {
            if (lost) {
                throw new IOException("it ended before");
            }
            request = ++lastRequest;
            pending.put(request, new PendingRequest(guest, answer));
        }
        fill.accept(request);
        send(message);
        return answer;
    }

    private void send(ByteBuffer message) throws IOException {
        synchronized (sending) {
            requests.write(message.array(), 0, message.position());
            requests.flush();
        }
    }

    private Event await(CompletableFuture<Event> answer) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw new IOException("the zygote ended", e.getCause());
                } catch (TimeoutException e) {
                    throw new IOException("the zygote does not answer: seconds=" + ANSWER_SECONDS, e);
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    long guardianProcessId() {
        return process.pid();
    }

    /** Ends the zygote and with it every guest; returns when all are gone. */
    @Override
    public void close() {
        boolean interrupted = false;
        try {
            requests.close();
        } catch (IOException e) {
            // It is gone already, which is what closing is for.
        }
        while (process.isAlive() || reader.isAlive()) {
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                reader.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
