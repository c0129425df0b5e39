package dev.gnomon.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each benchmark once, tiny: that it works and what it counts, never how long anything takes. */
class BenchmarksTest {
    private static Map<String, Figure> measure(String name) throws Exception {
        try (Workbench bench = new Workbench(true)) {
            Benchmark benchmark = Benchmarks.all(bench).stream()
                    .filter(one -> one.name().equals(name))
                    .findFirst()
                    .orElseThrow();
            List<Figure> figures = benchmark.measure(bench);
            assertThat(figures).isNotEmpty().allSatisfy(figure -> {
                assertThat(figure.value()).as(figure.name()).isFinite().isGreaterThanOrEqualTo(0);
                assertThat(figure.name()).isNotBlank();
            });
            return figures.stream().collect(Collectors.toMap(Figure::name, Function.identity()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"events", "start", "soak", "stress"})
    void runs(String name) throws Exception {
        assertThat(measure(name)).hasSizeGreaterThan(2);
    }

    @Test
    void callsAnsweredInTheGuestAreMeasuredBesideTheKernels() throws Exception {
        assertThat(measure("local")).containsKeys("read 1, in the guest", "read 1, natively", "getpid, in the guest");
    }

    @Test
    void everyByteOfTheFlowArrives() throws Exception {
        Map<String, Figure> figures = measure("bulk");
        assertThat(figures.get("bytes moved at 1 Gbit/s").value()).isGreaterThan(65_536);
    }

    @Test
    void pholdSendsTheSameMessagesWithOneWorkerAndWithTwo() throws Exception {
        Map<String, Figure> figures = measure("phold");
        assertThat(figures.get("messages, 1 worker, one processor").value())
                .isEqualTo(figures.get("messages, 2 workers").value())
                .isGreaterThan(12);
    }

    @Test
    @Tag("needs-nginx")
    void nginxAnswersEveryRequest() throws Exception {
        Map<String, Figure> figures = measure("web");
        assertThat(figures.get("requests, small file").value()).isEqualTo(20);
        assertThat(figures.get("share of socket calls answered in the guests, small file")
                        .value())
                .isGreaterThan(40);
    }

    @Test
    @Tag("needs-redis-server")
    void redisAnswersEveryRequest() throws Exception {
        Map<String, Figure> figures = measure("redis");
        assertThat(figures.get("share of socket calls answered in the guests, SET and GET")
                        .value())
                .isGreaterThan(40);
    }
}
