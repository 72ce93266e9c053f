package dev.belay.bench.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.Signature;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AnySystemTest {
  private static Analyzer analyzer(Course system) throws InterruptedException {
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      healthy.add(system.run(FaultPlan.NONE));
      assertThat(system.shown()).isEmpty();
    }
    return new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
  }

  @Test
  void withoutDefectsTheyBearWhateverIsDoneToThem() throws Exception {
    SplittableRandom random = new SplittableRandom(1);
    for (int seed = 0; seed < 40; seed++) {
      Course system = AnySystem.of(seed, false);
      Analyzer analyzer = analyzer(system);
      assertThat(system.planted()).isEmpty();
      for (int i = 0; i < 200; i++) {
        FaultPlan plan = system.space().any(random);
        assertThat(analyzer.score(plan, system.run(plan)).discovery())
            .as("%s in %d", plan, seed)
            .isLessThan(Signature.FAILURE);
      }
    }
  }

  @Test
  void whatShowsIsSeenFromOutsideAndNothingElseIs() throws Exception {
    SplittableRandom random = new SplittableRandom(2);
    Set<String> kinds = new HashSet<>();
    for (int seed = 0; seed < 60; seed++) {
      Course system = AnySystem.of(seed, true);
      Analyzer analyzer = analyzer(system);
      for (int i = 0; i < 400; i++) {
        FaultPlan plan = system.space().any(random);
        boolean fails = analyzer.score(plan, system.run(plan)).discovery() >= Signature.FAILURE;
        assertThat(fails)
            .as("%s in %d shows %s", plan, seed, system.shown())
            .isEqualTo(!system.shown().isEmpty());
        system.shown().forEach(plant -> kinds.add(plant.kind()));
        assertThat(system.planted()).containsAll(system.shown());
      }
    }
    assertThat(kinds).contains("one fault", "2 faults, one helper after another");
  }

  @Test
  void aSeedGivesTheSameSystem() throws Exception {
    Course one = AnySystem.of(7, true);
    Course other = AnySystem.of(7, true);

    assertThat(one.planted()).isEqualTo(other.planted());
    assertThat(one.run(FaultPlan.NONE)).isEqualTo(other.run(FaultPlan.NONE));
  }

  @Test
  void aRaceSaysWhoFoundWhatAndWhetherTheBarsAreMet() throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    Race.Result result =
        new Race(
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new Race.Field(7_000, 2, "shop", true))
            .run();

    assertThat(result.markdown())
        .contains(
            "**Belay**", "tax without fallback", "| false reports | <= 5 % |", "12.00 defects")
        .doesNotContain("NaN");
    assertThat(printed.toString(StandardCharsets.UTF_8)).contains("shop, **Belay**");
  }
}
