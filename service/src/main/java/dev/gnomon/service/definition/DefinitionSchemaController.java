package dev.gnomon.service.definition;

import dev.gnomon.service.problem.ProblemException;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "experiments")
class DefinitionSchemaController {

    private static final String TYPE = "application/schema+json";

    private final Resource schema = new ClassPathResource("/dev/gnomon/definition/schema.json");

    @GetMapping("/api/v1/schema/definition.json")
    @Operation(operationId = "getDefinitionSchema", summary = "JSON Schema of definitions, for editors")
    @ApiResponse(
            responseCode = "200",
            description = "The schema",
            content = @Content(mediaType = TYPE, schema = @Schema(type = "object")))
    ResponseEntity<Resource> schema() {
        if (!schema.exists()) {
            throw ProblemException.notFound("schema", "definition.json");
        }
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(TYPE)).body(schema);
    }
}
