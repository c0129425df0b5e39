package dev.gnomon.application;

/** What carries an application's bytes. */
public enum Transport {
    TCP,
    UDP
}
