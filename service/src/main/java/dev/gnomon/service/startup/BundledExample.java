package dev.gnomon.service.startup;

import dev.gnomon.service.definition.DefinitionText;
import dev.gnomon.service.experiment.ExperimentView;
import dev.gnomon.service.experiment.Experiments;
import dev.gnomon.service.problem.ProblemError;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.run.Runs;
import dev.gnomon.service.settings.GnomonSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/** Gives a newcomer something to look at: stores and queues an example where nothing was ever stored. */
@Component
class BundledExample implements ApplicationRunner {

    private static final Logger log = LoggerFactory.getLogger(BundledExample.class);

    private final String path;
    private final Experiments experiments;
    private final Runs runs;

    BundledExample(GnomonSettings settings, Experiments experiments, Runs runs) {
        this.path = settings.example();
        this.experiments = experiments;
        this.runs = runs;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        if (path.isBlank() || !experiments.isEmpty()) {
            return;
        }
        Path file = Path.of(path).toAbsolutePath().normalize();
        try {
            ExperimentView stored = experiments.create(
                    new DefinitionText(Files.readString(file), DefinitionText.YAML, file.getParent()));
            runs.submit(stored.id(), OptionalLong.empty());
            log.info("The example {} is queued", file);
        } catch (IOException unreadable) {
            log.warn("The example {} cannot be read: {}", file, unreadable.toString());
        } catch (ProblemException wrong) {
            log.warn(
                    "The example {} is not queued: {} {}",
                    file,
                    wrong.getMessage(),
                    wrong.problem().errors().stream().map(ProblemError::message).collect(Collectors.joining("; ")));
        }
    }
}
