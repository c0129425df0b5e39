package dev.gnomon.kernel;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * Paths at which a guest must not see the machine that runs the experiment: names of hosts, processors, memory. Each leads to a
 * file that the run wrote. Immutable once the run has begun; one object serves all hosts.
 */
public final class SpecialPaths {
    private final Map<String, byte[]> shared = new HashMap<>();
    private final Map<String, String> perHost = new HashMap<>();
    private final String hostsDirectory;

    /** @param hostsDirectory holds a directory for each host, with what {@link #addPerHost} named */
    public SpecialPaths(String hostsDirectory) {
        this.hostsDirectory = hostsDirectory;
    }

    /** A path that leads to the same file on all hosts. */
    public void add(String path, String substitute) {
        shared.put(path, substitute.getBytes(StandardCharsets.UTF_8));
    }

    /** A path that leads to {@code name} in the host's own directory. A path that ends in / leads to a directory. */
    public void addPerHost(String path, String name) {
        perHost.put(path, name);
    }

    /** Where {@code path} leads on a host; null where it leads where it says. */
    public byte[] substitute(String hostName, String path) {
        byte[] substitute = shared.get(path);
        if (substitute != null) {
            return substitute;
        }
        String name = perHost.get(path);
        if (name != null) {
            return (hostsDirectory + "/" + hostName + "/" + name).getBytes(StandardCharsets.UTF_8);
        }
        for (Map.Entry<String, String> entry : perHost.entrySet()) {
            String prefix = entry.getKey();
            if (prefix.endsWith("/")
                    && (path.startsWith(prefix) || path.length() == prefix.length() - 1 && prefix.startsWith(path))) {
                String rest = path.length() < prefix.length() ? "" : path.substring(prefix.length());
                return (hostsDirectory + "/" + hostName + "/" + entry.getValue() + rest)
                        .getBytes(StandardCharsets.UTF_8);
            }
        }
        return null;
    }
}
