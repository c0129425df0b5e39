package dev.gnomon.application;

import dev.gnomon.network.HostNetwork;
import dev.gnomon.network.Ipv4;
import dev.gnomon.network.TestNetwork;
import java.util.ArrayList;
import java.util.List;

/** A host of a {@link TestNetwork} that runs one application. */
final class TestHost implements ApplicationControl {
    static final int RUNNING = -1;

    final HostNetwork network;
    final List<String> complaints = new ArrayList<>();
    int status = RUNNING;
    private Application application;

    TestHost(TestNetwork network, String address, long bitsPerSecond) {
        this.network = network.host(address, bitsPerSecond);
    }

    TestHost run(ApplicationSettings settings, String... targets) {
        int[] addresses = new int[targets.length];
        for (int i = 0; i < targets.length; i++) {
            addresses[i] = Ipv4.parse(targets[i]);
        }
        application = settings.create(network, this, addresses);
        application.start();
        return this;
    }

    Application application() {
        return application;
    }

    /** The lines of the summary. */
    List<String> summary() {
        return application.summary().lines().toList();
    }

    @Override
    public void complain(String line) {
        complaints.add(line);
    }

    @Override
    public void exit(int exitStatus) {
        status = exitStatus;
        application.close();
    }
}
