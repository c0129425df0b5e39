package dev.gnomon.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import jakarta.persistence.Entity;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.bind.annotation.RestController;

@AnalyzeClasses(packages = "dev.gnomon.service", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule features_have_no_cycles =
            slices().matching("dev.gnomon.service.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule controllers_are_nobody_elses =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule nothing_is_injected_into_fields = noFields().should().beAnnotatedWith(Autowired.class);

    @ArchTest
    static final ArchRule controllers_answer_with_records_and_not_with_entities = noMethods()
            .that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(RestController.class)
            .should()
            .haveRawReturnType(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "an entity", type -> type.isAnnotatedWith(Entity.class)));

    @ArchTest
    static final ArchRule of_the_engine_only_the_entrance_and_definitions_are_used = noClasses()
            .should()
            .dependOnClassesThat(com.tngtech.archunit.base.DescribedPredicate.describe(
                    "inside the engine",
                    type -> type.getPackageName().startsWith("dev.gnomon.")
                            && !type.getPackageName().startsWith("dev.gnomon.service")
                            && !type.getPackageName().equals("dev.gnomon.run")
                            && !type.getPackageName().equals("dev.gnomon.definition")));

    @ArchTest
    static final ArchRule definitions_are_read_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("dev.gnomon.service.definition..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("dev.gnomon.definition.DefinitionReader");

    @ArchTest
    static final ArchRule the_engine_is_started_in_one_place = noClasses()
            .that()
            .resideOutsideOfPackage("dev.gnomon.service.executor..")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("dev.gnomon.run.Simulation");

    @ArchTest
    static final ArchRule native_mappings_stay_in_the_engine =
            noClasses().should().dependOnClassesThat().resideInAPackage("com.sun.jna..");
}
