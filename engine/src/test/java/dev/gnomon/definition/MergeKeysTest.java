package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class MergeKeysTest {
    private static final String HEAD = """
            general: {stop_time: 10 s}
            network: {graph: {type: 1_gbit_switch}}
            """;

    @Test
    void ownKeysWinOverMergedOnesAndEarlierMappingsOverLaterOnes() {
        Definition definition = Definitions.right(HEAD + """
                x-first: &first {start_time: 1 s, args: first}
                x-second: &second {start_time: 2 s, args: second, path: sh}
                x-third: &third {<<: *second, args: third}
                hosts:
                  a:
                    network_node_id: 0
                    processes:
                      - {<<: [*first, *second], args: own}
                      - <<: *third
                      - {path: sh, <<: *first}
                      - *second
                """);
        assertThat(definition.hosts().get(0).processes())
                .extracting(ProcessDefinition::startNanos, ProcessDefinition::arguments)
                .containsExactly(
                        tuple(1_000_000_000L, List.of("own")),
                        tuple(2_000_000_000L, List.of("third")),
                        tuple(1_000_000_000L, List.of("first")),
                        tuple(2_000_000_000L, List.of("second")));
    }

    @Test
    void mergedKeysFollowOwnOnesInOrder() {
        Definition definition = Definitions.right(HEAD + """
                x-environment: &environment {B: merged, A: merged}
                hosts:
                  a: {network_node_id: 0, processes: [{path: sh, environment: {<<: *environment, C: own, A: own}}]}
                """);
        assertThat(definition.hosts().get(0).processes().get(0).environment().keySet())
                .containsExactly("C", "A", "B");
    }

    @Test
    void onlyMappingsCanBeMerged() {
        DefinitionResult result = Definitions.read(HEAD + """
                x-text: &text words
                hosts:
                  a: {network_node_id: 0, processes: [], <<: *text}
                  b: {network_node_id: 0, processes: [], <<: [{}, [x]]}
                """);
        assertThat(result.errors()).hasSize(2);
        assertThat(result.errors()).allMatch(error -> error.message().startsWith("<< merges a mapping"));
    }

    @Test
    void aQuotedArrowIsAnOrdinaryKey() {
        DefinitionResult result =
                Definitions.read(HEAD + "hosts: {a: {network_node_id: 0, processes: [], \"<<\": {}}}\n");
        assertThat(result.errors()).extracting(DefinitionError::pointer).containsExactly("/hosts/a/<<");
        assertThat(result.errors().get(0).message()).startsWith("unknown key");
    }

    @Test
    void onlyTopLevelKeysAreFree() {
        DefinitionResult result = Definitions.read(
                HEAD + "x-anything: [1, {a: b}]\nhosts: {a: {network_node_id: 0, processes: [], x-y: 1}}\n");
        assertThat(result.errors()).extracting(DefinitionError::pointer).containsExactly("/hosts/a/x-y");
    }

    @Test
    void aMistakeThatAliasesSpreadIsReportedOnce() {
        DefinitionResult result = Definitions.read(HEAD + """
                x-host: &host
                  network_node_id: zero
                  processes: [{path: sh, start_time: never}]
                hosts: {a: *host, b: *host, c: {<<: *host}}
                """);
        assertThat(result.errors())
                .extracting(DefinitionError::line, DefinitionError::pointer, DefinitionError::value)
                .containsExactly(
                        tuple(4, "/hosts/a/network_node_id", "zero"),
                        tuple(5, "/hosts/a/processes/0/start_time", "never"));
    }

    @Test
    void scalarsFollowTheCoreSchemaOfYaml12() {
        Definition definition = Definitions.right("""
                general: {stop_time: 010, seed: 0x10, parallelism: 0o10, progress: True}
                network: {graph: {type: 1_gbit_switch}}
                hosts: {on: {network_node_id: !!int '0', processes: [{path: sh, args: [on, yes, 010, 1_000]}]}}
                """);
        assertThat(definition.general().stopNanos()).isEqualTo(10_000_000_000L);
        assertThat(definition.general().seed()).isEqualTo(16);
        assertThat(definition.general().parallelism()).isEqualTo(8);
        assertThat(definition.general().progress()).isTrue();
        assertThat(definition.hosts().get(0).name()).isEqualTo("on");
        assertThat(definition.hosts().get(0).processes().get(0).arguments())
                .containsExactly("on", "yes", "010", "1_000");
    }
}
