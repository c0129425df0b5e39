package dev.gnomon.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.guest.Mechanism;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The bundled examples give what their READMEs promise, and the same bytes under all circumstances. */
class ExamplesTest {

    @TempDir
    Path directory;

    @Test
    @Tag("needs-python3")
    @Tag("needs-curl")
    void eachClientOfTheWebExampleReceivesTheListing() throws Exception {
        ExampleRun run = Example.WEB.run(directory.resolve("data"), 1);

        run.assertSucceeded();
        for (String client : List.of("client1", "client2", "client3")) {
            String listing = run.standardOutput(client, "curl");
            assertThat(links(listing)).as("links that %s received", client).containsExactly("hello.txt", "numbers.txt");
            assertThat(listing)
                    .contains("<title>Directory listing for /</title>")
                    .endsWith("</html>\n");
        }
        assertThat(run.standardError("server", "python3").lines())
                .as("requests in the server's log")
                .hasSize(3)
                .allMatch(line ->
                        line.matches("11\\.0\\.0\\.[123] - - \\[01/Jan/2000 00:00:02] \"GET / HTTP/1\\.1\" 200 -"));
        assertThat(run.result().packets()).isGreaterThan(3 * 7);
    }

    @Test
    @Tag("needs-python3")
    @Tag("needs-curl")
    void theFileOfTheLossyTransferArrivesIntact() throws Exception {
        ExampleRun run = Example.LOSSY_TRANSFER.run(directory.resolve("data"), 1);

        run.assertSucceeded();
        byte[] arrived = Files.readAllBytes(run.hostFile("client", "data"));
        assertThat(MessageDigest.isEqual(sha256(arrived), sha256(millionNumbers())))
                .as("the bytes that arrived are those that were sent; %d of them", arrived.length)
                .isTrue();
        List<String> lines = run.standardOutput("client", "bash").lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(1)).isEqualTo(hexadecimal(sha256(millionNumbers())) + "  data");
        assertThat(lines.get(2)).isEqualTo("data: OK");
        MatchResult timing = match("10000000 bytes in ([0-9.]+) s", lines.get(0));
        // 80 Mbit over 20 Mbit/s take four seconds without any loss and header; loss makes it longer by far.
        assertThat(Double.parseDouble(timing.group(1))).isBetween(5.0, 600.0);
    }

    @Test
    void aDifferentSeedLosesDifferentPackets() throws Exception {
        ExampleRun one = Example.LOSSY_TRANSFER.run(directory.resolve("one"), 1, 1);
        ExampleRun two = Example.LOSSY_TRANSFER.run(directory.resolve("two"), 1, 2);

        one.assertSucceeded();
        two.assertSucceeded();
        assertThat(two.result().digest()).isNotEqualTo(one.result().digest());
        assertThat(two.standardOutput("client", "bash").lines().skip(1).toList())
                .as("what arrived does not depend on the seed")
                .isEqualTo(one.standardOutput("client", "bash").lines().skip(1).toList());
        assertThat(two.standardOutput("client", "bash"))
                .as("how long it took does")
                .isNotEqualTo(one.standardOutput("client", "bash"));
    }

    @Test
    void everyRoundTripOfPingPongIsTwiceTheLatencyAndTheTransmission() throws Exception {
        ExampleRun run = Example.PING_PONG.run(directory.resolve("data"), 1);

        run.assertSucceeded();
        List<String> replies = run.standardOutput("alice", "ping").lines().toList();
        assertThat(replies).hasSize(5);
        for (int number = 1; number <= 5; number++) {
            MatchResult reply = match("pong " + number + " after ([0-9.]+) ms, attempt 1", replies.get(number - 1));
            // Two times 25 ms, and four transmissions of some sixty bytes at 10 Mbit/s.
            assertThat(Double.parseDouble(reply.group(1))).isBetween(50.0, 50.5);
        }
        assertThat(run.standardOutput("bob", "pong")).isEqualTo("""
                        'ping 1' from 11.0.0.1
                        'ping 2' from 11.0.0.1
                        'ping 3' from 11.0.0.1
                        'ping 4' from 11.0.0.1
                        'ping 5' from 11.0.0.1
                        'bye' from 11.0.0.1
                        """);
    }

    @Test
    void theShellRunsPipelinesAndChildrenInVirtualTime() throws Exception {
        ExampleRun run = Example.SHELL.run(directory.resolve("data"), 1);

        run.assertSucceeded();
        List<String> outputs = run.standardOutputs("desk", "bash");
        assertThat(outputs).hasSize(2);
        assertThat(outputs.get(0)).isEqualTo("""
                        date: 2000-01-01 00:00:00
                        pipeline: 19 of a hundred numbers contain a 7
                        apple fig pear\s
                        job of 10 s ended at 00:10
                        job of 20 s ended at 00:20
                        job of 30 s ended at 00:30
                        all jobs ended at 00:30
                        subshell: 3
                        pipe status: 1 0 5
                        killed child: 143
                        read: words / by a here-string
                        """);
        assertThat(outputs.get(1)).isEmpty();
        assertThat(run.result().processes()).extracting("actual").containsExactly("exited 0", "exited 7");
    }

    @Test
    void applicationsOfTheScaleExampleServeEachOtherAndAProgram() throws Exception {
        ExampleRun run = Example.SCALE.run(directory.resolve("data"), 1);

        run.assertSucceeded();
        assertThat(run.result().hosts()).isEqualTo(200);
        assertThat(run.standardOutput("desk", "bash")).isEqualTo("echo: hello server1\necho: hello server9\n");
        long messages = 0;
        for (int home = 1; home <= 190; home++) {
            List<String> lines =
                    run.standardOutput("home" + home, "traffic").lines().toList();
            assertThat(lines.get(0)).isEqualTo("flows: 2 completed, 0 failed");
            MatchResult counts = match("messages: ([0-9]+) sent, ([0-9]+) answered, 0 lost", lines.get(1));
            assertThat(counts.group(2)).isEqualTo(counts.group(1));
            messages += Long.parseLong(counts.group(1));
            // Twice the latency between a home and the servers, less the jitter.
            MatchResult least = match("time to answer: min ([0-9.]+) ms, .*", lines.get(3));
            assertThat(Double.parseDouble(least.group(1))).isGreaterThan(24);
        }
        long received = 0;
        for (int server = 1; server <= 9; server++) {
            String summary = run.standardOutput("server" + server, "sink");
            received += Long.parseLong(summary.lines().toList().get(2).substring("messages: ".length()));
        }
        assertThat(received).as("messages that servers have received").isEqualTo(messages);
        assertThat(messages).isBetween(190 * 2L, 190 * 10L);
    }

    @ParameterizedTest
    @EnumSource
    void theResultIsTheSameAgainAndWithTwoWorkersAndUnderLoad(Example example) throws Exception {
        ExampleRun first = example.runTraced(directory.resolve("first"), 1);
        first.assertSucceeded();
        assertThat(first.deterministicFiles().keySet())
                .as("what is compared")
                .anyMatch(path -> path.endsWith(".stdout"))
                .anyMatch(path -> path.endsWith(".strace"))
                .anyMatch(path -> path.endsWith("eth0.pcap"));

        ExampleRun second = example.runTraced(directory.resolve("second"), 1);
        second.assertSameResultAs(first, "the second time");

        ExampleRun twoWorkers = example.runTraced(directory.resolve("two-workers"), 2);
        twoWorkers.assertSameResultAs(first, "with two workers");

        try (BusyProcesses load = BusyProcesses.start()) {
            ExampleRun loaded = example.runTraced(directory.resolve("loaded"), 2);
            assertThat(load.areRunning())
                    .as("the load lasted as long as the run")
                    .isTrue();
            loaded.assertSameResultAs(first, "under load");
        }
    }

    @ParameterizedTest
    @EnumSource
    void theResultIsTheSameWhoeverAnswersTheCalls(Example example) throws Exception {
        ExampleRun engine = example.runCaptured(directory.resolve("engine"), 1, false);
        engine.assertSucceeded();

        ExampleRun guests = example.runCaptured(directory.resolve("guests"), 1, true);
        guests.assertSameResultAs(engine, "answered by the guests");
        assertThat(guests.result().localCalls())
                .as("without the switch guests only read the time-stamp counter themselves")
                .isGreaterThan(engine.result().localCalls() + 20);
        assertThat(guests.result().localCalls() + guests.result().systemCalls())
                .isEqualTo(engine.result().localCalls() + engine.result().systemCalls());

        ExampleRun twoWorkers = example.runCaptured(directory.resolve("two-workers"), 2, true);
        twoWorkers.assertSameResultAs(engine, "answered by the guests of two workers");
    }

    @ParameterizedTest
    @EnumSource
    void theResultIsTheSameByEveryMechanism(Example example) throws Exception {
        ExampleRun injected = example.runCaptured(directory.resolve("inject"), Mechanism.INJECT);
        injected.assertSucceeded();

        for (Mechanism mechanism : EnumSet.complementOf(EnumSet.of(Mechanism.INJECT))) {
            String name = mechanism.name().toLowerCase(Locale.ROOT);
            example.runCaptured(directory.resolve(name), mechanism).assertSameResultAs(injected, "by " + name);
        }
    }

    private static List<String> links(String html) {
        return Pattern.compile("<li><a href=\"([^\"]*)\">")
                .matcher(html)
                .results()
                .map(link -> link.group(1))
                .toList();
    }

    private static MatchResult match(String expression, String text) {
        var matcher = Pattern.compile(expression).matcher(text);
        assertThat(matcher.matches()).as("'%s' matches %s", text, expression).isTrue();
        return matcher.toMatchResult();
    }

    /** What {@code seq -f %09.0f 1 1000000} prints. */
    private static byte[] millionNumbers() {
        StringBuilder text = new StringBuilder(10_000_000);
        IntStream.rangeClosed(1, 1_000_000)
                .forEach(number -> text.append(String.format(Locale.ROOT, "%09d%n", number)));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] sha256(byte[] bytes) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String hexadecimal(byte[] bytes) {
        return String.format(Locale.ROOT, "%064x", new BigInteger(1, bytes));
    }
}
