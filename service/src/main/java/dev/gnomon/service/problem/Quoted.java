package dev.gnomon.service.problem;

/** Text from outside, made fit to stand in a message: short, and without control characters. */
public final class Quoted {

    private static final int LONGEST = 80;

    private Quoted() {}

    /** The text in quotation marks. */
    public static String of(String text) {
        StringBuilder quoted = new StringBuilder("'");
        text.codePoints()
                .limit(LONGEST)
                .map(character -> Character.isISOControl(character) ? '\ufffd' : character)
                .forEach(quoted::appendCodePoint);
        return quoted.append(text.codePointCount(0, text.length()) > LONGEST ? "…'" : "'")
                .toString();
    }
}
