package dev.gnomon.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    private final AllowedHosts hosts = new AllowedHosts(List.of("Gnomon.Example", "[2001:db8::1]", " "));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:8080",
                "localhost.",
                "127.0.0.1",
                "127.0.0.1:1",
                "127.255.0.9",
                "[::1]",
                "[::1]:8080",
                "gnomon.example",
                "gnomon.example:443",
                "[2001:db8::1]:8080"
            })
    void loopbackAndConfiguredNamesArePermitted(String authority) {
        assertThat(hosts.permits(authority)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "evil.example",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "evil-localhost",
                "128.0.0.1",
                "127.0.0.256",
                "127.0.1",
                "[::2]",
                "::1",
                "127.0.0.1@evil.example",
                "0.0.0.0",
                "gnomon.example.evil.example"
            })
    void otherNamesAreNot(String authority) {
        assertThat(hosts.permits(authority)).isFalse();
    }

    @Test
    void aMissingNameIsNot() {
        assertThat(hosts.permits(null)).isFalse();
    }
}
