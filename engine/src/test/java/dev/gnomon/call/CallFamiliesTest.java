package dev.gnomon.call;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CallFamiliesTest {
    @Test
    void noTwoFamiliesAnswerTheSameCall() {
        SystemCallTable table = CallFamilies.all((thread, address) -> {});

        assertThat(table.handler(SystemCallNumber.READ)).isNotNull();
        assertThat(table.handler(SystemCallNumber.EPOLL_PWAIT2)).isNotNull();
        assertThat(table.handler(SystemCallNumber.SIGNALFD4)).isNotNull();
    }
}
