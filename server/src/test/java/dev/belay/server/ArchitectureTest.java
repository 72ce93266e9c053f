package dev.belay.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.Predefined;
import java.io.PrintStream;
import java.time.Instant;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The rules of the house. */
class ArchitectureTest {
  private static final JavaClasses OURS =
      new ClassFileImporter()
          .withImportOption(Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.belay");

  @Test
  void coreNeedsOnlyTheJdk() {
    classes()
        .that()
        .resideInAnyPackage(
            "dev.belay",
            "dev.belay.select",
            "dev.belay.ledger",
            "dev.belay.simulate",
            "dev.belay.process")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..",
            "javax.net.ssl",
            "dev.belay",
            "dev.belay.select",
            "dev.belay.ledger",
            "dev.belay.simulate",
            "dev.belay.process",
            "org.jspecify..",
            "com.google.errorprone.annotations..")
        .check(OURS);
  }

  @Test
  void theEngineKnowsNoneOfItsParts() {
    noClasses()
        .that()
        .resideInAPackage("dev.belay")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.belay.*..")
        .check(OURS);
  }

  @Test
  void importsGoDown() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.belay.http..", "dev.belay.testkit..", "dev.belay.settings..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.belay.proxy..",
            "dev.belay.llm..",
            "dev.belay.flow..",
            "dev.belay.chaos..",
            "dev.belay.server..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("dev.belay.chaos..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.belay.server..",
            "dev.belay.testkit..",
            "dev.belay.examples..",
            "dev.belay.proxy..",
            "dev.belay.llm..",
            "dev.belay.flow..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("dev.belay.flow..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.belay.server..",
            "dev.belay.testkit..",
            "dev.belay.proxy..",
            "dev.belay.llm..",
            "dev.belay.chaos..",
            "dev.belay.http..",
            "io.vertx..",
            "io.netty..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("dev.belay.proxy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.belay.server..",
            "dev.belay.testkit..",
            "dev.belay.llm..",
            "dev.belay.flow..",
            "dev.belay.chaos..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("dev.belay.llm..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.belay.server..",
            "dev.belay.testkit..",
            "dev.belay.proxy..",
            "dev.belay.flow..",
            "dev.belay.chaos..")
        .check(OURS);
    noClasses()
        .that()
        .resideInAPackage("dev.belay.testkit..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.belay.http..", "io.vertx..", "io.netty..")
        .check(OURS);
  }

  @Test
  void onlyTheEdgesOfTheModelRoomKnowSockets() {
    noClasses()
        .that()
        .resideInAPackage("dev.belay.llm..")
        .and()
        .resideOutsideOfPackages("dev.belay.llm.transport", "dev.belay.llm.gateway")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(OURS);
  }

  @Test
  void onlyTheEdgesOfTheChaosRoomKnowSockets() {
    noClasses()
        .that()
        .resideInAPackage("dev.belay.chaos..")
        .and()
        .resideOutsideOfPackages("dev.belay.chaos.inject.plane", "dev.belay.chaos.trace.receive")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..")
        .check(OURS);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("dev.belay.(**)").should().beFreeOfCycles().check(OURS);
  }

  /** All may use what they share, which knows none of them. */
  @Test
  void roomsOfTheCommandLineDoNotKnowEachOther() {
    slices()
        .matching("dev.belay.server.cli.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            JavaClass.Predicates.resideInAPackage("dev.belay.server.cli.."),
            JavaClass.Predicates.resideInAPackage("dev.belay.server.cli.shared"))
        .check(OURS);
  }

  @Test
  void onlyTheServerKnowsTheCommandLine() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.belay.server..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("picocli..", "java.sql..")
        .check(OURS);
  }

  @Test
  void onlyTheStoreKnowsSql() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.belay.server.store")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "java.sql..",
            "org.jdbi..",
            "com.zaxxer..",
            "org.flywaydb..",
            "org.sqlite..",
            "org.postgresql..")
        .check(OURS);
  }

  /** The testkit stands for the world outside, which has clocks of its own. */
  @Test
  void onlySystemTimeReadsTheClockOrSleeps() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.belay.testkit..")
        .and()
        .doNotHaveFullyQualifiedName("dev.belay.SystemTime")
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .orShould()
        .callMethod(Thread.class, "sleep", java.time.Duration.class)
        .check(OURS);
  }

  @Test
  void noStaticFieldChanges() {
    fields().that().areStatic().should().beFinal().check(OURS);
  }

  @Test
  void nobodyPrintsButProgramsThemselves() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.belay.server.cli.shared.Terminal")
        .and()
        .doNotHaveFullyQualifiedName("dev.belay.examples.shop.net.ShopService")
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace", PrintStream.class)
        .check(OURS);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked =
        OURS.stream()
            .map(JavaClass::getPackage)
            .distinct()
            .filter(pack -> pack.getClasses().stream().anyMatch(ArchitectureTest::isCode))
            .filter(pack -> !pack.isAnnotatedWith(NullMarked.class))
            .map(pack -> pack.getName())
            .collect(Collectors.toSet());
    assertThat(unmarked).isEmpty();
  }

  private static boolean isCode(JavaClass type) {
    return !type.getSimpleName().equals("package-info");
  }

  @Test
  void theFacesOfTheEngineShowNoForeignType() {
    classes()
        .that()
        .resideInAnyPackage(
            "dev.belay",
            "dev.belay.select",
            "dev.belay.ledger",
            "dev.belay.simulate",
            "dev.belay.process")
        .and(areFaces())
        .should()
        .onlyDependOnClassesThat()
        .resideOutsideOfPackages("io..", "tools..", "com.fasterxml..")
        .check(OURS);
  }

  private static DescribedPredicate<JavaClass> areFaces() {
    return DescribedPredicate.describe(
        "are public", type -> type.getModifiers().contains(JavaModifier.PUBLIC));
  }
}
