package dev.gnomon.service.storage;

/** Text of guests and programs, made fit for a column: PostgreSQL takes no NUL, and columns have a length. */
public final class StoredText {

    private StoredText() {}

    /** The text, cut at so many characters and without NUL; null stays null. */
    public static String of(String text, int longest) {
        if (text == null) {
            return null;
        }
        String clean = text.replace('\0', '\ufffd');
        if (clean.length() <= longest) {
            return clean;
        }
        int end = longest - 1;
        // Half a surrogate pair is no character.
        end -= Character.isHighSurrogate(clean.charAt(end - 1)) ? 1 : 0;
        return clean.substring(0, end) + "…";
    }
}
