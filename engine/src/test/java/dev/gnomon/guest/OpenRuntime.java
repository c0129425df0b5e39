package dev.gnomon.guest;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests with real guests and without a kernel begin with: a runtime with one worker, which is the test's thread. */
abstract class OpenRuntime {
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(20);
    static final int SIGKILL = 9;

    @TempDir
    Path directory;

    PreloadRuntime runtime;

    /** The first host's block. */
    GuestHostBlock host;

    private final int hosts;

    OpenRuntime(int hosts) {
        this.hosts = hosts;
    }

    @BeforeEach
    void open() throws Exception {
        runtime = PreloadRuntime.open(GuestRuntimeConfiguration.of(hosts, 1));
        runtime.enterWorker(0);
        host = runtime.openHost(0, 0);
    }

    @AfterEach
    void close() {
        runtime.leaveWorker();
        runtime.close();
    }
}
