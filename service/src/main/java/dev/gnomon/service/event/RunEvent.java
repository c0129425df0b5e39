package dev.gnomon.service.event;

/**
 * Something that happened to a run.
 *
 * @param id increasing within a run
 * @param kind what sort of event
 * @param data JSON
 */
public record RunEvent(long id, Kind kind, String data) {

    /** The sorts of events, by the names that clients see. */
    public enum Kind {
        STATE("state"),
        PROGRESS("progress");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** Name in the database and in the stream. */
        public String text() {
            return text;
        }

        static Kind of(String text) {
            for (Kind kind : values()) {
                if (kind.text.equals(text)) {
                    return kind;
                }
            }
            throw new IllegalArgumentException("No kind of event: " + text);
        }
    }
}
