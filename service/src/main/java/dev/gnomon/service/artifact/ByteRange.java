package dev.gnomon.service.artifact;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a file, both ends included (RFC 9110, section 14).
 *
 * @param first from 0
 * @param last less than the file's size
 */
record ByteRange(long first, long last) {

    private static final Pattern ONE = Pattern.compile("bytes=\\s*(\\d*)-(\\d*)\\s*");

    /** Length in bytes. */
    long length() {
        return last - first + 1;
    }

    /**
     * The range that a header asks for.
     *
     * @return empty where the whole file is to be sent: no header, a unit other than bytes, or several ranges, which a
     *     server may decline
     * @throws NotSatisfiableException where the range lies outside the file or makes no sense
     */
    static Optional<ByteRange> parse(String header, long size) throws NotSatisfiableException {
        if (header == null || !header.startsWith("bytes=") || header.contains(",")) {
            return Optional.empty();
        }
        Matcher matcher = ONE.matcher(header);
        if (!matcher.matches() || matcher.group(1).isEmpty() && matcher.group(2).isEmpty()) {
            throw new NotSatisfiableException();
        }
        if (matcher.group(1).isEmpty()) {
            long suffix = Math.min(number(matcher.group(2)), size);
            return Optional.of(within(size - suffix, size - 1));
        }
        long first = number(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : number(matcher.group(2));
        if (last < first && !matcher.group(2).isEmpty()) {
            throw new NotSatisfiableException();
        }
        return Optional.of(within(first, Math.min(last, size - 1)));
    }

    private static ByteRange within(long first, long last) throws NotSatisfiableException {
        if (first > last) {
            throw new NotSatisfiableException();
        }
        return new ByteRange(first, last);
    }

    /** No file is so large that the digits beyond the eighteenth matter. */
    private static long number(String digits) {
        return digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
    }

    /** Nothing of the file lies in the range. */
    static final class NotSatisfiableException extends Exception {
        private static final long serialVersionUID = 1L;
    }
}
