package dev.gnomon.run;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The warnings of a run, once per cause with a count. Safe for use by all workers; the order does not depend on them. */
final class WarningLog {
    private record Cause(String kind, String program, String subject) implements Comparable<Cause> {
        @Override
        public int compareTo(Cause other) {
            int order = kind.compareTo(other.kind);
            if (order == 0) {
                order = program.compareTo(other.program);
            }
            return order != 0 ? order : subject.compareTo(other.subject);
        }
    }

    private static final class Seen {
        String message;
        long count;
    }

    private final TreeMap<Cause, Seen> causes = new TreeMap<>();

    synchronized void add(String kind, String program, String subject, String message) {
        Seen seen = causes.computeIfAbsent(new Cause(kind, program, subject), cause -> new Seen());
        // Of several messages for one cause the least is kept, whoever came first.
        if (seen.message == null || message.compareTo(seen.message) < 0) {
            seen.message = message;
        }
        seen.count++;
    }

    synchronized List<RunWarning> warnings() {
        List<RunWarning> result = new ArrayList<>();
        causes.forEach((cause, seen) ->
                result.add(new RunWarning(cause.kind(), cause.program(), cause.subject(), seen.count, seen.message)));
        return result;
    }
}
