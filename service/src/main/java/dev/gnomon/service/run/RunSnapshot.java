package dev.gnomon.service.run;

/**
 * A run at one moment.
 *
 * @param ordinal its key in the other tables
 * @param view as clients see it
 * @param lastEvent identifier of its newest event
 * @param instance the service that executes it or keeps its files; null where it was not started
 */
public record RunSnapshot(long ordinal, RunView view, long lastEvent, String instance) {}
