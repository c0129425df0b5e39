package dev.gnomon.service.startup;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnnouncementTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080/",
        "0.0.0.0, http://127.0.0.1:8080/",
        "10.1.2.3, http://10.1.2.3:8080/",
        "::1, http://[0:0:0:0:0:0:0:1]:8080/"
    })
    void namesAnAddressThatABrowserFinds(String bound, String url) throws Exception {
        assertThat(Announcement.url(InetAddress.getByName(bound), 8080)).isEqualTo(url);
    }
}
