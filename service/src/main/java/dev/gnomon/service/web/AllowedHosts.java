package dev.gnomon.service.web;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names under which the service answers. A page of a foreign site whose name was made to point at 127.0.0.1 (DNS
 * rebinding) is given away by the {@code Host} header, which then carries that site's name.
 */
final class AllowedHosts {

    private static final Pattern LOOPBACK_V4 = Pattern.compile("127(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}");

    private final Set<String> configured;

    AllowedHosts(Iterable<String> configured) {
        this.configured = java.util.stream.StreamSupport.stream(configured.spliterator(), false)
                .map(name -> name.strip().toLowerCase(Locale.ROOT))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether a {@code Host} header names us.
     *
     * @param authority host and optional port, as sent; null where the header is missing
     */
    boolean permits(String authority) {
        if (authority == null) {
            return false;
        }
        String host = hostOf(authority.toLowerCase(Locale.ROOT));
        return host.equals("localhost")
                || host.equals("[::1]")
                || LOOPBACK_V4.matcher(host).matches()
                || configured.contains(host);
    }

    private static String hostOf(String authority) {
        int colon = authority.lastIndexOf(':');
        boolean port = colon > authority.lastIndexOf(']');
        String host = port ? authority.substring(0, colon) : authority;
        return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    }
}
