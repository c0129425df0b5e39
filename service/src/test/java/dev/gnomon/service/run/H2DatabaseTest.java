package dev.gnomon.service.run;

/** The embedded database, as a file in the data directory. */
class H2DatabaseTest extends DatabaseTest {}
