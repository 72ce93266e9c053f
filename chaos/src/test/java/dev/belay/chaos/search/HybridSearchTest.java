package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HybridSearchTest {

  /** A search at work on a system. */
  private static final class Hunt {
    private final Synthetic system;
    private final Search search;
    private final Analyzer analyzer;
    private final List<FaultPlan> plans = new ArrayList<>();
    private final List<String> arms = new ArrayList<>();
    private final Set<Integer> found = new HashSet<>();
    private final Map<String, Set<Integer>> truth = new HashMap<>();

    Hunt(Synthetic system, long seed) {
      this(system, new FaultSpace(system.edges(), FaultSpace.Kinds.DEFAULT, 3), seed);
    }

    Hunt(Synthetic system, FaultSpace space, long seed) {
      this(system, space, seed, Beginning.NOTHING);
    }

    Hunt(Synthetic system, FaultSpace space, long seed, Beginning beginning) {
      this.system = system;
      List<Observation> healthy = List.of(system.run(FaultPlan.NONE));
      this.search = new HybridSearch(space, healthy, seed, beginning);
      this.analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    }

    Hunt go(int trials) {
      for (int i = 0; i < trials; i++) {
        tried(search.next().orElseThrow());
      }
      return this;
    }

    /** Tries what was proposed; false if nothing was. */
    boolean goOn() {
      Optional<Proposal> proposal = search.next();
      proposal.ifPresent(this::tried);
      return proposal.isPresent();
    }

    private void tried(Proposal proposal) {
      plans.add(proposal.plan());
      arms.add(proposal.arm());
      Observation seen = system.run(proposal.plan());
      found.addAll(system.shown());
      Insight insight = search.saw(plans.size(), seen, analyzer.score(proposal.plan(), seen));
      insight
          .failure()
          .ifPresent(failure ->
              truth.computeIfAbsent(failure, none -> new HashSet<>()).addAll(system.shown()));
    }

    boolean fails(FaultPlan plan) {
      Observation seen = system.run(plan);
      return analyzer.score(plan, seen).discovery() >= Signature.FAILURE;
    }
  }

  private static FaultPlan aborts(Edge... edges) {
    List<Fault> faults = new ArrayList<>();
    for (Edge edge : edges) {
      faults.add(Fault.at(edge, new Effect.Abort(503)));
    }
    return new FaultPlan(faults);
  }

  private static Beginning.Past past(String signature, FaultPlan plan) {
    return new Beginning.Past(signature, plan, new Defect.Odds(4, 4), "");
  }

  private static final Synthetic PAIR =
      new Synthetic(List.of(Synthetic.Wrong.PAIR, Synthetic.Wrong.NOTHING));

  @Test
  void beginsWithWhatFailedBeforeAndGoesOn() {
    Beginning beginning =
        new Beginning(
            List.of(
                past("a", aborts(Synthetic.first(0), Synthetic.second(0))),
                past("b", aborts(Synthetic.first(1)))),
            false);
    FaultSpace space = new FaultSpace(PAIR.edges(), FaultSpace.Kinds.DEFAULT, 3);

    Hunt hunt = new Hunt(PAIR, space, 1, beginning).go(30);

    assertThat(hunt.arms.getFirst()).isEqualTo("regression");
    assertThat(hunt.arms.stream().filter("regression"::equals)).hasSize(2);
    assertThat(hunt.arms).contains("sweep");
    assertThat(hunt.search.defects()).hasSize(1);
    assertThat(hunt.search.defects().getFirst().trial()).isEqualTo(1);
  }

  @Test
  void boilsDownOnceMoreAndDoesNothingElse() {
    FaultPlan more = aborts(Synthetic.first(1), Synthetic.first(0), Synthetic.second(0));
    Beginning beginning = new Beginning(List.of(past("a", more)), true);
    Hunt hunt = new Hunt(PAIR, beginning.space(), 1, beginning);

    int trials = 0;
    while (trials < 100 && hunt.goOn()) {
      trials++;
    }

    assertThat(trials).isBetween(3, 30);
    assertThat(hunt.arms.getFirst()).isEqualTo("again");
    assertThat(hunt.arms).containsAnyOf("confirm", "minimise").doesNotContain("sweep", "random");
    assertThat(hunt.search.defects().getFirst().minimal().orElseThrow().plan())
        .isEqualTo(aborts(Synthetic.first(0), Synthetic.second(0)));
  }

  @Test
  void whatShowsSeldomIsTriedOftenBeforeItIsSaidToBeGone() {
    assertThat(past("a", aborts(Synthetic.first(0))).patience()).isEqualTo(1);
    Defect.Odds seldom = new Defect.Odds(3, 8);
    assertThat(new Beginning.Past("a", aborts(Synthetic.first(0)), seldom, "").patience())
        .isEqualTo(16);
  }

  @Test
  void aBeginningIsReadAsItWasWritten() {
    Beginning beginning =
        new Beginning(
            List.of(
                new Beginning.Past(
                    "GET / | 500", aborts(Synthetic.first(0)), new Defect.Odds(3, 4), "abc")),
            true);

    assertThat(Beginning.read(beginning.document())).isEqualTo(beginning);
    assertThat(Beginning.read("{}")).isEqualTo(Beginning.NOTHING);
    assertThat(beginning.of("abc").plans()).hasSize(1);
    assertThat(beginning.of("xyz").plans()).isEmpty();
  }

  @Test
  void aSystemIsKnownByItsCallsWhateverTheirOrder() {
    List<Edge> edges = PAIR.edges();
    FaultSpace.Kinds kinds = FaultSpace.Kinds.DEFAULT;
    String topology = new FaultSpace(edges, kinds, 3).topology();

    assertThat(new FaultSpace(edges.reversed(), kinds, 2).topology()).isEqualTo(topology);
    assertThat(new FaultSpace(edges.subList(1, edges.size()), kinds, 3).topology())
        .isNotEqualTo(topology);
  }

  @Test
  void findsAllThatIsPlantedAndNothingElse() {
    Cases.check(
        60,
        random -> new Hunt(Synthetic.any(random), random.nextLong()).go(250),
        hunt -> {
          assertThat(hunt.found).isEqualTo(hunt.system.planted());
          for (Defect defect : hunt.search.defects()) {
            assertThat(hunt.truth.getOrDefault(defect.signature(), Set.of()))
                .as(defect.toString())
                .isNotEmpty();
          }
        });
  }

  @Test
  void whatItBoilsDownToShowsTheFailureAndNoPartOfItDoes() {
    Cases.check(
        60,
        random -> new Hunt(Synthetic.any(random), random.nextLong()).go(250),
        hunt -> {
          for (Defect defect : hunt.search.defects()) {
            FaultPlan plan = defect.minimal().orElseThrow().plan();
            assertThat(hunt.fails(plan)).isTrue();
            for (Fault fault : plan.faults()) {
              assertThat(plan.size() > 1 && hunt.fails(plan.without(fault)))
                  .as("%s without %s", plan, fault)
                  .isFalse();
            }
          }
        });
  }

  @Test
  void aFaultThatOnlyMovesAFailureMakesNoDefectOfIt() {
    Synthetic system =
        new Synthetic(
            List.of(Synthetic.Wrong.IN_THE_END, Synthetic.Wrong.NOTHING, Synthetic.Wrong.NOTHING));
    for (int seed = 0; seed < 20; seed++) {
      Hunt hunt = new Hunt(system, seed).go(200);

      assertThat(hunt.truth.keySet()).hasSizeGreaterThan(1);
      List<Defect.Minimal> minimal =
          hunt.search.defects().stream().flatMap(defect -> defect.minimal().stream()).toList();
      assertThat(minimal).hasSize(1);
      assertThat(minimal.getFirst().plan().size()).isEqualTo(1);
    }
  }

  @Test
  void lossesThatNoCallTiesTogetherAreTogetherSoon() {
    Hunt hunt =
        new Hunt(new Synthetic(java.util.Collections.nCopies(7, Synthetic.Wrong.NOTHING)), 5)
            .go(45);

    Set<Set<Edge>> together = new HashSet<>();
    for (FaultPlan plan : hunt.plans) {
      for (Fault one : plan.faults()) {
        for (Fault other : plan.faults()) {
          if (one.edge().callee().startsWith("svc") && other.edge().callee().startsWith("svc")) {
            together.add(Set.copyOf(List.of(one.edge(), other.edge())));
          }
        }
      }
    }
    together.removeIf(edges -> edges.size() == 1);
    assertThat(together).hasSizeGreaterThanOrEqualTo(7 * 6 / 2 - 1);
  }

  @Test
  void whatShowsSeldomDoesNotKeepTheRestWaiting() {
    Synthetic system =
        new Synthetic(
            List.of(Synthetic.Wrong.SELDOM, Synthetic.Wrong.PAIR, Synthetic.Wrong.NOTHING));

    Hunt hunt = new Hunt(system, 3).go(300);

    int first = hunt.arms.indexOf("confirm");
    List<String> after = hunt.arms.subList(first, first + 20);
    assertThat(after.stream().filter("confirm"::equals)).hasSizeBetween(1, 10);
    assertThat(hunt.search.defects())
        .extracting(Defect::signature)
        .contains("GET / | 500 | front>svc-0", "GET / | 500 | front>help-1");
  }

  @Test
  void whatIsKnownToFailIsNotTriedAgainUnlessToBeSure() {
    Cases.check(
        30,
        random -> new Hunt(Synthetic.any(random), random.nextLong()),
        hunt -> {
          for (int i = 0; i < 150; i++) {
            List<FaultPlan> minimal =
                hunt.search.defects().stream()
                    .flatMap(defect -> defect.minimal().stream())
                    .map(Defect.Minimal::plan)
                    .toList();
            hunt.go(1);
            for (FaultPlan failing : minimal) {
              assertThat(
                      hunt.plans.getLast().faults().containsAll(failing.faults())
                          && !Set.of("confirm", "minimise").contains(hunt.arms.getLast()))
                  .as("%s by %s contains %s", hunt.plans.getLast(), hunt.arms.getLast(), failing)
                  .isFalse();
            }
          }
        });
  }

  @Test
  void neverTriesMoreTogetherThanItMayNorTheSameTwiceUnlessToBeSure() {
    Cases.check(
        40,
        random -> new Hunt(Synthetic.any(random), random.nextLong()).go(150),
        hunt -> {
          Set<FaultPlan> before = new HashSet<>();
          for (int i = 0; i < hunt.plans.size(); i++) {
            FaultPlan plan = hunt.plans.get(i);
            assertThat(plan.size()).isBetween(1, 3);
            boolean again = !before.add(plan);
            assertThat(again && !Set.of("confirm", "minimise").contains(hunt.arms.get(i)))
                .as("%s by %s", plan, hunt.arms.get(i))
                .isFalse();
          }
        });
  }

  @Test
  void theSameSeedAndTheSameSystemGiveTheSameTrials() {
    Cases.check(
        20,
        random -> new long[] {random.nextLong(), random.nextLong()},
        seeds -> {
          List<List<FaultPlan>> both = new ArrayList<>();
          for (int i = 0; i < 2; i++) {
            Synthetic system = Synthetic.any(new java.util.SplittableRandom(seeds[0]));
            both.add(new Hunt(system, seeds[1]).go(120).plans);
          }
          assertThat(both.get(0)).isEqualTo(both.get(1));
        });
  }

  @Test
  void oneInSixTrialsIsAnyPlanAtAll() {
    Hunt hunt =
        new Hunt(new Synthetic(java.util.Collections.nCopies(8, Synthetic.Wrong.NOTHING)), 5)
            .go(200);

    assertThat(hunt.arms.stream().filter("random"::equals).count()).isGreaterThanOrEqualTo(30);
    assertThat(hunt.arms).contains("sweep", "trace", "pairs", "mutation", "slowness", "surrogate");
    assertThat(hunt.search.defects()).isEmpty();
  }

  @Test
  void servicesThatMayNotBeStruckAreLeftAloneEvenIfTheyAppearLater() {
    Synthetic system = new Synthetic(java.util.Collections.nCopies(4, Synthetic.Wrong.PAIR));
    List<Observation> healthy = List.of(system.run(FaultPlan.NONE));
    BlastRadius radius =
        new BlastRadius(
            Set.of("svc-0", "svc-1"),
            2,
            new BlastRadius.Limits(100, Duration.ofMillis(500), Duration.ofMinutes(5)),
            List.of(),
            List.of());
    FaultSpace space = FaultSpace.of(healthy).within(radius);

    Hunt hunt = new Hunt(system, space, 3).go(60);

    assertThat(space.edges()).containsExactly(Synthetic.first(0), Synthetic.first(1));
    for (FaultPlan plan : hunt.plans) {
      assertThat(radius.refusal(plan)).isEmpty();
    }
  }

  @Test
  void aTrialThatCannotBeMadeIsNotAskedForAgain() {
    Synthetic system = new Synthetic(java.util.Collections.nCopies(4, Synthetic.Wrong.ALONE));
    Search search =
        new HybridSearch(
            new FaultSpace(system.edges(), FaultSpace.Kinds.DEFAULT, 3),
            List.of(system.run(FaultPlan.NONE)),
            1);
    FaultPlan first = search.next().orElseThrow().plan();
    search.failed(1);

    assertThat(search.next().orElseThrow().plan()).isNotEqualTo(first);
    search.failed(2);
    assertThatThrownBy(() -> search.failed(2)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void spacesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FaultSpace(List.of(), FaultSpace.Kinds.DEFAULT, 3))
        .withMessageContaining("at least one edge");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FaultSpace(List.of(new Edge("a", "b")), FaultSpace.Kinds.DEFAULT, 0))
        .withMessage("together must be in 1..10, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FaultSpace.Kinds(List.of(), List.of(), false, List.of()))
        .withMessageContaining("at least one kind");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FaultSpace.Kinds(List.of(200), List.of(), false, List.of()));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> FaultSpace.of(List.of()))
        .withMessageContaining("no call between services was seen");
  }

  @Test
  void randomSearchSaysWhatItFound() {
    Synthetic system = new Synthetic(java.util.Collections.nCopies(3, Synthetic.Wrong.ALONE));
    List<Observation> healthy = List.of(system.run(FaultPlan.NONE));
    Search search =
        new RandomSearch(new FaultSpace(system.edges(), FaultSpace.Kinds.DEFAULT, 3), healthy, 1);
    Analyzer analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
    for (int i = 1; i <= 60; i++) {
      FaultPlan plan = search.next().orElseThrow().plan();
      Observation seen = system.run(plan);
      Insight unused = search.saw(i, seen, analyzer.score(plan, seen));
    }
    assertThat(search.defects())
        .extracting(Defect::signature)
        .containsExactlyInAnyOrder(
            "GET / | 500 | front>svc-0", "GET / | 500 | front>svc-1", "GET / | 500 | front>svc-2");
  }

  @Test
  void effectsAreAsStrongAsTheSpaceSays() {
    FaultSpace.Kinds slow =
        new FaultSpace.Kinds(
            List.of(), List.of(Duration.ofMillis(10), Duration.ofMillis(20)), false, List.of());
    FaultSpace space = new FaultSpace(List.of(new Edge("a", "b")), slow, 2);
    Cases.check(
        200,
        space::any,
        plan -> {
          assertThat(plan.size()).isEqualTo(1);
          assertThat(plan.faults().getFirst().effect())
              .isInstanceOfSatisfying(
                  Effect.Delay.class,
                  delay -> assertThat(delay.by().toMillis()).isBetween(10L, 20L));
        });
  }
}
