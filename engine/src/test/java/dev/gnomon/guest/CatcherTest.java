package dev.gnomon.guest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The process that catches what escapes the shim of hybrid guests. */
class CatcherTest extends OpenRuntime {
    CatcherTest() {
        super(1);
    }

    private GuestHostBlock.StartedGuest start(Mechanism mechanism) throws Exception {
        GuestHostBlock.StartedGuest guest = host.start(new GuestHostBlock.StartRequest(
                mechanism,
                NativeTarget.guest("exit-status"),
                List.of("exit-status", "0"),
                List.of(),
                directory,
                Path.of("/dev/null"),
                Path.of("/dev/null")));
        assertThat(guest.thread().await(PATIENCE)).isEqualTo(GuestThreadChannel.Stop.CALL);
        return guest;
    }

    private ProcessHandle catcher(GuestHostBlock.StartedGuest... guests) throws Exception {
        List<Long> known = Arrays.stream(guests)
                .map(guest -> (long) guest.thread().machineProcessId())
                .toList();
        return ProcessHandle.of(runtime.zygote().processId())
                .orElseThrow()
                .children()
                .filter(child -> !known.contains(child.pid()))
                .findAny()
                .orElseThrow();
    }

    @Test
    void withoutItItsGuestsAreEndedAndOthersAreNot() throws Exception {
        GuestHostBlock.StartedGuest injected = start(Mechanism.INJECT);
        GuestHostBlock.StartedGuest hybrid = start(Mechanism.HYBRID);
        catcher(injected, hybrid).destroyForcibly();

        assertThat(hybrid.process().awaitDeath(PATIENCE)).isTrue();
        assertThat(hybrid.process().waitStatus()).isEqualTo(SIGKILL);
        assertThat(hybrid.process().misconduct())
                .hasValueSatisfying(what -> assertThat(what).contains("lost the process that catches"));
        assertThat(injected.process().awaitDeath(TimeUnit.MILLISECONDS.toNanos(50)))
                .isFalse();
    }

    @Test
    void guestsStartedAfterItsDeathHaveAnother() throws Exception {
        GuestHostBlock.StartedGuest first = start(Mechanism.HYBRID);
        ProcessHandle lost = catcher(first);
        lost.destroyForcibly();
        assertThat(first.process().awaitDeath(PATIENCE)).isTrue();

        GuestHostBlock.StartedGuest second = start(Mechanism.HYBRID);
        assertThat(catcher(second).pid()).isNotEqualTo(lost.pid());
        assertThat(second.process().misconduct()).isEmpty();
    }
}
