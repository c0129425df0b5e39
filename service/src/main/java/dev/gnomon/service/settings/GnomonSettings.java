package dev.gnomon.service.settings;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * Properties under {@code gnomon}.
 *
 * @param dataDirectory holds the embedded database, the runs' results and the archives; created where missing
 * @param example a definition file to store and queue where the database is empty; an empty path means none
 * @param hosts names besides those of the loopback interface under which clients may reach the service
 * @param definitionLimit the largest request body
 * @param executor how runs are executed
 * @param events how runs are followed
 */
@Validated
@ConfigurationProperties("gnomon")
public record GnomonSettings(
        @NotNull @DefaultValue("data") Path dataDirectory,
        @DefaultValue("") String example,
        @DefaultValue List<String> hosts,
        @NotNull @DefaultValue("16MB") DataSize definitionLimit,
        @Valid @DefaultValue Executor executor,
        @Valid @DefaultValue Events events) {

    /**
     * Properties under {@code gnomon.executor}.
     *
     * @param concurrency runs executed at a time; 0 = this service only stores and shows
     * @param lease how long a claimed run stays ours without a sign of life; at least a few seconds
     * @param interruptions how often the service may die under a run before the run is given up
     * @param poll how often the queue is looked at without being told that something is in it
     */
    public record Executor(
            @Min(0) @Max(64) @DefaultValue("1") int concurrency,
            @NotNull @DefaultValue("60s") Duration lease,
            @Min(1) @DefaultValue("3") int interruptions,
            @NotNull @DefaultValue("2s") Duration poll) {}

    /**
     * Properties under {@code gnomon.events}.
     *
     * @param streams streams open at a time; one more is answered 503
     * @param heartbeat a comment is sent after so long a silence
     * @param kept progress events kept of a run that has ended
     * @param keptLive progress events kept of a run that is going; from twice as many on they are thinned
     */
    public record Events(
            @Min(1) @Max(1000) @DefaultValue("64") int streams,
            @NotNull @DefaultValue("15s") Duration heartbeat,
            @Min(2) @DefaultValue("200") int kept,
            @Min(2) @DefaultValue("1000") int keptLive) {}
}
