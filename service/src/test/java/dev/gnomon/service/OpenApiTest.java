package dev.gnomon.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The committed description of the interface is the one that the service gives. Where the interface was changed on
 * purpose, write it anew with {@code mvn -pl service -am test -Dtest=OpenApiTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dgnomon.openapi.update=true}, and look at the difference.
 */
class OpenApiTest extends ServiceTest {

    private static final Path COMMITTED = Path.of("openapi.json");

    @Test
    void theCommittedDescriptionIsTheServices() throws Exception {
        String served = mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json(get("/v3/api-docs"))) + "\n";
        if (Boolean.getBoolean("gnomon.openapi.update")) {
            Files.writeString(COMMITTED, served);
        }
        assertThat(served)
                .as("service/openapi.json; the Javadoc of this class says how to update it")
                .isEqualTo(Files.readString(COMMITTED));
    }
}
