package dev.gnomon.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ControlGroupsTest {
    private static final String VERSION_ONE = """
            31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
            39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
            """;

    @Test
    void ofVersionOneEachControllerHasItsOwnTree() {
        String groups = "8:pids:/\n4:memory:/service/one\n0::/\n";
        assertThat(ControlGroups.of("memory", groups, VERSION_ONE))
                .extracting(ControlGroups.Directory::path)
                .containsExactly(
                        Path.of("/sys/fs/cgroup/memory/service/one"),
                        Path.of("/sys/fs/cgroup/memory/service"),
                        Path.of("/sys/fs/cgroup/memory"));
        assertThat(ControlGroups.of("pids", groups, VERSION_ONE))
                .containsExactly(new ControlGroups.Directory(Path.of("/sys/fs/cgroup/pids"), false));
    }

    @Test
    void ofVersionTwoThereIsOneTree() {
        String mounts = "29 23 0:26 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";
        assertThat(ControlGroups.of("pids", "0::/user.slice/user-0.slice\n", mounts))
                .containsExactly(
                        new ControlGroups.Directory(Path.of("/sys/fs/cgroup/user.slice/user-0.slice"), true),
                        new ControlGroups.Directory(Path.of("/sys/fs/cgroup/user.slice"), true),
                        new ControlGroups.Directory(Path.of("/sys/fs/cgroup"), true));
    }

    @Test
    void inAContainerTheMountMayBeginBelow() {
        String mounts = "29 23 0:26 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw\n";
        assertThat(ControlGroups.of("pids", "0::/docker/abc/inner\n", mounts))
                .extracting(ControlGroups.Directory::path)
                .containsExactly(Path.of("/sys/fs/cgroup/inner"), Path.of("/sys/fs/cgroup"));
        assertThat(ControlGroups.of("pids", "0::/../other\n", mounts))
                .extracting(ControlGroups.Directory::path)
                .containsExactly(Path.of("/sys/fs/cgroup"));
    }

    @Test
    void withoutAnyThereAreNone() {
        assertThat(ControlGroups.of("pids", "", "")).isEmpty();
        assertThat(ControlGroups.of("pids", "0::/a\n", "broken line\n")).isEmpty();
    }
}
