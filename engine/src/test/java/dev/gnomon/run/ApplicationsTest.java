package dev.gnomon.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications start, are signalled, end and leave their output as processes do. */
class ApplicationsTest {
    @TempDir
    Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    private RunResult run(String hosts) throws Exception {
        return Experiments.run("""
                general: {stop_time: 10 s}
                network: {graph: {type: 1_gbit_switch}}
                hosts:
                """ + hosts.indent(2), data());
    }

    private List<Path> filesOf(String host) throws IOException {
        Path home = data().resolve("hosts").resolve(host);
        if (!Files.exists(home)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(home)) {
            return files.map(Path::getFileName).sorted().toList();
        }
    }

    @Test
    void eachSignalDoesWhatItDoesToAServer() throws Exception {
        RunResult result = run("""
                one:
                  network_node_id: 0
                  processes:
                  - {app: sink, expected_final_state: running}
                  - {app: echo, start_time: 1 s, shutdown_time: 2 s}
                  - {app: {echo: {port: 70}}, shutdown_time: 2 s, shutdown_signal: INT}
                  - {app: {echo: {port: 71}}, shutdown_time: 2 s, shutdown_signal: KILL, expected_final_state: {signaled: KILL}}
                  - {app: {echo: {port: 72}}, shutdown_time: 2 s, shutdown_signal: HUP, expected_final_state: {signaled: 1}}
                  - {app: {echo: {port: 73}}, shutdown_time: 2 s, shutdown_signal: WINCH, expected_final_state: running}
                  - {app: {sink: {protocol: udp}}, start_time: 3 s, expected_final_state: {exited: 1}}
                """);
        assertThat(result.failures()).isEmpty();
        assertThat(result.processes())
                .extracting(ProcessOutcome::actual)
                .containsExactly("running", "exited 0", "exited 0", "signaled 9", "signaled 1", "running", "exited 1");
        // Numbers are given in the order of the starts.
        assertThat(result.processes())
                .extracting(ProcessOutcome::pid)
                .containsExactly(1000, 1005, 1001, 1002, 1003, 1004, 1006);
        assertThat(result.processes().get(1).startNanos()).isEqualTo(1_000_000_000L);
        assertThat(result.processes().get(1).endNanos()).isEqualTo(2_000_000_000L);
        assertThat(result.processes().get(0).endNanos()).isEqualTo(-1);
        assertThat(Experiments.output(data(), "one", "sink.1000.stdout")).startsWith("connections: 0\n");
        assertThat(Experiments.output(data(), "one", "sink.1006.stderr"))
                .isEqualTo("cannot serve at UDP port 9: EADDRINUSE\n");
        assertThat(filesOf("one")).hasSize(14);
    }

    @Test
    void anUnexpectedEndFailsTheRun() throws Exception {
        RunResult result = run("""
                one: {network_node_id: 0, processes: [{app: {traffic: {to: two, flows: 1}}}]}
                two: {network_node_id: 0, processes: []}
                """);
        assertThat(result.succeeded()).isFalse();
        assertThat(result.failures())
                .containsExactly("one: traffic.1000 was expected to have exited 0, but has exited 1");
        assertThat(Experiments.output(data(), "one", "traffic.1000.stdout"))
                .startsWith("flows: 0 completed, 1 failed (ECONNREFUSED 1)\n");
    }

    @Test
    void programsAndApplicationsShareAHost() throws Exception {
        String script = "exec 3<> /dev/tcp/127.0.0.1/7; echo to myself >&3; read -r line <&3; echo \"$line\"";
        RunResult result = run("""
                one:
                  network_node_id: 0
                  processes:
                  - {app: echo, expected_final_state: running}
                  - {path: /bin/bash, args: [-c, '%s'], start_time: 1 s}
                  - {path: /bin/bash, args: [-c, 'echo $$'], start_time: 2 s}
                """.formatted(script));
        assertThat(result.failures()).isEmpty();
        assertThat(Experiments.output(data(), "one", "bash.1001.stdout")).isEqualTo("to myself\n");
        assertThat(Experiments.output(data(), "one", "bash.1002.stdout")).isEqualTo("1002\n");
    }

    @Test
    @Tag("needs-curl")
    @Tag("needs-python3")
    void programsTalkToApplications() throws Exception {
        RunResult result = run("""
                engine:
                  network_node_id: 0
                  processes:
                  - {app: echo, expected_final_state: running}
                  - {app: sink, expected_final_state: running}
                program:
                  network_node_id: 0
                  processes:
                  - path: /bin/bash
                    args: [-c, 'echo by curl | curl --silent --max-time 1 telnet://engine:7']
                    start_time: 1 s
                    # It waits for the server to close, which waits for curl.
                    expected_final_state: {exited: 28}
                  - path: python3
                    start_time: 3 s
                    args:
                    - -c
                    - |
                      import socket
                      datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                      datagrams.connect(("engine", 7))
                      for length in (0, 1, 1472, 60000):
                          sent = bytes(n % 251 for n in range(length))
                          datagrams.send(sent)
                          print(length, datagrams.recv(65535) == sent)
                      stream = socket.create_connection(("engine", 9))
                      stream.sendall(b"x" * 1000000)
                      stream.shutdown(socket.SHUT_WR)
                      print(stream.recv(1))
                """);
        assertThat(result.failures()).isEmpty();
        assertThat(Experiments.output(data(), "program", "bash.1000.stdout")).isEqualTo("by curl\n");
        assertThat(filesOf("program").stream().map(Path::toString).filter(name -> name.matches("python3.*stdout")))
                .singleElement()
                .satisfies(name -> assertThat(Experiments.output(data(), "program", name))
                        .isEqualTo("0 True\n1 True\n1472 True\n60000 True\nb''\n"));
        assertThat(Experiments.output(data(), "engine", "echo.1000.stdout"))
                .isEqualTo("connections: 1\nbytes: 61481 received, 61481 sent\ndatagrams: 4\n");
        assertThat(Experiments.output(data(), "engine", "sink.1001.stdout"))
                .startsWith("connections: 1\nbytes: 1000000 received, 0 sent\n");
    }

