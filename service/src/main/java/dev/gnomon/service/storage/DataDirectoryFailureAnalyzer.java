package dev.gnomon.service.storage;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in two sentences, in place of a stack trace, why the data directory cannot be used. */
final class DataDirectoryFailureAnalyzer extends AbstractFailureAnalyzer<DataDirectoryException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, DataDirectoryException cause) {
        return new FailureAnalysis(
                cause.getMessage(),
                "Stop the other service, or choose another directory with --data"
                        + " (property gnomon.data-directory).",
                cause);
    }
}
