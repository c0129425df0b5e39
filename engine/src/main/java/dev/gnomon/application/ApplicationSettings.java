package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;

/** What the definition says of an application. Immutable; shared by all hosts that run it alike. */
public sealed interface ApplicationSettings permits EchoSettings, SinkSettings, TrafficSettings {
    /** Its name in the definition, and in the names of its output files. */
    String name();

    /**
     * Makes an application that has not begun.
     *
     * @param targets addresses of the hosts that it sends to, in an order that is the same in every run; shared, not to be
     *     modified
     */
    Application create(HostNetwork network, ApplicationControl control, int[] targets);
}
