package dev.gnomon.network.tcp;

/** Where the initial sequence numbers and timestamps of a host's connections come from. */
interface InitialSequences {
    /** The sequence number of a SYN. */
    int sequence(int localAddress, int localPort, int remoteAddress, int remotePort, long nowNanos);

    /** What is added to the clock in timestamps to this peer, in milliseconds. */
    int timestampOffset(int localAddress, int remoteAddress);

    /**
     * As RFC 6528 and Linux's net/core/secure_seq.c have it: a keyed hash of the addresses, so that nobody can guess it,
     * plus a clock that ticks every 64 ns, so that a later connection between the same ports has later numbers.
     */
    static InitialSequences keyed(long secret) {
        return new InitialSequences() {
            @Override
            public int sequence(int localAddress, int localPort, int remoteAddress, int remotePort, long nowNanos) {
                long ports = (long) localPort << 16 | remotePort;
                return (int) mix(mix(mix(secret, localAddress), remoteAddress), ports) + (int) (nowNanos >> 6);
            }

            @Override
            public int timestampOffset(int localAddress, int remoteAddress) {
                return (int) mix(mix(~secret, localAddress), remoteAddress);
            }

            /** One round of the finalizer of SplitMix64. */
            private long mix(long state, long value) {
                long mixed = state + value * 0x9E3779B97F4A7C15L;
                mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
                mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
                return mixed ^ mixed >>> 31;
            }
        };
    }
}
