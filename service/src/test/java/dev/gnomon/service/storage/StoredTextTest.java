package dev.gnomon.service.storage;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StoredTextTest {

    @Test
    void whatFitsStaysAndNulDoesNot() {
        assertThat(StoredText.of("abc", 3)).isEqualTo("abc");
        assertThat(StoredText.of(null, 3)).isNull();
        assertThat(StoredText.of("a\0c", 3)).isEqualTo("a\ufffdc");
    }

    @Test
    void whatDoesNotFitIsCutBetweenCharacters() {
        assertThat(StoredText.of("abcd", 3)).isEqualTo("ab…");
        assertThat(StoredText.of("a\ud83d\ude00cd", 3)).isEqualTo("a…");
    }
}
