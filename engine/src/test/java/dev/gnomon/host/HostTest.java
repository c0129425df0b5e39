package dev.gnomon.host;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.network.Ipv4;
import dev.gnomon.network.NetworkConfiguration;
import dev.gnomon.trace.CallCounters;
import dev.gnomon.trace.CallTrace;
import java.util.Arrays;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HostTest {
    /** A host that runs no programs. */
    private static Host host(long seed) {
        return new Host(
                0,
                NetworkConfiguration.of(Ipv4.parse("11.0.0.1"), "alone", 1_000_000, 1_000_000),
                Optional.empty(),
                new HostSettings(0, 0, 0, 0, 1),
                null,
                null,
                new SplittableRandom(seed),
                null,
                null,
                null,
                CallTrace.Mode.OFF,
                new CallCounters());
    }

    @Test
    void aHostWithoutProgramsFillsBytesFromItsOwnGenerator() {
        byte[] bytes = new byte[32];
        host(1).fillRandom(bytes, 20);
        assertThat(Arrays.copyOf(bytes, 20)).isNotEqualTo(new byte[20]);
        assertThat(Arrays.copyOfRange(bytes, 20, 32)).isEqualTo(new byte[12]);

        byte[] again = new byte[32];
        host(1).fillRandom(again, 20);
        assertThat(again).isEqualTo(bytes);
        host(2).fillRandom(again, 20);
        assertThat(again).isNotEqualTo(bytes);
    }
}
