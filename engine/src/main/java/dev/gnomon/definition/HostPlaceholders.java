package dev.gnomon.definition;

/**
 * What stands for a host in the texts of a counted host's processes: <code>${host}</code> for its name, <code>${index}</code> for
 * its number. <code>$${</code> stands for <code>${</code>; every other <code>$</code> for itself.
 */
final class HostPlaceholders {
    private static final String HOST = "${host}";
    private static final String INDEX = "${index}";
    private static final String ESCAPED = "$${";

    private HostPlaceholders() {}

    /** The text itself where there is nothing to replace. */
    static String replace(String text, String host, int index) {
        int dollar = text.indexOf('$');
        if (dollar < 0) {
            return text;
        }
        StringBuilder replaced = new StringBuilder(text.length());
        int at = 0;
        while (dollar >= 0) {
            replaced.append(text, at, dollar);
            if (text.startsWith(ESCAPED, dollar)) {
                replaced.append("${");
                at = dollar + ESCAPED.length();
            } else if (text.startsWith(HOST, dollar)) {
                replaced.append(host);
                at = dollar + HOST.length();
            } else if (text.startsWith(INDEX, dollar)) {
                replaced.append(index);
                at = dollar + INDEX.length();
            } else {
                replaced.append('$');
                at = dollar + 1;
            }
            dollar = text.indexOf('$', at);
        }
        return replaced.append(text, at, text.length()).toString();
    }
}
