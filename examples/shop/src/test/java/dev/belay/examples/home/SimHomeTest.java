package dev.belay.examples.home;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.search.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimHomeTest {
  private static final Analyzer ANALYZER = analyzer();

  private static Analyzer analyzer() {
    SimHome home = new SimHome(Set.of(), 1);
    List<Observation> healthy = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      healthy.add(look(home, FaultPlan.NONE));
    }
    return new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
  }

  private static Observation look(SimHome home, FaultPlan plan) {
    try {
      return home.run(plan);
    } catch (InterruptedException never) {
      throw new AssertionError(never);
    }
  }

  private static double badness(FaultPlan plan, Observation seen) {
    return ANALYZER.score(plan, seen).discovery();
  }

  private static Fault fault(String edge, Effect effect) {
    String[] ends = edge.split(">", 2);
    return Fault.at(new Edge(ends[0], ends[1]), effect);
  }

  private static Fault delay(String edge, long millis) {
    return fault(edge, new Effect.Delay(Duration.ofMillis(millis)));
  }

  private static Fault abort(String edge, int status) {
    return fault(edge, new Effect.Abort(status));
  }

  private static Fault reset(String edge) {
    return fault(edge, new Effect.Reset());
  }

  static Stream<Arguments> triggers() {
    return Stream.of(
        Arguments.of(Flaw.HASTY_PROFILE, FaultPlan.of(delay("user-profile>mapper", 500))),
        Arguments.of(Flaw.MAPPER_NOT_AVAILABLE, FaultPlan.of(abort("user-profile>mapper", 503))),
        Arguments.of(Flaw.SAME_LIST_SERVER, FaultPlan.of(abort("gateway>my-list", 500))),
        Arguments.of(
            Flaw.UNKNOWN_TITLE_LEAKS,
            FaultPlan.of(reset("gateway>ratings"), abort("gateway>catalog", 404))),
        Arguments.of(
            Flaw.BOOKMARKS_NEED_TRENDING,
            FaultPlan.of(reset("gateway>bookmarks"), abort("gateway>trending", 500))),
        Arguments.of(
            Flaw.TELEMETRY_IS_AWAITED,
            FaultPlan.of(abort("gateway>bookmarks", 500), delay("gateway>telemetry", 600))),
        Arguments.of(
            Flaw.UNRATED_FOR_CHILDREN,
            FaultPlan.of(abort("gateway>user-profile", 500), reset("gateway>ratings"))),
        Arguments.of(
            Flaw.RECOMMENDATIONS_NEED_TRENDING,
            FaultPlan.of(
                delay("gateway>user-recs", 900),
                abort("gateway>global-recs", 503),
                delay("gateway>trending", 600))));
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void eachFlawShowsUnderItsTriggerAndIsSeenFromOutside(Flaw flaw, FaultPlan trigger) {
    SimHome home = new SimHome(EnumSet.of(flaw), 1);

    Observation seen = look(home, trigger);

    assertThat(home.shown()).containsExactly(flaw);
    assertThat(badness(trigger, seen)).isGreaterThanOrEqualTo(Signature.FAILURE);
    assertThat(flaw.order()).isEqualTo(trigger.size());
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void noPartOfATriggerIsEnough(Flaw flaw, FaultPlan trigger) {
    SimHome home = new SimHome(EnumSet.of(flaw), 1);
    for (Fault fault : trigger.faults()) {
      FaultPlan less = trigger.without(fault);
      Observation seen = look(home, less);
      assertThat(home.shown()).isEmpty();
      assertThat(badness(less, seen)).isLessThan(Signature.FAILURE);
    }
  }

  @ParameterizedTest
  @MethodSource("triggers")
  void aPageWithoutFlawsBearsEveryTrigger(Flaw flaw, FaultPlan trigger) {
    SimHome home = new SimHome(Set.of(), 1);

    assertThat(badness(trigger, look(home, trigger))).as(flaw.name()).isLessThan(Signature.FAILURE);
  }

  /** Looks like trouble, and is borne: slow pictures, adverts that fail, features and history. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "gateway>artwork",
        "gateway>adverts",
        "bookmarks>history",
        "user-recs>features",
        "gateway>global-recs",
        "gateway>my-list-replica"
      })
  void decoysAreBorneByAPageWithAllFlaws(String edge) {
    SimHome home = new SimHome(EnumSet.allOf(Flaw.class), 1);
    for (Fault fault : List.of(abort(edge, 503), reset(edge), delay(edge, 3_000))) {
      FaultPlan plan = FaultPlan.of(fault);
      assertThat(badness(plan, look(home, plan))).as("%s", fault).isLessThan(Signature.FAILURE);
      assertThat(home.shown()).isEmpty();
    }
  }

  @Test
  void aThousandLooksAtAPageWithoutFaultsAreServed() {
    for (Set<Flaw> flaws : List.of(Set.<Flaw>of(), EnumSet.allOf(Flaw.class))) {
      SimHome home = new SimHome(flaws, 3);
      for (int i = 0; i < 1_000; i++) {
        Observation seen = look(home, FaultPlan.NONE);
        assertThat(seen.reply().status()).hasValue(200);
        assertThat(badness(FaultPlan.NONE, seen)).isLessThan(2);
        assertThat(home.shown()).isEmpty();
      }
    }
  }

  /** Up to three faults anywhere, with all flaws out: nothing that the page does is a failure. */
  @Test
  void aPageWithoutFlawsBearsWhateverIsDoneToIt() {
    SplittableRandom random = new SplittableRandom(5);
    SimHome home = new SimHome(Set.of(), 9);
    for (int i = 0; i < 5_000; i++) {
      FaultPlan plan = SimHome.space().any(random);
      assertThat(badness(plan, look(home, plan))).as("%s", plan).isLessThan(Signature.FAILURE);
    }
  }

  @Test
  void theSameSeedGivesTheSameObservations() {
    FaultPlan plan = FaultPlan.of(abort("gateway>ratings", 500).withPercentage(50));
    SimHome one = new SimHome(EnumSet.allOf(Flaw.class), 11);
    SimHome other = new SimHome(EnumSet.allOf(Flaw.class), 11);
    for (int i = 0; i < 50; i++) {
      assertThat(look(one, plan)).isEqualTo(look(other, plan));
    }
  }
}
