package dev.gnomon.service.status;

import dev.gnomon.service.run.RunState;
import dev.gnomon.service.run.Runs;
import dev.gnomon.service.settings.GnomonSettings;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.boot.info.BuildProperties;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "service")
class StatusController {

    private final Runs runs;
    private final int executors;
    private final String version;

    StatusController(Runs runs, GnomonSettings settings, BuildProperties build) {
        this.runs = runs;
        this.executors = settings.executor().concurrency();
        this.version = build.getVersion();
    }

    @GetMapping("/api/v1/status")
    @Operation(operationId = "getStatus", summary = "Version, and how much there is to do")
    StatusView status() {
        return new StatusView(version, runs.count(RunState.QUEUED), runs.count(RunState.RUNNING), executors);
    }
}
