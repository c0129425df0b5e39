package dev.gnomon.service.stream;

import dev.gnomon.service.problem.Problem;
import dev.gnomon.service.problem.ProblemError;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import dev.gnomon.service.run.RunSnapshot;
import dev.gnomon.service.run.Runs;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.List;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

@RestController
@Tag(name = "runs")
class RunStreamController {

    private final Runs runs;
    private final RunStreams streams;

    RunStreamController(Runs runs, RunStreams streams) {
        this.runs = runs;
        this.streams = streams;
    }

    /** A client that has seen everything is answered 204, which tells an EventSource to stop asking. */
    @GetMapping("/api/v1/runs/{id}/events")
    @Operation(
            operationId = "followRun",
            summary = "Server-sent events `state` (a Run) and `progress` (a Progress) until the run has ended")
    @ApiResponse(
            responseCode = "200",
            description = "The events; the first is the state as it is, or what came after Last-Event-ID",
            content = @Content(mediaType = MediaType.TEXT_EVENT_STREAM_VALUE, schema = @Schema(type = "string")))
    @ApiResponse(
            responseCode = "204",
            description = "The run has ended and Last-Event-ID is its last",
            content = @Content)
    @ApiResponse(
            responseCode = "503",
            description = "Too many streams are open",
            content =
                    @Content(
                            mediaType = MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                            schema = @Schema(implementation = Problem.class)))
    ResponseEntity<SseEmitter> follow(
            @PathVariable String id, @RequestHeader(name = "Last-Event-ID", required = false) String lastEventId) {
        RunSnapshot run = runs.snapshot(id);
        long after = lastEventId == null ? 0 : number(lastEventId);
        if (after > run.lastEvent()) {
            // Not one of ours, or of a database that is gone: begin again.
            after = 0;
        }
        if (after == run.lastEvent() && run.view().state().ended()) {
            return ResponseEntity.noContent().build();
        }
        return ResponseEntity.ok()
                .contentType(MediaType.TEXT_EVENT_STREAM)
                .cacheControl(CacheControl.noStore())
                .header("X-Accel-Buffering", "no")
                .body(streams.open(run, after));
    }

    private static long number(String lastEventId) {
        if (!lastEventId.matches("\\d{1,18}")) {
            throw new ProblemException(
                    ProblemType.MALFORMED_REQUEST,
                    "Last-Event-ID is not the id of an event.",
                    List.of(ProblemError.at("/Last-Event-ID", "has to be a number")));
        }
        return Long.parseLong(lastEventId);
    }
}
