package dev.belay.llm.check.score;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AggregationTest {

  private static Score other(double value) {
    return new Score("s" + value, Category.OTHER, value, 1);
  }

  private static Decision decide(Strategy strategy, Score... scores) {
    return Aggregation.DEFAULT.withStrategy(strategy).of(List.of(scores));
  }

  @ParameterizedTest
  @CsvSource({
    "0.85, ACCEPT",
    "0.8499, REVIEW",
    "0.70, REVIEW",
    "0.6999, REJECT",
    "0, REJECT",
    "1, ACCEPT"
  })
  void oneScoreIsDecidedByTheBars(double value, Outcome outcome) {
    for (Strategy strategy : List.of(Strategy.WEIGHTED_AVERAGE, Strategy.STRICT, Strategy.HYBRID)) {
      assertThat(decide(strategy, other(value)).outcome()).isEqualTo(outcome);
    }
  }

  @Test
  void categoriesHaveTheirWeights() {
    Decision decision =
        decide(
            Strategy.WEIGHTED_AVERAGE,
            new Score("a", Category.STRUCTURE, 1, 1),
            new Score("b", Category.CONTENT, 0.5, 1),
            new Score("c", Category.ACCURACY, 1, 1),
            new Score("d", Category.SAFETY, 1, 1));

    assertThat(decision.score()).isCloseTo(0.825, within(1e-9));
    assertThat(decision.outcome()).isEqualTo(Outcome.REVIEW);
    assertThat(decision.dissenting()).containsExactly("a", "b", "c", "d");
    assertThat(decision.why()).isEqualTo("review: score 0.83");
  }

  @Test
  void oneBadCriticalScoreRejectsWhateverTheOthersSay() {
    Score unsafe = new Score("unsafe", Category.SAFETY, 0.49, 1);
    List<Score> scores = new ArrayList<>(Collections.nCopies(20, other(1)));
    scores.add(unsafe);

    for (Strategy strategy : Strategy.values()) {
      Decision decision = Aggregation.DEFAULT.withStrategy(strategy).of(scores);
      assertThat(decision.outcome()).isEqualTo(Outcome.REJECT);
      assertThat(decision.why()).isEqualTo("reject: 'unsafe' objects");
    }
    assertThat(
            decide(Strategy.LENIENT, new Score("x", Category.SAFETY, 0.5, 1), other(1)).outcome())
        .isNotEqualTo(Outcome.REJECT);
  }

  @Test
  void whatNobodyIsSureOfIsEscalated() {
    Decision decision = decide(Strategy.WEIGHTED_AVERAGE, new Score("x", Category.OTHER, 1, 0.59));

    assertThat(decision.outcome()).isEqualTo(Outcome.ESCALATE);
    assertThat(decision.why()).isEqualTo("escalate: confidence 0.59");
    assertThat(decide(Strategy.WEIGHTED_AVERAGE, new Score("x", Category.OTHER, 1, 0.6)).outcome())
        .isEqualTo(Outcome.ACCEPT);
    assertThat(decide(Strategy.STRICT, new Score("x", Category.SAFETY, 0, 0.1)).outcome())
        .isEqualTo(Outcome.ESCALATE);
    assertThat(decide(Strategy.WEIGHTED_AVERAGE, new Score("x", Category.OTHER, 1, 0)).outcome())
        .isEqualTo(Outcome.ESCALATE);
  }

  @Test
  void consensusGoesByTheShareOfThoseWhoAccept() {
    assertThat(
            decide(Strategy.CONSENSUS, other(1), other(1), other(1), other(1), other(0)).outcome())
        .isEqualTo(Outcome.ACCEPT);
    assertThat(
            decide(Strategy.CONSENSUS, other(1), other(1), other(1), other(0), other(0)).outcome())
        .isEqualTo(Outcome.REVIEW);
    Decision half = decide(Strategy.CONSENSUS, other(1), other(1), other(0.1), other(0));
    assertThat(half.outcome()).isEqualTo(Outcome.REJECT);
    assertThat(half.score()).isCloseTo(0.55, within(1e-9));
    assertThat(half.dissenting()).containsExactly("s1.0", "s1.0");
  }

  @Test
  void strictLenientAndHybridDifferAsTheySay() {
    Score[] scores = {other(1), other(1), other(0.3)};

    assertThat(decide(Strategy.STRICT, scores).score()).isEqualTo(0.3);
    assertThat(decide(Strategy.LENIENT, scores).outcome()).isEqualTo(Outcome.ACCEPT);
    assertThat(decide(Strategy.LENIENT, other(1), other(0)).outcome()).isEqualTo(Outcome.REVIEW);
    assertThat(decide(Strategy.LENIENT, other(0.5)).outcome()).isEqualTo(Outcome.REJECT);
    assertThat(decide(Strategy.HYBRID, scores).score()).isCloseTo((2.3 / 3 + 1) / 2, within(1e-9));
  }

  private static List<Score> any(RandomGenerator random) {
    List<Score> scores = new ArrayList<>();
    for (int i = random.nextInt(1, 8); i > 0; i--) {
      List<Category> all = List.of(Category.values());
      Category category = all.get(random.nextInt(all.size()));
      scores.add(new Score("s" + i, category, random.nextDouble(), random.nextDouble(0.6, 1)));
    }
    return scores;
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void theScoreLiesBetweenTheWorstAndTheBest(Strategy strategy) {
    Cases.check(
        500,
        AggregationTest::any,
        scores -> {
          double worst = scores.stream().mapToDouble(Score::value).min().orElseThrow();
          double best = scores.stream().mapToDouble(Score::value).max().orElseThrow();
          Decision decision = Aggregation.DEFAULT.withStrategy(strategy).of(scores);

          assertThat(decision.score()).isBetween(worst - 1e-9, best + 1e-9);
          assertThat(decision.confidence()).isBetween(0.6 - 1e-9, 1.0);
        });
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void theOrderDoesNotMatter(Strategy strategy) {
    Cases.check(
        300,
        AggregationTest::any,
        scores -> {
          Aggregation aggregation = Aggregation.DEFAULT.withStrategy(strategy);
          Decision one = aggregation.of(scores);
          Decision other = aggregation.of(scores.reversed());

          assertThat(other.outcome()).isEqualTo(one.outcome());
          assertThat(other.score()).isCloseTo(one.score(), within(1e-9));
          assertThat(other.dissenting()).isEqualTo(one.dissenting());
        });
  }

  @ParameterizedTest
  @EnumSource(Strategy.class)
  void aBetterScoreNeverMakesItWorse(Strategy strategy) {
    Cases.check(
        500,
        AggregationTest::any,
        scores -> {
          Aggregation aggregation = Aggregation.DEFAULT.withStrategy(strategy);
          Score first = scores.getFirst();
          List<Score> better = new ArrayList<>(scores);
          better.set(
              0,
              new Score(
                  first.name(),
                  first.category(),
                  Math.min(1, first.value() + 0.2),
                  first.confidence()));

          assertThat(aggregation.of(better).outcome())
              .isLessThanOrEqualTo(aggregation.of(scores).outcome());
        });
  }

  @Test
  void strictIsNeverMilderThanTheMeanAndLenientNeverHarsher() {
    Cases.check(
        500,
        AggregationTest::any,
        scores -> {
          Outcome mean = Aggregation.DEFAULT.of(scores).outcome();

          assertThat(Aggregation.DEFAULT.withStrategy(Strategy.STRICT).of(scores).outcome())
              .isGreaterThanOrEqualTo(mean);
          assertThat(Aggregation.DEFAULT.withStrategy(Strategy.LENIENT).of(scores).outcome())
              .isLessThanOrEqualTo(mean);
        });
  }

  @Test
  void refusesWhatIsOutOfRange() {
    assertThatThrownBy(() -> Aggregation.DEFAULT.of(List.of())).hasMessageContaining("held 0");
    assertThatThrownBy(() -> new Score("x", Category.OTHER, 1.1, 1))
        .hasMessage("value must be 0 to 1, was 1.1");
    assertThatThrownBy(() -> new Score("x", Category.OTHER, 1, Double.NaN))
        .hasMessage("confidence must be 0 to 1, was NaN");
    assertThatThrownBy(() -> with(0.5, 0.6, Map.of()))
        .hasMessageContaining("review must be at most");
    assertThatThrownBy(() -> with(0.9, 0.6, Map.of(Category.OTHER, -1.0)))
        .hasMessageContaining("weight of OTHER");
  }

  @Test
  void withoutAnyWeightAllCountTheSame() {
    Aggregation aggregation = with(0.9, 0.6, Map.of(Category.OTHER, 0.0));

    assertThat(aggregation.of(List.of(other(1), other(0.5))).score()).isEqualTo(0.75);
  }

  private static Aggregation with(double accept, double review, Map<Category, Double> weights) {
    return new Aggregation(Strategy.WEIGHTED_AVERAGE, accept, review, 0.6, weights, Set.of(), 0.5);
  }
}
