package dev.belay.chaos.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
  private static final Dimension KIND = Dimension.Categorical.of("kind", "delay", "abort");
  private static final Dimension DELAY =
      new Dimension.Whole(
          Traits.named("delay_ms")
              .when(Condition.Compare.of("kind", Condition.Operator.IS, Value.of("delay"))),
          100,
          5000,
          false);

  private static SearchSpace with(Inactive inactive, String... constraints) {
    return new SearchSpace(
        "s",
        List.of(KIND, DELAY),
        Stream.of(constraints).map(Constraint::parse).toList(),
        inactive);
  }

  @Test
  void drawsNothingButPointsOfItself() {
    Cases.check(
        2000,
        random -> Map.entry(Spaces.any(random), random.nextLong()),
        pair -> {
          SearchSpace space = pair.getKey();
          SplittableRandom random = new SplittableRandom(pair.getValue());
          for (int i = 0; i < 10; i++) {
            double[] x = space.chart().draw(random);
            Point point = space.chart().point(x);
            assertThat(Spaces.contains(space, point))
                .as("%s in %s", point, space.constraints())
                .isTrue();
            assertThat(space.contains(point)).isTrue();
            double[] back = space.chart().coordinates(point);
            assertThat(space.chart().point(back)).isEqualTo(point);
          }
        });
  }

  @Test
  void movesWhatIsOutsideToPointsOfItself() {
    Cases.check(
        1000,
        random -> Map.entry(Spaces.any(random), random.nextLong()),
        pair -> {
          SearchSpace space = pair.getKey();
          SplittableRandom random = new SplittableRandom(pair.getValue());
          double[] x = new double[space.dimensions().size()];
          for (int i = 0; i < x.length; i++) {
            x[i] = space.chart().draw(i, random);
          }
          if (space.chart().settleFeasible(x, random)) {
            assertThat(Spaces.contains(space, space.chart().point(x))).isTrue();
          }
        });
  }

  @Test
  void repairsWhatIsHardlyEverMetByChance() {
    SearchSpace space =
        new SearchSpace(
            "narrow",
            List.of(Dimension.Real.of("a", 0, 1000), Dimension.Whole.of("b", 0, 100_000), KIND),
            List.of(
                Constraint.parse("a >= 500.5 and a <= 500.51"),
                Constraint.parse("if kind is abort then b = 77777"),
                Constraint.parse("kind must be abort")),
            Inactive.EXPAND);
    Point point = space.chart().point(space.chart().draw(new SplittableRandom(3)));

    assertThat(point.value("b")).contains(Value.of(77777));
    assertThat(Spaces.contains(space, point)).isTrue();
  }

  @Nested
  class WhenAConditionIsNotMet {
    private final SplittableRandom random = new SplittableRandom(5);

    private Point abort(Inactive inactive) {
      SearchSpace space = with(inactive, "kind is abort");
      return space.chart().point(space.chart().draw(random));
    }

    @Test
    void keepsAValueThatNobodyReads() {
      assertThat(abort(Inactive.EXPAND).value("delay_ms")).isPresent();
      SearchSpace space = with(Inactive.EXPAND);
      double[] row = space.chart().row(space.chart().coordinates(abort(Inactive.EXPAND)));
      assertThat(space.chart().isMark(1, row[1])).isTrue();
    }

    @Test
    void leavesTheDimensionOut() {
      assertThat(abort(Inactive.FILTER).value("delay_ms")).isEmpty();
    }

    @Test
    void marksTheDimension() {
      assertThat(abort(Inactive.ENCODE).value("delay_ms")).contains(Inactive.MARK);
      assertThat(abort(Inactive.ENCODE)).hasToString("kind=abort, delay_ms=inactive");
    }

    @Test
    void takesAConstraintOnWhatIsNotThereForKept() {
      SearchSpace space = with(Inactive.FILTER, "if kind is abort then delay_ms >= 1000");

      assertThat(space.contains(new Point(Map.of("kind", Value.of("abort"))))).isTrue();
    }
  }

  @Nested
  class Refuses {
    private void refuses(String message, List<Dimension> dimensions, Constraint... constraints) {
      assertThatThrownBy(
              () -> new SearchSpace("s", dimensions, List.of(constraints), Inactive.FILTER))
          .isInstanceOf(SpaceException.class)
          .hasMessageContaining(message);
    }

    @Test
    void dimensionsThatAreThereTwice() {
      refuses("dimension kind is there twice", List.of(KIND, KIND));
      refuses("dimensions must be 1 to 20, were 0", List.of());
    }

    @Test
    void conditionsThatFormACycle() {
      Dimension a =
          new Dimension.Real(
              Traits.named("a").when(Constraint.parse("b > 0").condition()), 0, 1, false);
      Dimension b =
          new Dimension.Real(
              Traits.named("b").when(Constraint.parse("a > 0").condition()), 0, 1, false);

      refuses("conditions form a cycle: [a, b] depend on each other", List.of(KIND, a, b));
    }

    @Test
    void whatNoDimensionIsOrCanBe() {
      refuses(
          "unknown dimension speed; known here: [delay_ms, kind]",
          List.of(KIND, DELAY),
          Constraint.parse("speed > 1"));
      refuses("kind cannot be compared with rest", List.of(KIND), Constraint.parse("kind is rest"));
      refuses("kind cannot be compared with 3", List.of(KIND), Constraint.parse("kind > 3"));
      refuses(
          "delay_ms cannot be compared with x",
          List.of(KIND, DELAY),
          Constraint.parse("delay_ms in [x, y]"));
      refuses(
          "unknown dimension other",
          List.of(KIND),
          Constraint.exclusive("", List.of("kind", "other")));
    }

    @Test
    void constraintsThatNoPointKeepsTo() {
      refuses(
          "no point was found that keeps to 'kind is ",
          List.of(KIND),
          Constraint.parse("kind is delay"),
          Constraint.parse("kind is abort"));
    }

    @Test
    void pointsThatAreNotItsOwn() {
      SearchSpace space = with(Inactive.FILTER, "delay_ms != 700");
      refuses(space, "kind is missing; it must be one of [delay, abort]", Map.of());
      refuses(space, "kind must be one of [delay, abort], was x", Map.of("kind", Value.of("x")));
      refuses(space, "delay_ms is missing", Map.of("kind", Value.of("delay")));
      refuses(
          space, "must not be there", Map.of("kind", Value.of("abort"), "delay_ms", Value.of(200)));
      refuses(
          space,
          "must be a whole number in [100, 5000], was 2.5",
          Map.of("kind", Value.of("delay"), "delay_ms", Value.of(2.5)));
      refuses(space, "unknown dimension z", Map.of("kind", Value.of("abort"), "z", Value.of(true)));
      refuses(
          space,
          "violates the constraint 'delay_ms != 700'",
          Map.of("kind", Value.of("delay"), "delay_ms", Value.of(700)));
    }

    private void refuses(SearchSpace space, String message, Map<String, Value> values) {
      Point point = new Point(values);
      assertThatThrownBy(() -> space.check(point))
          .isInstanceOf(OutsideSpace.class)
          .hasMessageContaining(message);
      assertThat(space.contains(point)).isFalse();
    }
  }
}
