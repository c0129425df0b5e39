package dev.gnomon.service.run;

import dev.gnomon.service.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.net.URI;
import java.util.List;
import java.util.OptionalLong;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/runs")
@Tag(name = "runs")
class RunController {

    private static final String PROBLEM = MediaType.APPLICATION_PROBLEM_JSON_VALUE;

    private final Runs runs;

    RunController(Runs runs) {
        this.runs = runs;
    }

    @PostMapping(consumes = MediaType.APPLICATION_JSON_VALUE)
    @Operation(operationId = "submitRun", summary = "Queues a run of an experiment")
    @ApiResponse(responseCode = "202", description = "Queued")
    @ApiResponse(
            responseCode = "404",
            description = "There is no such experiment",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "422",
            description = "A value is wrong",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    ResponseEntity<RunView> submit(@Valid @RequestBody RunSubmission submission) {
        RunView queued = runs.submit(
                submission.experimentId(),
                submission.seed() == null ? OptionalLong.empty() : OptionalLong.of(submission.seed()));
        return ResponseEntity.accepted()
                .location(URI.create("/api/v1/runs/" + queued.id()))
                .body(queued);
    }

    @GetMapping
    @Operation(operationId = "listRuns", summary = "Lists runs, newest first")
    RunList list(
            @RequestParam(required = false) String experimentId,
            @Parameter(schema = @Schema(implementation = RunState.class)) @RequestParam(required = false)
                    RunState state,
            @RequestParam(defaultValue = "0") @Min(0) @Max(1_000_000) int page,
            @RequestParam(defaultValue = "20") @Min(1) @Max(100) int size) {
        return runs.list(experimentId, state, page, size);
    }

    @GetMapping("/{id}")
    @Operation(operationId = "getRun", summary = "Shows a run")
    @ApiResponse(responseCode = "200", description = "The run")
    @ApiResponse(
            responseCode = "404",
            description = "There is none",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    RunView show(@PathVariable String id) {
        return runs.view(id);
    }

    @PostMapping("/{id}/cancel")
    @ResponseStatus(HttpStatus.ACCEPTED)
    @Operation(operationId = "cancelRun", summary = "Ends a run early")
    @ApiResponse(responseCode = "202", description = "It ends soon")
    @ApiResponse(
            responseCode = "404",
            description = "There is none",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "409",
            description = "It has already ended",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    RunView cancel(@PathVariable String id) {
        return runs.cancel(id);
    }

    @GetMapping("/{id}/processes")
    @Operation(operationId = "listProcesses", summary = "What became of its processes; of those ended, while it runs")
    List<ProcessView> processes(@PathVariable String id) {
        return runs.processes(id);
    }

    @GetMapping("/{id}/warnings")
    @Operation(operationId = "listWarnings", summary = "What the reader of its result must know")
    List<WarningView> warnings(@PathVariable String id) {
        return runs.warnings(id);
    }
}
