package dev.gnomon.definition;

import dev.gnomon.definition.FileLocations.NoLocationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads {@code general}. */
final class GeneralReader {
    private static final String DEFAULT_DATA_DIRECTORY = "gnomon.data";
    private static final long SECOND = 1_000_000_000L;

    private final FileLocations locations;

    GeneralReader(FileLocations locations) {
        this.locations = locations;
    }

    /** The options; {@code stopNanos} is {@link Long#MAX_VALUE} where it is missing or wrong, so that nothing follows from it. */
    GeneralOptions read(Section general) {
        Value stopTime = general.required("stop_time", "the virtual time at which the run ends, such as \"10 s\"");
        long stopNanos = stopTime.nanos(Long.MAX_VALUE);
        if (stopNanos == 0) {
            stopTime.error("must be greater than 0");
            stopNanos = Long.MAX_VALUE;
        }
        general.value("log_level").withoutEffect("log_level");
        general.value("heartbeat_interval").withoutEffect("heartbeat_interval");
        return new GeneralOptions(
                stopNanos,
                general.value("seed").integer(0, Long.MAX_VALUE, 1),
                (int) general.value("parallelism").integer(0, 4096, 0),
                general.value("bootstrap_end_time").nanos(0),
                dataDirectory(general.value("data_directory")),
                templateDirectory(general.value("template_directory")),
                heartbeatInterval(general.value("heartbeat_interval")),
                general.value("log_level").choice(LogLevel.class, LogLevel.INFO),
                general.value("progress").bool(false),
                general.value("model_unblocked_syscall_latency").bool(false),
                general.value("local_calls").onOrOff(true),
                general.value("prepared_images").onOrOff(true));
    }

    private static OptionalLong heartbeatInterval(Value value) {
        if (value.isNull()) {
            return OptionalLong.empty();
        }
        long nanos = value.nanos(SECOND);
        if (nanos == 0) {
            value.error("must be greater than 0; null for none");
        }
        return OptionalLong.of(nanos);
    }

    private Path dataDirectory(Value value) {
        try {
            return locations.inWorkingDirectory(value.string().orElse(DEFAULT_DATA_DIRECTORY));
        } catch (NoLocationException wrong) {
            value.error(wrong.getMessage());
            return Path.of(DEFAULT_DATA_DIRECTORY).toAbsolutePath();
        }
    }

    private Optional<Path> templateDirectory(Value value) {
        Optional<String> text = value.string();
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            Path directory = locations.existing(text.get());
            if (!Files.isDirectory(directory)) {
                value.error(Files.exists(directory) ? "is not a directory" : "there is no such directory");
            }
            return Optional.of(directory);
        } catch (NoLocationException wrong) {
            value.error(wrong.getMessage());
            return Optional.empty();
        }
    }
}
