package dev.gnomon.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code web}: nginx with master and worker, and clients that keep 100 connections busy with small and large files. */
final class WebBenchmark implements Benchmark {
    private static final int SMALL_BYTES = 1024;
    private static final int LARGE_BYTES = 1 << 20;
    private static final long PATIENCE_MILLIS = 10_000;

    @Override
    public String name() {
        return "web";
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        Path nginx = Workbench.installed("/usr/sbin/nginx", "/usr/bin/nginx");
        Path files = Files.createDirectories(bench.directory().resolve("files"));
        Files.write(files.resolve("small"), new byte[SMALL_BYTES]);
        Files.write(files.resolve("large"), new byte[LARGE_BYTES]);
        List<Figure> figures = new ArrayList<>();
        measure(bench, figures, nginx, "small", "0 s", bench.size(20_000, 20));
        measure(bench, figures, nginx, "large", "0 s", bench.size(500, 4));
        measure(bench, figures, nginx, "large", "100 us", bench.size(500, 4));
        return figures;
    }

    /** As Debian ships it where it matters: a master, workers, sendfile, full packets. */
    private static Path configuration(Workbench bench, int port) throws IOException {
        Path file = bench.directory().resolve("nginx." + port + ".conf");
        return Files.writeString(file, """
                worker_processes 1;
                pid %1$s/nginx.%2$d.pid;
                error_log stderr;
                events { worker_connections 768; }
                http {
                  access_log off;
                  sendfile on;
                  tcp_nopush on;
                  keepalive_requests 1000000;
                  server { listen %2$d; root %1$s/files; }
                }
                """.formatted(bench.directory(), port));
    }

    private void measure(
            Workbench bench, List<Figure> figures, Path nginx, String file, String interruptInterval, int requests)
            throws IOException, InterruptedException, BenchmarkFailedException {
        int connections = bench.size(100, 5);
        String experiment = """
                general: {stop_time: 10 min}
                network: {graph: {type: 1_gbit_switch}}
                host_option_defaults: {interrupt_interval: %s}
                hosts:
                  server:
                    network_node_id: 0
                    processes:
                      - {path: %s, args: ['-c', '%s', '-g', 'daemon off; user root;'], shutdown_time: 590 s, shutdown_signal: SIGQUIT}
                  client:
                    network_node_id: 0
                    processes:
                      - {path: %s, args: 'server 80 /%s %d %d', start_time: 1 s}
                """.formatted(
                        interruptInterval,
                        nginx,
                        configuration(bench, 80),
                        bench.program("http-client"),
                        file,
                        connections,
                        requests);
        Workbench.Outcome outcome = bench.run(experiment, 2);
        double natively = natively(bench, nginx, file, connections, requests);
        String gathered = interruptInterval.equals("0 s") ? "" : ", interrupts " + interruptInterval + " apart";
        ServedRequests.add(figures, file + " file" + gathered, requests, outcome, natively);
        bench.discard(outcome);
    }

    private static double natively(Workbench bench, Path nginx, String file, int connections, int requests)
            throws IOException, InterruptedException, BenchmarkFailedException {
        int port = freePort();
        Process server = new ProcessBuilder(
                        nginx.toString(), "-c", configuration(bench, port).toString(), "-g", "daemon off; user root;")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            awaitPort(port);
            String said = bench.runNatively(List.of(
                    bench.program("http-client").toString(),
                    "127.0.0.1",
                    Integer.toString(port),
                    "/" + file,
                    Integer.toString(connections),
                    Integer.toString(requests)));
            return Double.parseDouble(said.strip().split(" ")[5]);
        } finally {
            server.destroy();
            server.waitFor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    static void awaitPort(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
        while (true) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }
}
