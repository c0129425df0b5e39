package dev.gnomon.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.gnomon.definition.ArgumentSplitter.UnfinishedException;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArgumentSplitterTest {
    @Test
    void wordsAreSplitAsAShellSplitsThem() throws UnfinishedException {
        assertThat(ArgumentSplitter.split("the quick \"brown fox\" 'jumps  over' the \"\\\"lazy\\\" dog\""))
                .containsExactly("the", "quick", "brown fox", "jumps  over", "the", "\"lazy\" dog");
        assertThat(ArgumentSplitter.split("a\"b\"'c'd \t\n e\\ f '' \"\"")).containsExactly("abcd", "e f", "", "");
        assertThat(ArgumentSplitter.split("$HOME ~ `x` * \"$a \\$b \\x\" '\\'"))
                .containsExactly("$HOME", "~", "`x`", "*", "$a $b \\x", "\\");
        assertThat(ArgumentSplitter.split("one\\\ntwo \"three\\\nfour\"")).containsExactly("onetwo", "threefour");
        assertThat(ArgumentSplitter.split("a#b # a remark 'here\nc")).containsExactly("a#b", "c");
        assertThat(ArgumentSplitter.split(" \n ")).isEmpty();
        assertThat(ArgumentSplitter.split("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"'", "a 'b", "\"", "\"a\\\"", "a\\"})
    void whatIsNotFinishedIsRefused(String text) {
        assertThatThrownBy(() -> ArgumentSplitter.split(text)).isInstanceOf(UnfinishedException.class);
    }

    @Property
    void quotedWordsComeBackAsTheyWere(@ForAll List<String> words) throws UnfinishedException {
        String line = words.stream()
                .map(word -> "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" "));
        assertThat(ArgumentSplitter.split(line)).isEqualTo(words);
    }
}
