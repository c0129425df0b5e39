package dev.gnomon.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AddressTableTest {
    @Test
    void findsWhatAMapFinds() {
        AddressTable<String> table = new AddressTable<>();
        Map<Integer, String> map = new HashMap<>();
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            // Neighbours, as the resolver gives them, and addresses from anywhere; zero and negative ones among them.
            int address =
                    i % 3 == 0 ? random.nextInt() : 0x0b00_0000 + random.nextInt(5000) - (i % 3 - 1) * 0x0b00_0000;
            table.put(address, "value " + i);
            map.put(address, "value " + i);
        }
        map.forEach((address, value) -> assertThat(table.get(address)).isEqualTo(value));
        for (int i = 0; i < 20_000; i++) {
            int address = random.nextInt();
            assertThat(table.get(address)).isEqualTo(map.get(address));
        }
    }

    @Test
    void anEmptyTableHasNothing() {
        assertThat(new AddressTable<String>().get(0)).isNull();
    }
}
