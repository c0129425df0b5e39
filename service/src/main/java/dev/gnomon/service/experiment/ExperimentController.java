package dev.gnomon.service.experiment;

import dev.gnomon.service.definition.DefinitionText;
import dev.gnomon.service.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/experiments")
@Tag(name = "experiments")
class ExperimentController {

    private static final String TEXT_YAML = "text/yaml";
    private static final String X_YAML = "application/x-yaml";
    private static final String PROBLEM = MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private final Experiments experiments;

    ExperimentController(Experiments experiments) {
        this.experiments = experiments;
    }

    @PostMapping(consumes = {DefinitionText.YAML, DefinitionText.JSON, TEXT_YAML, X_YAML})
    @Operation(
            operationId = "createExperiment",
            summary = "Stores a definition",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = DefinitionText.YAML, schema = @Schema(type = "string")),
                                @Content(mediaType = DefinitionText.JSON, schema = @Schema(type = "object"))
                            }))
    @ApiResponse(responseCode = "201", description = "Stored")
    @ApiResponse(
            responseCode = "400",
            description = "The definition cannot be read",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "413",
            description = "The definition is too large",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "422",
            description = "The definition is wrong",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    ResponseEntity<ExperimentView> create(
            @RequestBody byte[] body, @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType contentType) {
        ExperimentView created = experiments.create(definition(body, contentType));
        return ResponseEntity.created(URI.create("/api/v1/experiments/" + created.id()))
                .body(created);
    }

    @PostMapping(
            path = "/validate",
            consumes = {DefinitionText.YAML, DefinitionText.JSON, TEXT_YAML, X_YAML})
    @Operation(
            operationId = "validateDefinition",
            summary = "Checks a definition without storing it",
            requestBody =
                    @io.swagger.v3.oas.annotations.parameters.RequestBody(
                            required = true,
                            content = {
                                @Content(mediaType = DefinitionText.YAML, schema = @Schema(type = "string")),
                                @Content(mediaType = DefinitionText.JSON, schema = @Schema(type = "object"))
                            }))
    Validation validate(@RequestBody byte[] body, @RequestHeader(HttpHeaders.CONTENT_TYPE) MediaType contentType) {
        return Validation.of(experiments.validate(definition(body, contentType)));
    }

    @GetMapping
    @Operation(operationId = "listExperiments", summary = "Lists experiments, newest first")
    ExperimentList list(
            @RequestParam(defaultValue = "0") @Min(0) @Max(1_000_000) int page,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int size) {
        return experiments.list(page, size);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getExperiment", summary = "Shows an experiment")
    @ApiResponse(responseCode = "200", description = "The experiment")
    @ApiResponse(
            responseCode = "404",
            description = "There is none",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    ExperimentView show(@PathVariable String id) {
        return experiments.view(id);
    }

    @GetMapping("/{id}/definition")
    @Operation(operationId = "getDefinition", summary = "The definition, as it was given")
    @ApiResponse(
            responseCode = "200",
            description = "The text",
            content = {
                @Content(mediaType = DefinitionText.YAML, schema = @Schema(type = "string")),
                @Content(mediaType = DefinitionText.JSON, schema = @Schema(type = "object"))
            })
    @ApiResponse(
            responseCode = "404",
            description = "There is no such experiment",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    ResponseEntity<byte[]> definition(@PathVariable String id) {
        DefinitionText text = experiments.definition(id);
        return ResponseEntity.ok()
                .contentType(new MediaType(MediaType.parseMediaType(text.mediaType()), StandardCharsets.UTF_8))
                .body(text.content().getBytes(StandardCharsets.UTF_8));
    }

    /** Relative paths of a definition that came over the network start where the service was started. */
    private static DefinitionText definition(byte[] body, MediaType contentType) {
        boolean json = MediaType.APPLICATION_JSON.equalsTypeAndSubtype(contentType);
        return new DefinitionText(
                Utf8Body.text(body),
                json ? DefinitionText.JSON : DefinitionText.YAML,
                Path.of("").toAbsolutePath());
    }
}
