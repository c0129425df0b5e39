package dev.gnomon.service.experiment;

import dev.gnomon.service.problem.ProblemError;
import dev.gnomon.service.problem.ProblemException;
import dev.gnomon.service.problem.ProblemType;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Text from a request's body; what is not UTF-8 is refused and not replaced. */
final class Utf8Body {

    private Utf8Body() {}

    static String text(byte[] body) {
        CharBuffer text = CharBuffer.allocate(body.length);
        ByteBuffer bytes = ByteBuffer.wrap(body);
        CoderResult result = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(bytes, text, true);
        text.flip();
        if (result.isError()) {
            throw refusal(text, bytes.position());
        }
        return text.toString();
    }

    private static ProblemException refusal(CharBuffer before, int offset) {
        int line = 1;
        int column = 1;
        for (int index = 0; index < before.length(); index++) {
            boolean end = before.charAt(index) == '\n';
            line += end ? 1 : 0;
            column = end ? 1 : column + 1;
        }
        return new ProblemException(
                ProblemType.MALFORMED_DEFINITION,
                "The definition is not text in UTF-8.",
                List.of(new ProblemError("", line, column, "", "not UTF-8 at byte " + offset)));
    }
}
