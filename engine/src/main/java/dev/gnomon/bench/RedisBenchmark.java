package dev.gnomon.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code redis}: redis-server, and redis-benchmark with 50 connections. */
final class RedisBenchmark implements Benchmark {
    @Override
    public String name() {
        return "redis";
    }

    @Override
    public List<Figure> measure(Workbench bench) throws IOException, InterruptedException, BenchmarkFailedException {
        Path server = Workbench.installed("/usr/bin/redis-server", "/usr/local/bin/redis-server");
        Path client = Workbench.installed("/usr/bin/redis-benchmark", "/usr/local/bin/redis-benchmark");
        int requests = bench.size(20_000, 50);
        int connections = bench.size(50, 5);
        String experiment = """
                general: {stop_time: 10 min}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                  server:
                    network_node_id: 0
                    processes:
                      - {path: %s, args: ['--save', '', '--protected-mode', 'no'], expected_final_state: running}
                  client:
                    network_node_id: 0
                    processes:
                      - {path: %s, args: '-h server -c %d -n %d -t set,get -q', start_time: 1 s}
                """.formatted(server, client, connections, requests);
        Workbench.Outcome outcome = bench.run(experiment, 2);
        List<Figure> figures = new ArrayList<>();
        ServedRequests.add(
                figures, "SET and GET", 2L * requests, outcome, natively(bench, server, client, connections, requests));
        bench.discard(outcome);
        return figures;
    }

    private static double natively(Workbench bench, Path server, Path client, int connections, int requests)
            throws IOException, InterruptedException, BenchmarkFailedException {
        int port = WebBenchmark.freePort();
        Process process = new ProcessBuilder(
                        server.toString(), "--save", "", "--port", Integer.toString(port), "--bind", "127.0.0.1")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .directory(bench.directory().toFile())
                .start();
        try {
            WebBenchmark.awaitPort(port);
            long start = System.nanoTime();
            bench.runNatively(List.of(
                    client.toString(),
                    "-p",
                    Integer.toString(port),
                    "-c",
                    Integer.toString(connections),
                    "-n",
                    Integer.toString(requests),
                    "-t",
                    "set,get",
                    "-q"));
            return (System.nanoTime() - start) / 1e9;
        } finally {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
        }
    }
}
