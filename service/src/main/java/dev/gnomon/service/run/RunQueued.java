package dev.gnomon.service.run;

/** Published, for delivery after the commit, when the queue has got longer. */
public record RunQueued() {}
