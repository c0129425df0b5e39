package dev.gnomon.service.event;

/**
 * Published, for delivery after the commit, when something was added to the events of a run.
 *
 * @param run its ordinal
 */
public record RunChanged(long run) {}