    @Test
    @Tag("needs-python3")
    void applicationsTalkToPrograms() throws Exception {
        RunResult result = run("""
                program:
                  network_node_id: 0
                  processes:
                  - path: python3
                    expected_final_state: running
                    args:
                    - -c
                    - |
                      import socket, threading
                      def answer_datagrams():
                          server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
                          server.bind(("", 77))
                          while True:
                              message, sender = server.recvfrom(65535)
                              server.sendto(message, sender)
                      def answer(client):
                          while message := client.recv(65536):
                              client.sendall(message)
                          client.close()
                      threading.Thread(target=answer_datagrams).start()
                      server = socket.create_server(("", 77), backlog=100)
                      while True:
                          threading.Thread(target=answer, args=(server.accept()[0],)).start()
                engine:
                  network_node_id: 0
                  processes:
                  - app:
                      traffic:
                        {to: program, port: 77, clients: 4, flows: 3, messages: 5, size: {uniform: {from: 1 KB, to: 200 KB}}, response: echo}
                    start_time: 2 s
                  - app:
                      traffic:
                        {to: program, port: 77, protocol: udp, clients: 2, flows: 3, messages: 5, size: 2 KB, response: echo}
                    start_time: 2 s
                """);
        assertThat(result.failures()).isEmpty();
        String streams = Experiments.output(data(), "engine", "traffic.1000.stdout");
        assertThat(streams)
                .startsWith("flows: 12 completed, 0 failed\nmessages: 60 sent, 60 answered, 0 lost\n")
                .containsPattern("bytes: ([0-9]{7,}) sent, \\1 received\n");
        assertThat(Experiments.output(data(), "engine", "traffic.1001.stdout"))
                .startsWith("flows: 6 completed, 0 failed\nmessages: 30 sent, 30 answered, 0 lost\n"
                        + "bytes: 60000 sent, 60000 received\n");
    }

    @Test
    void hostsWithoutProgramsLeaveNothingButTheirApplicationsOutput() throws Exception {
        RunResult result = run("""
                idle: {network_node_id: 0, count: 50, processes: []}
                one: {network_node_id: 0, processes: [{app: sink, expected_final_state: running}]}
                """);
        assertThat(result.failures()).isEmpty();
        assertThat(result.hosts()).isEqualTo(51);
        try (Stream<Path> hosts = Files.list(data().resolve("hosts"))) {
            assertThat(hosts.map(path -> path.getFileName().toString())).containsExactly("one");
        }
        try (Stream<Path> system = Files.list(data().resolve("system"))) {
            assertThat(system.map(path -> path.getFileName().toString())).containsExactly("all");
        }
        assertThat(Files.readAllLines(data().resolve("system/all/etc/hosts"))).hasSize(52);
    }

    /** Everything that is random in it, on hosts of several workers. */
    @Test
    void theResultDoesNotDependOnTheNumberOfWorkers() throws Exception {
        String text = """
                general: {stop_time: 20 s, seed: 5}
                host_option_defaults: {pcap_enabled: true, pcap_capture_size: 200 B}
                network:
                  graph:
                    type: gml
                    inline: |
                      graph [
                        node [ id 0 host_bandwidth_down "20 Mbit" host_bandwidth_up "20 Mbit" ]
                        edge [ source 0 target 0 latency "10 ms" jitter "5 ms" packet_loss 0.02 ]
                      ]
                hosts:
                  peer:
                    network_node_id: 0
                    count: 8
                    processes:
                    - {app: sink, expected_final_state: running}
                    - {app: echo, expected_final_state: running}
                    - app:
                        traffic:
                          to: peer
                          clients: 3
                          flow_pause: {exponential: {mean: 1 s}}
                          messages: {uniform: {from: 1, to: 9}}
                          size: {lognormal: {median: 1 KiB, sigma: 2, maximum: 1 MiB}}
                          response: {pareto: {minimum: 10 B, shape: 1, maximum: 1 MiB}}
                          rate: {uniform: {from: 1 Mbit, to: 5 Mbit}}
                          pause: {exponential: {mean: 10 ms}}
                      expected_final_state: running
                    - app: {traffic: {to: [peer1, peer2], protocol: udp, response: echo, size: 3 KB, messages: 50, timeout: 100 ms}}
                      expected_final_state: running
                """;
        String digest = null;
        for (int workers : new int[] {1, 2, 3, 1}) {
            Path data = directory.resolve("data-" + workers + "-" + digest);
            RunResult result = Experiments.run(text, data, OptionalLong.empty(), OptionalInt.of(workers));
            assertThat(result.failures()).isEmpty();
            assertThat(result.packets()).isGreaterThan(10_000);
            assertThat(digest == null ? result.digest() : digest).isEqualTo(result.digest());
            digest = result.digest();
        }
        RunResult other = Experiments.run(text, directory.resolve("other"), OptionalLong.of(6), OptionalInt.of(2));
        assertThat(other.digest()).isNotEqualTo(digest);
    }
}
