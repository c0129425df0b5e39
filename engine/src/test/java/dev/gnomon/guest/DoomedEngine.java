package dev.gnomon.guest;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a JVM that tests kill while it runs guests: starts so many as the second argument says, with the first
 * among their arguments, says "ready", and answers them without end.
 */
final class DoomedEngine {
    private DoomedEngine() {}

    public static void main(String[] arguments) throws Exception {
        String mark = arguments[0];
        int guests = Integer.parseInt(arguments[1]);
        boolean namespaces = Boolean.parseBoolean(arguments[2]);
        PreloadRuntime runtime = PreloadRuntime.open(GuestRuntimeConfiguration.of(1, 1)
                .withShim(NativeTarget.shipped("libgnomon-switch.so"))
                .withNamespaces(namespaces));
        runtime.enterWorker(0);
        GuestHostBlock host = runtime.openHost(0, 0);
        GuestThreadChannel[] threads = new GuestThreadChannel[guests];
        for (int n = 0; n < guests; n++) {
            threads[n] = host.start(new GuestHostBlock.StartRequest(
                            Mechanism.PRELOAD,
                            NativeTarget.guest("slot-player"),
                            List.of("slot-player", "spin", mark),
                            List.of(),
                            Path.of("/"),
                            Path.of("/dev/null"),
                            Path.of("/dev/null")))
                    .thread();
            threads[n].await(TimeUnit.SECONDS.toNanos(20));
            threads[n].replyResult(0);
        }
        System.out.println("ready");
        System.out.flush();
        while (true) {
            for (GuestThreadChannel thread : threads) {
                thread.resume(TimeUnit.SECONDS.toNanos(20));
                thread.replyResult(0);
            }
        }
    }
}
