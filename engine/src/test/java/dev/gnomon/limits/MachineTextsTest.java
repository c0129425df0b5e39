package dev.gnomon.limits;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MachineTextsTest {
    private static final String LIMITS = """
            Limit                     Soft Limit           Hard Limit           Units
            Max cpu time              unlimited            unlimited            seconds
            Max processes             95963                96000                processes
            Max open files            1024                 1048576              files
            """;

    @Test
    void numbersAndTheWordsForNone() {
        assertThat(MachineTexts.number("32768\n")).hasValue(32_768);
        assertThat(MachineTexts.number("-1\n")).hasValue(-1);
        assertThat(MachineTexts.number("max\n")).isEmpty();
        assertThat(MachineTexts.number("")).isEmpty();
        assertThat(MachineTexts.number("9223372036854771712\n"))
                .as("no limit of memory in version 1 of control groups")
                .isEmpty();
    }

    @Test
    void resourceLimits() {
        assertThat(MachineTexts.resourceLimit(LIMITS, "Max open files", 0)).hasValue(1024);
        assertThat(MachineTexts.resourceLimit(LIMITS, "Max open files", 1)).hasValue(1_048_576);
        assertThat(MachineTexts.resourceLimit(LIMITS, "Max processes", 0)).hasValue(95_963);
        assertThat(MachineTexts.resourceLimit(LIMITS, "Max cpu time", 1)).isEmpty();
        assertThat(MachineTexts.resourceLimit(LIMITS, "Max nothing", 0)).isEmpty();
    }

    @Test
    void whatElseIsReadOfProc() {
        assertThat(MachineTexts.tasks("0.57 1.04 0.95 1/88 23417\n")).hasValue(88);
        assertThat(MachineTexts.tasks("")).isEmpty();
        String memory = """
                MemTotal:       24684092 kB
                MemAvailable:   24223520 kB
                """;
        assertThat(MachineTexts.memoryBytes(memory, "MemAvailable")).hasValue(24_223_520L << 10);
        assertThat(MachineTexts.memoryBytes(memory, "MemFree")).isEmpty();
        assertThat(MachineTexts.statistic("anon 5\ninactive_file 4096\n", "inactive_file"))
                .hasValue(4096);
        String status = """
                CapEff:\t000001fffeffffff
                NoNewPrivs:\t0
                Seccomp_filters:\t2
                Cpus_allowed_list:\t2-3,8
                """;
        assertThat(MachineTexts.status(status, "Seccomp_filters")).isEqualTo("2");
        assertThat(MachineTexts.status(status, "Seccomp")).isEmpty();
        assertThat(MachineTexts.firstProcessor(MachineTexts.status(status, "Cpus_allowed_list")))
                .isEqualTo(2);
        assertThat(MachineTexts.hasCapability("000001fffeffffff", MachineTexts.CAP_SYS_ADMIN))
                .isTrue();
        assertThat(MachineTexts.hasCapability("000001fffeffffff", 24)).isFalse();
        assertThat(MachineTexts.hasCapability("0000000000000000", MachineTexts.CAP_SYS_ADMIN))
                .isFalse();
    }
}
