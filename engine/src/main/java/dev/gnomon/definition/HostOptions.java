package dev.gnomon.definition;

import java.util.Optional;

/**
 * Options of a host: its own {@code host_options} over {@code host_option_defaults}.
 *
 * @param logLevel least severe messages of this host to log; empty for that of {@code general}
 * @param pcapEnabled whether to write what its interfaces carry to pcap files
 * @param pcapCaptureSizeBytes how much of each packet to write, headers included
 * @param interruptIntervalNanos the least time between two interrupts for packets received; 0 for none
 */
public record HostOptions(
        Optional<LogLevel> logLevel, boolean pcapEnabled, int pcapCaptureSizeBytes, long interruptIntervalNanos) {
    /** An IP packet is never longer. */
    public static final int DEFAULT_PCAP_CAPTURE_SIZE_BYTES = 65535;

    /** {@code IGB_MAX_ITR_USECS} of Linux's drivers/net/ethernet/intel/igb/igb_ethtool.c. */
    static final long LONGEST_INTERRUPT_INTERVAL_NANOS = 10_000_000;

    static final HostOptions DEFAULTS = new HostOptions(Optional.empty(), false, DEFAULT_PCAP_CAPTURE_SIZE_BYTES, 0);
}
