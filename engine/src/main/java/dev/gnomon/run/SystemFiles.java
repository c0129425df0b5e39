package dev.gnomon.run;

import dev.gnomon.definition.Definition;
import dev.gnomon.definition.HostDefinition;
import dev.gnomon.kernel.SpecialPaths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The files that guests see in place of the machine's: names of hosts, how names are resolved, processors and memory.
 * See {@code hosts(5)}, {@code resolv.conf(5)}, {@code nsswitch.conf(5)}, {@code proc(5)}.
 */
final class SystemFiles {
    private static final String ALL_HOSTS = "all";
    private static final long MEMORY_KIB = 16L << 20;

    private final RunDirectory directory;
    private final Path guestSystem;
    private final SpecialPaths paths;

    private SystemFiles(RunDirectory directory, Path guestDataDirectory) {
        this.directory = directory;
        this.guestSystem = guestDataDirectory.resolve(directory.relative(directory.system()));
        this.paths = new SpecialPaths(guestSystem.toString());
    }

    /**
     * @param nameServer the address of the name server, as text
     * @param guestDataDirectory where guests find the data directory
     */
    static SpecialPaths write(RunDirectory directory, Definition definition, String nameServer, Path guestDataDirectory)
            throws IOException {
        SystemFiles files = new SystemFiles(directory, guestDataDirectory);
        files.writeShared(definition, nameServer);
        for (HostDefinition host : definition.hosts()) {
            if (host.startsPrograms()) {
                files.writeHost(host.name());
            }
        }
        return files.paths;
    }

    private void writeShared(Definition definition, String nameServer) throws IOException {
        StringBuilder hosts = new StringBuilder("127.0.0.1 localhost\n");
        for (HostDefinition host : definition.hosts()) {
            hosts.append(host.ipv4AddressText()).append(' ').append(host.name()).append('\n');
        }
        share("/etc/hosts", hosts.toString());
        share("/etc/resolv.conf", "nameserver " + nameServer + "\n");
        share("/etc/nsswitch.conf", """
                passwd: files
                group: files
                shadow: files
                hosts: files dns
                networks: files
                protocols: files
                services: files
                """);
        share("/etc/host.conf", "multi on\n");
        share("/etc/gai.conf", "");
        share("/proc/cpuinfo", """
                processor\t: 0
                vendor_id\t: Gnomon
                model name\t: simulated processor
                cpu MHz\t\t: 1000.000
                physical id\t: 0
                siblings\t: 1
                core id\t\t: 0
                cpu cores\t: 1
                flags\t\t: fpu tsc cx8 cmov mmx fxsr sse sse2 syscall nx lm

                """);
        share(
                "/proc/meminfo",
                "MemTotal:       " + MEMORY_KIB + " kB\nMemFree:        " + MEMORY_KIB * 3 / 4
                        + " kB\nMemAvailable:   " + MEMORY_KIB * 3 / 4
                        + " kB\nBuffers:               0 kB\nCached:                0 kB\nSwapTotal:             0 kB\n"
                        + "SwapFree:              0 kB\n");
        share("/proc/loadavg", "0.00 0.00 0.00 1/1 1000\n");
        share("/proc/stat", "cpu  0 0 0 0 0 0 0 0 0 0\ncpu0 0 0 0 0 0 0 0 0 0 0\nbtime 0\n");
        share("/proc/version", "Linux version 6.1.0 (gnomon) #1 SMP\n");
        share("/proc/sys/kernel/osrelease", "6.1.0\n");
        share("/proc/sys/kernel/ostype", "Linux\n");
        share("/proc/sys/net/core/somaxconn", "4096\n");
        share("/sys/devices/system/cpu/online", "0\n");
        share("/sys/devices/system/cpu/possible", "0\n");
        share("/sys/devices/system/cpu/present", "0\n");
    }

    private void writeHost(String name) throws IOException {
        Path own = Files.createDirectories(directory.system().resolve(name));
        Files.writeString(own.resolve("hostname"), name + "\n");
        Files.createDirectories(own.resolve("shm"));
        paths.addPerHost("/etc/hostname", "hostname");
        paths.addPerHost("/proc/sys/kernel/hostname", "hostname");
        paths.addPerHost("/dev/shm/", "shm/");
    }

    private void share(String path, String content) throws IOException {
        Path file = directory.system().resolve(ALL_HOSTS + path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        paths.add(path, guestSystem.resolve(ALL_HOSTS + path).toString());
    }
}
