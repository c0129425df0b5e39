package dev.gnomon.limits;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds the directories of this process's control groups ({@code cgroups(7)}, {@code proc_pid_mountinfo(5)}). */
final class ControlGroups {
    /** @param unified whether it is of version 2, whose files have other names */
    record Directory(Path path, boolean unified) {}

    /** Fields of a line of mountinfo, before the separator: root, mount point. */
    private static final int ROOT = 3;

    private static final int MOUNT_POINT = 4;

    private ControlGroups() {}

    /**
     * The directories of a controller from the process's own group up to the root of the mount; of version 1 where the
     * controller is mounted so, of version 2 besides.
     *
     * @param groups {@code /proc/self/cgroup}
     * @param mounts {@code /proc/self/mountinfo}
     */
    static List<Directory> of(String controller, String groups, String mounts) {
        List<Directory> directories = new ArrayList<>();
        for (String line : groups.lines().toList()) {
            String[] fields = line.split(":", 3);
            if (fields.length < 3) {
                continue;
            }
            boolean unified = fields[1].isEmpty();
            if (unified || Arrays.asList(fields[1].split(",")).contains(controller)) {
                mounted(controller, unified, fields[2], mounts)
                        .ifPresent(found -> addUpwards(found, unified, directories));
            }
        }
        return directories;
    }

    private record Mounted(Path mountPoint, Path own) {}

    private static Optional<Mounted> mounted(String controller, boolean unified, String group, String mounts) {
        for (String line : mounts.lines().toList()) {
            int separator = line.indexOf(" - ");
            if (separator < 0) {
                continue;
            }
            String[] before = line.substring(0, separator).split(" ");
            String[] after = line.substring(separator + 3).split(" ");
            boolean fits = unified
                    ? after[0].equals("cgroup2")
                    : after[0].equals("cgroup")
                            && Arrays.asList(after[after.length - 1].split(",")).contains(controller);
            if (fits && before.length > MOUNT_POINT) {
                Path mountPoint = Path.of(before[MOUNT_POINT]);
                Path root = Path.of(before[ROOT]);
                Path path = Path.of(group).normalize();
                // A group outside of what is mounted, as in a container, shows as the mount itself.
                Path own = path.startsWith(root) ? mountPoint.resolve(root.relativize(path)) : mountPoint;
                return Optional.of(new Mounted(mountPoint, own.normalize()));
            }
        }
        return Optional.empty();
    }

    private static void addUpwards(Mounted mounted, boolean unified, List<Directory> directories) {
        for (Path at = mounted.own; at != null && at.startsWith(mounted.mountPoint); at = at.getParent()) {
            directories.add(new Directory(at, unified));
        }
    }
}
