package dev.gnomon.kernel.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gnomon.kernel.LittleEndian;
import org.junit.jupiter.api.Test;

class ControlMessagesTest {
    private final ControlMessages control = new ControlMessages();

    @Test
    void messagesStandOneBehindTheOtherPadded() {
        control.begin(100);
        control.put(1, 2, new byte[] {7, 7, 7}, 3);
        control.put(3, 4, new byte[] {9}, 1);
        assertThat(LittleEndian.getLong(control.bytes(), 0)).isEqualTo(19);
        assertThat(LittleEndian.getLong(control.bytes(), 24)).isEqualTo(17);
        assertThat(control.bytes()[40]).isEqualTo((byte) 9);
        assertThat(control.length()).isEqualTo(48);
        assertThat(control.isTruncated()).isFalse();
    }

    @Test
    void whatDoesNotFitIsCutAndSaidSo() {
        control.begin(20);
        control.put(1, 1, new byte[12], 12);
        assertThat(LittleEndian.getLong(control.bytes(), 0)).isEqualTo(20);
        assertThat(control.length()).isEqualTo(20);
        assertThat(control.isTruncated()).isTrue();
    }

    @Test
    void withoutRoomForAHeaderThereIsNothing() {
        control.begin(15);
        control.put(1, 1, new byte[4], 4);
        assertThat(control.length()).isZero();
        assertThat(control.isTruncated()).isTrue();
        assertThat(control.roomForDescriptors()).isZero();
    }
}
