package dev.gnomon.service.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.service.ScriptedExecutor;
import dev.gnomon.service.ServiceTest;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class ExperimentApiTest extends ServiceTest {

    private static final String EXPERIMENTS = "/api/v1/experiments";
    private static final int LIMIT_BYTES = 16 << 20;

    @Test
    void aRightDefinitionIsStoredAndShown() throws Exception {
        String name = freshName();
        String text = definition(name);
        HttpResponse<String> created = post(EXPERIMENTS, "application/yaml", text);

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode view = json(created);
        String id = view.path("id").asString();
        assertThat(created.headers().firstValue("Location")).hasValue(EXPERIMENTS + "/" + id);
        assertThat(view.path("name").asString()).isEqualTo(name);
        assertThat(view.path("description").asString()).isEqualTo("Two hosts, nothing else.");
        assertThat(view.path("tags").toString()).isEqualTo("[\"small\",\"test\"]");
        assertThat(view.path("hosts").asInt()).isEqualTo(2);
        assertThat(view.path("processes").asInt()).isEqualTo(2);
        assertThat(view.path("stopTime").asString()).isEqualTo("10 s");
        assertThat(view.path("runs").asInt()).isZero();
        assertThat(view.path("sha256").asString())
                .isEqualTo(ScriptedExecutor.sha256(text.getBytes(StandardCharsets.UTF_8)));
        assertThat(Instant.parse(view.path("createdAt").asString()))
                .isBetween(Instant.now().minus(Duration.ofMinutes(1)), Instant.now());

        assertThat(json(get(EXPERIMENTS + "/" + id))).isEqualTo(view);
        HttpResponse<String> definition = get(EXPERIMENTS + "/" + id + "/definition");
        assertThat(definition.body()).isEqualTo(text);
        assertThat(definition.headers().firstValue("Content-Type")).hasValue("application/yaml;charset=UTF-8");
    }

    @Test
    void theSameTreeAsJsonIsStoredAsJson() throws Exception {
        String text = """
                {"general": {"stop_time": "1500 ms"}, "network": {"graph": {"type": "1_gbit_switch"}},
                 "hosts": {"alone": {"network_node_id": 0, "processes": [{"path": "/bin/true"}]}}}""";
        HttpResponse<String> created = post(EXPERIMENTS, "application/json", text);

        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        JsonNode view = json(created);
        assertThat(view.path("name").asString()).isEqualTo("untitled");
        assertThat(view.path("stopTime").asString()).isEqualTo("1500 ms");
        HttpResponse<String> definition =
                get(EXPERIMENTS + "/" + view.path("id").asString() + "/definition");
        assertThat(definition.body()).isEqualTo(text);
        assertThat(definition.headers().firstValue("Content-Type")).hasValue("application/json;charset=UTF-8");
    }

    @Test
    void everyMistakeIsReportedWhereItIs() throws Exception {
        String text = """
                general:
                  stop_time: soon
                  sede: 3
                network:
                  graph:
                    type: 1_gbit_switch
                hosts:
                  client:
                    network_node_id: 4
                    processes:
                      - path: /bin/true
                """;
        JsonNode problem = problem(post(EXPERIMENTS, "application/yaml", text), 422);

        assertThat(problem.path("type").asString()).isEqualTo("urn:gnomon:problem:invalid-definition");
        assertThat(StreamSupport.stream(problem.path("errors").spliterator(), false)
                        .map(error -> error.path("line").asInt()))
                .containsExactly(2, 3, 9);
        JsonNode first = problem.path("errors").get(0);
        assertThat(first.path("pointer").asString()).isEqualTo("/general/stop_time");
        assertThat(first.path("column").asInt()).isEqualTo(14);
        assertThat(first.path("value").asString()).isEqualTo("soon");
        assertThat(first.path("message").asString()).isNotBlank();
    }

    @ParameterizedTest
    @ValueSource(strings = {"general: [1, 2", "a: b: c", "\"never closed", "general:\n\t- tab", "%"})
    void whatIsNotYamlIsRefusedAs400(String text) throws Exception {
        JsonNode problem = problem(post(EXPERIMENTS, "application/yaml", text), 400);
        assertThat(problem.path("errors").get(0).path("line").asInt()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"general\": ", "general: {}", "{} {}", "{'a': 1}", "{\"a\": 01}", " "})
    void whatIsNotJsonIsRefusedAs400EvenIfItIsYaml(String text) throws Exception {
        JsonNode problem = problem(post(EXPERIMENTS, "application/json", text), 400);
        assertThat(problem.path("type").asString()).isEqualTo("urn:gnomon:problem:malformed-definition");
        assertThat(problem.path("errors").get(0).path("line").asInt()).isPositive();
    }

    @Test
    void deeplyNestedJsonAndAliasesThatMultiplyAreRefused() throws Exception {
        problem(post(EXPERIMENTS, "application/json", "[".repeat(100_000)), 400);
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int level = 1; level < 12; level++) {
            String inner = "*a" + (level - 1);
            laughs.append("a%d: &a%d [%s]\n"
                    .formatted(
                            level, level, String.join(", ", Arrays.asList(inner, inner, inner, inner, inner, inner))));
        }
        problem(post(EXPERIMENTS, "application/yaml", laughs.toString()), 422);
    }

    @Test
    void anEmptyFileIsWrong() throws Exception {
        problem(post(EXPERIMENTS, "application/yaml", "# nothing\n"), 422);
    }

    @Test
    void noBodyIsRefused() throws Exception {
        problem(
                send(request(EXPERIMENTS)
                        .header("Content-Type", "application/yaml")
                        .POST(BodyPublishers.noBody())),
                400);
    }

    @Test
    void bytesThatAreNotUtf8AreRefusedWhereTheyAre() throws Exception {
        byte[] body = "general:\n  x: ".getBytes(StandardCharsets.UTF_8);
        byte[] broken = Arrays.copyOf(body, body.length + 1);
        broken[body.length] = (byte) 0xff;
        JsonNode problem = problem(
                send(request(EXPERIMENTS)
                        .header("Content-Type", "application/yaml")
                        .POST(BodyPublishers.ofByteArray(broken))),
                400);
        assertThat(problem.path("errors").get(0).path("line").asInt()).isEqualTo(2);
        assertThat(problem.path("errors").get(0).path("column").asInt()).isEqualTo(6);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "nonsense",
                "application/octet-stream",
                "application/yaml; charset=iso-8859-1"
            })
    void otherContentTypesAreRefused(String type) throws Exception {
        problem(post(EXPERIMENTS, type, definition(freshName())), 415);
    }

    @Test
    void aMissingContentTypeIsRefused() throws Exception {
        problem(send(request(EXPERIMENTS).POST(BodyPublishers.ofString(definition(freshName())))), 415);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/yaml", "application/x-yaml", "application/yaml; charset=UTF-8"})
    void otherNamesOfYamlAreAccepted(String type) throws Exception {
        assertThat(post(EXPERIMENTS, type, definition(freshName())).statusCode())
                .isEqualTo(201);
    }

    @Test
    void aBodyOverTheLimitIsRefusedWhetherItsLengthIsSaidOrNot() throws Exception {
        byte[] body = new byte[LIMIT_BYTES + 1];
        Arrays.fill(body, (byte) '#');
        problem(
                send(request(EXPERIMENTS)
                        .header("Content-Type", "application/yaml")
                        .POST(BodyPublishers.ofByteArray(body))),
                413);
        problem(
                send(request(EXPERIMENTS)
                        .header("Content-Type", "application/yaml")
                        .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))),
                413);
    }

    @Test
    void aBodyAtTheLimitIsRead() throws Exception {
        String text = definition(freshName());
        byte[] body = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), LIMIT_BYTES);
        Arrays.fill(body, text.length(), body.length, (byte) '\n');
        HttpResponse<String> response = send(
                request(EXPERIMENTS).header("Content-Type", "application/yaml").POST(BodyPublishers.ofByteArray(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(201);
        String id = json(response).path("id").asString();
        assertThat(get(EXPERIMENTS + "/" + id + "/definition").body()).hasSize(LIMIT_BYTES);
    }

    @Test
    void validationStoresNothing() throws Exception {
        long before = json(get(EXPERIMENTS)).path("total").asLong();
        JsonNode right = json(post(EXPERIMENTS + "/validate", "application/yaml", definition(freshName())));
        assertThat(right.path("valid").asBoolean()).isTrue();
        assertThat(right.path("errors")).isEmpty();

        JsonNode wrong = json(post(EXPERIMENTS + "/validate", "application/yaml", "general: {}\n"));
        assertThat(wrong.path("valid").asBoolean()).isFalse();
        assertThat(wrong.path("errors")).isNotEmpty();

        JsonNode broken = json(post(EXPERIMENTS + "/validate", "application/yaml", "general: [\n"));
        assertThat(broken.path("valid").asBoolean()).isFalse();
        assertThat(broken.path("errors")).hasSize(1);
        assertThat(json(get(EXPERIMENTS)).path("total").asLong()).isEqualTo(before);
    }

    @Test
    void whatHasNoEffectIsNamed() throws Exception {
        String text = definition(freshName()) + "experimental:\n  use_new_tcp: true\n";
        JsonNode validation = json(post(EXPERIMENTS + "/validate", "application/yaml", text));
        assertThat(validation.path("valid").asBoolean()).isTrue();
        assertThat(validation.path("notices").get(0).path("pointer").asString()).isEqualTo("/experimental/use_new_tcp");
    }

    @Test
    void listsAreNewestFirstAndInPages() throws Exception {
        String older = store(freshName());
        String newer = store(freshName());
        await(submit(older), "succeeded");

        JsonNode all = json(get(EXPERIMENTS));
        assertThat(all.path("page").asInt()).isZero();
        assertThat(all.path("size").asInt()).isEqualTo(20);
        JsonNode first = json(get(EXPERIMENTS + "?size=1"));
        JsonNode second = json(get(EXPERIMENTS + "?size=1&page=1"));
        assertThat(first.path("items").get(0).path("id").asString()).isEqualTo(newer);
        assertThat(first.path("items")).hasSize(1);
        assertThat(second.path("items").get(0).path("id").asString()).isEqualTo(older);
        assertThat(second.path("items").get(0).path("runs").asInt()).isEqualTo(1);
        assertThat(first.path("total").asLong()).isGreaterThanOrEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"size=0", "size=101", "page=-1", "page=x", "page=99999999999999"})
    void impossiblePagesAreRefused(String query) throws Exception {
        JsonNode problem = problem(get(EXPERIMENTS + "?" + query), 400);
        assertThat(problem.path("errors").get(0).path("pointer").asString()).isEqualTo("/" + query.substring(0, 4));
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "0", "'%20or%201=1", "%F0%9F%98%80"})
    void unknownNamesAreNotFound(String id) throws Exception {
        problem(get(EXPERIMENTS + "/" + id), 404);
        problem(get(EXPERIMENTS + "/" + id + "/definition"), 404);
    }

    @Test
    void whatIsStoredCannotBeChanged() throws Exception {
        String id = store(freshName());
        problem(
                send(request(EXPERIMENTS + "/" + id)
                        .header("Content-Type", "application/yaml")
                        .PUT(BodyPublishers.ofString(definition(freshName())))),
                405);
        problem(send(request(EXPERIMENTS + "/" + id).DELETE()), 405);
    }

    @Test
    void theSchemaOfDefinitionsIsPublished() throws Exception {
        HttpResponse<String> response = get("/api/v1/schema/definition.json");
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/schema+json");
        assertThat(json(response).path("properties").path("hosts").isMissingNode())
                .isFalse();
    }
}
