package dev.gnomon.definition;

import java.util.Optional;

/**
 * Options of a host: its own {@code host_options} over {@code host_option_defaults}.
 *
 * @param logLevel least severe messages of this host to log; empty for that of {@code general}
 * @param pcapEnabled whether to write what its interfaces carry to pcap files
 * @param pcapCaptureSizeBytes how much of each packet to write, headers included
 */
public record HostOptions(Optional<LogLevel> logLevel, boolean pcapEnabled, int pcapCaptureSizeBytes) {
    /** An IP packet is never longer. */
    public static final int DEFAULT_PCAP_CAPTURE_SIZE_BYTES = 65535;

    static final HostOptions DEFAULTS = new HostOptions(Optional.empty(), false, DEFAULT_PCAP_CAPTURE_SIZE_BYTES);
}
