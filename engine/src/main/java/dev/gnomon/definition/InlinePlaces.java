package dev.gnomon.definition;

import dev.gnomon.graph.GraphError;
import java.util.List;
import java.util.Optional;

/**
 * Where the lines of a literal block are in its file: line n of the text is n lines below the {@code |}, further right by
 * the block's indentation.
 */
record InlinePlaces(int headerLine, int indentation) {

    /** Empty where the text is no literal block, so that its lines are not lines of the file. */
    static Optional<InlinePlaces> of(YamlScalar scalar, String file) {
        if (!scalar.literal()) {
            return Optional.empty();
        }
        List<String> lines = scalar.value().lines().toList();
        for (int index = 0; index < lines.size(); index++) {
            String line = lines.get(index);
            if (!line.isBlank()) {
                // Trailing blanks belong to the text, so the two lines differ by the indentation alone.
                Optional<String> written =
                        file.lines().skip(scalar.line() + (long) index).findFirst();
                return written.filter(whole -> whole.endsWith(line))
                        .map(whole -> new InlinePlaces(scalar.line(), whole.length() - line.length()));
            }
        }
        return Optional.of(new InlinePlaces(scalar.line(), 0));
    }

    int line(GraphError error) {
        return headerLine + error.line();
    }

    int column(GraphError error) {
        return indentation + error.column();
    }
}
