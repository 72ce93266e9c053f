package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.Defect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Search;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Searches that are asked for more before they were told of what they asked for. */
class ParallelSearchTest {
  private static final int TRIALS = 250;

  /** What was asked and told, in order. */
  private sealed interface Event {
    record Asked(FaultPlan plan) implements Event {}

    record Told(int number, Observation seen) implements Event {}
  }

  private record Open(int number, Proposal proposal) {}

  /** A run with several trials at a time, which end in any order. */
  private static final class Run {
    private final Synthetic system;
    private final List<Observation> healthy;
    private final Analyzer analyzer;
    private final Search search;
    private final List<Event> events = new ArrayList<>();
    private final Set<Integer> shown = new HashSet<>();
    private int repeatedAtOnce;

    Run(Synthetic system, long seed) {
      this.system = system;
      this.healthy = List.of(system.run(FaultPlan.NONE));
      this.analyzer = new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(healthy));
      this.search = search(seed);
    }

    Search search(long seed) {
      return new HybridSearch(
          new FaultSpace(system.edges(), FaultSpace.Kinds.DEFAULT, 3), healthy, seed);
    }

    void go(int parallel, RandomGenerator random) {
      List<Open> open = new ArrayList<>();
      int asked = 0;
      while (asked < TRIALS || !open.isEmpty()) {
        while (open.size() < parallel && asked < TRIALS) {
          Optional<Proposal> next = search.next();
          if (next.isEmpty()) {
            break;
          }
          asked++;
          FaultPlan plan = next.get().plan();
          repeatedAtOnce +=
              open.stream().anyMatch(other -> other.proposal().plan().equals(plan)) ? 1 : 0;
          events.add(new Event.Asked(plan));
          open.add(new Open(asked, next.get()));
        }
        if (open.isEmpty()) {
          return;
        }
        Open ended = open.remove(random.nextInt(open.size()));
        Observation seen = system.run(ended.proposal().plan());
        shown.addAll(system.shown());
        events.add(new Event.Told(ended.number(), seen));
        tell(search, ended, seen);
      }
    }

    private void tell(Search to, Open one, Observation seen) {
      Insight unused = to.saw(one.number(), seen, analyzer.score(one.proposal().plan(), seen));
    }

    /** Whether another search of the same seed asks the same if it is told the same. */
    void replay(long seed) {
      Search other = search(seed);
      List<Proposal> asked = new ArrayList<>();
      for (Event event : events) {
        switch (event) {
          case Event.Asked then -> {
            Proposal now = other.next().orElseThrow();
            assertThat(now.plan()).isEqualTo(then.plan());
            asked.add(now);
          }
          case Event.Told told ->
              tell(other, new Open(told.number(), asked.get(told.number() - 1)), told.seen());
        }
      }
      assertThat(other.defects()).isEqualTo(search.defects());
    }
  }

  @Test
  void whatIsUnderWayIsNotTriedAgainAndAllIsFound() {
    Cases.check(
        60,
        RandomGenerator::nextLong,
        seed -> {
          RandomGenerator random = new SplittableRandom(seed);
          Synthetic system = Synthetic.any(random);
          Run run = new Run(system, random.nextLong());

          run.go(random.nextInt(2, 9), random);

          assertThat(run.repeatedAtOnce).isZero();
          assertThat(run.shown).isEqualTo(system.planted());
          assertThat(run.search.defects())
              .allSatisfy(defect -> assertThat(defect.trial()).isBetween(1, TRIALS));
        });
  }

  @Test
  void theTrialThatFoundADefectIsTheOneThatItNames() {
    Run run = new Run(Synthetic.any(new SplittableRandom(3)), 3);

    run.go(5, new SplittableRandom(4));

    List<FaultPlan> asked =
        run.events.stream()
            .filter(Event.Asked.class::isInstance)
            .map(event -> ((Event.Asked) event).plan())
            .toList();
    assertThat(run.search.defects())
        .isNotEmpty()
        .allSatisfy(
            (Defect defect) -> assertThat(asked.get(defect.trial() - 1)).isEqualTo(defect.found()));
  }

  @Test
  void whoIsToldTheSameInTheSameOrderAsksTheSame() {
    Cases.check(
        20,
        RandomGenerator::nextLong,
        seed -> {
          RandomGenerator random = new SplittableRandom(seed);
          Run run = new Run(Synthetic.any(random), seed);
          run.go(random.nextInt(1, 9), random);

          run.replay(seed);
        });
  }
}
