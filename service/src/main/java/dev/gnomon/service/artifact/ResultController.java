package dev.gnomon.service.artifact;

import dev.gnomon.service.problem.Problem;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.headers.Header;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.http.ContentDisposition;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/api/v1/runs/{id}")
@Tag(name = "results")
class ResultController {

    private static final String PROBLEM = MediaType.APPLICATION_PROBLEM_JSON_VALUE;
    private static final MediaType ZIP = MediaType.parseMediaType("application/zip");

    private final Results results;
    private final RunArchive archives;
    private final FileTransfer transfer;

    ResultController(Results results, RunArchive archives, FileTransfer transfer) {
        this.results = results;
        this.archives = archives;
        this.transfer = transfer;
    }

    @GetMapping("/files")
    @Operation(operationId = "listFiles", summary = "Lists the files of a run that has ended, in the order of paths")
    List<ResultFile> files(@PathVariable String id) {
        return results.files(id);
    }

    @GetMapping("/files/{*path}")
    @Operation(operationId = "getFile", summary = "One file, or with Range a part of it")
    @ApiResponse(
            responseCode = "200",
            description = "The file",
            headers = {
                @Header(name = "ETag", schema = @Schema(type = "string"), description = "The SHA-256 in quotes"),
                @Header(name = "Repr-Digest", schema = @Schema(type = "string"), description = "RFC 9530")
            },
            content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "206",
            description = "The part",
            content = @Content(mediaType = "*/*", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(responseCode = "304", description = "If-None-Match names it", content = @Content)
    @ApiResponse(
            responseCode = "404",
            description = "There is no such file",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    @ApiResponse(
            responseCode = "416",
            description = "The range lies outside the file",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    void file(
            @PathVariable String id,
            @PathVariable String path,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        // The pattern leaves the slash at the front.
        Results.Located located = results.locate(id, path.substring(1));
        MediaType type = ContentTypes.of(path);
        String name = path.substring(path.lastIndexOf('/') + 1);
        ContentDisposition disposition = (ContentTypes.isShown(type)
                        ? ContentDisposition.inline()
                        : ContentDisposition.attachment())
                .filename(name, StandardCharsets.UTF_8)
                .build();
        transfer.send(located, type, disposition, request, response);
    }

    @GetMapping("/archive.zip")
    @Operation(operationId = "getArchive", summary = "All files of a run that has ended, packed")
    @ApiResponse(
            responseCode = "200",
            description = "The archive",
            content = @Content(mediaType = "application/zip", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "206",
            description = "A part of it",
            content = @Content(mediaType = "application/zip", schema = @Schema(type = "string", format = "binary")))
    @ApiResponse(
            responseCode = "409",
            description = "The run has not ended",
            content = @Content(mediaType = PROBLEM, schema = @Schema(implementation = Problem.class)))
    void archive(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        ContentDisposition disposition = ContentDisposition.attachment()
                .filename("gnomon-run-" + id + ".zip", StandardCharsets.UTF_8)
                .build();
        transfer.send(archives.locate(id), ZIP, disposition, request, response);
    }
}
