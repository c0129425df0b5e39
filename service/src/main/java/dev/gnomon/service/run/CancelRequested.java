package dev.gnomon.service.run;

/**
 * Published, for delivery after the commit, when a run that is going is to end.
 *
 * @param run its ordinal
 */
public record CancelRequested(long run) {}
