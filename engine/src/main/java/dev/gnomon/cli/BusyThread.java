package dev.gnomon.cli;

/** A thread that computes until it is closed, so that one processor is not free. */
final class BusyThread implements AutoCloseable {
    private volatile boolean closed;
    private final Thread thread = new Thread(this::compute, "gnomon-bench-busy");

    BusyThread() {
        thread.setDaemon(true);
        thread.start();
    }

    private void compute() {
        while (!closed) {
            Thread.onSpinWait();
        }
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        thread.join();
    }
}
