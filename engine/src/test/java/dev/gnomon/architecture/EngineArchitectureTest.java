package dev.gnomon.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The rooms of the house and the doors between them. */
class EngineArchitectureTest {
    private static final JavaClasses ENGINE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gnomon");

    /** From top to bottom: a package uses only those below it. */
    private static final String[] LAYERS = {
        "cli", "bench", "run", "limits", "host", "application", "call", "kernel", "network", "guest", "trace", "jna",
    };

    @Test
    void packagesUseOnlyWhatLiesBelow() {
        for (int lower = 1; lower < LAYERS.length; lower++) {
            String[] above = new String[lower];
            for (int i = 0; i < lower; i++) {
                above[i] = "dev.gnomon." + LAYERS[i] + "..";
            }
            if (LAYERS[lower].equals("trace") || LAYERS[lower].equals("guest") || LAYERS[lower].equals("network")) {
                // The traces write down what lies beside them: packets, memory.
                above = new String[] {
                    "dev.gnomon.cli..",
                    "dev.gnomon.run..",
                    "dev.gnomon.limits..",
                    "dev.gnomon.host..",
                    "dev.gnomon.application..",
                    "dev.gnomon.call.."
                };
            }
            noClasses()
                    .that()
                    .resideInAPackage("dev.gnomon." + LAYERS[lower] + "..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(above)
                    .check(ENGINE);
        }
    }

    @Test
    void nativeMappingsLiveInOnePackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.gnomon.jna..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.sun.jna..")
                .check(ENGINE);
    }

    @Test
    void theEngineKnowsNothingOfSpring() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.springframework..")
                .check(ENGINE);
    }

    @Test
    void nothingThatAResultDependsOnAsksTheMachineForTimeOrChance() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "dev.gnomon.simulation..",
                        "dev.gnomon.host..",
                        "dev.gnomon.application..",
                        "dev.gnomon.call..",
                        "dev.gnomon.kernel..",
                        "dev.gnomon.network..",
                        "dev.gnomon.graph..",
                        "dev.gnomon.trace..")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.time.Clock")
                .check(ENGINE);
    }

    @Test
    void familiesOfCallsAreNamedSo() {
        classes()
                .that()
                .resideInAPackage("dev.gnomon.call")
                .and()
                .haveSimpleNameEndingWith("Calls")
                .should()
                .bePublic()
                .orShould()
                .bePackagePrivate()
                .andShould()
                .haveOnlyFinalFields()
                .check(ENGINE);
    }
}
