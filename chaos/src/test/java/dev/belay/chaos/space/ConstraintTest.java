package dev.belay.chaos.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ConstraintTest {
  private static String parsed(String text) {
    return Constraint.parse(text).condition().toString();
  }

  @Test
  void readsAllOperators() {
    assertThat(parsed("a is x")).isEqualTo("a = x");
    assertThat(parsed("a == 'x y'")).isEqualTo("a = x y");
    assertThat(parsed("a != \"x\"")).isEqualTo("a != x");
    assertThat(parsed("a is not x")).isEqualTo("a != x");
    assertThat(parsed("a>-3.5")).isEqualTo("a > -3.5");
    assertThat(parsed("a >= 1e3")).isEqualTo("a >= 1000");
    assertThat(parsed("a < .5")).isEqualTo("a < 0.5");
    assertThat(parsed("a must be <= 7")).isEqualTo("a <= 7");
    assertThat(parsed("a must be true")).isEqualTo("a = true");
    assertThat(parsed("a in [1, 2,x-y]")).isEqualTo("a in [1, 2, x-y]");
    assertThat(parsed("a not in (500, 503)")).isEqualTo("a not in [500, 503]");
    assertThat(parsed("a is in [false]")).isEqualTo("a in [false]");
    assertThat(parsed("a is not in [b]")).isEqualTo("a not in [b]");
  }

  @Test
  void bindsAndBeforeOr() {
    assertThat(parsed("a > 1 or b > 2 and c > 3")).isEqualTo("(a > 1) or ((b > 2) and (c > 3))");
    assertThat(parsed("(a > 1 OR b > 2) AND not c > 3"))
        .isEqualTo("((a > 1) or (b > 2)) and (not (c > 3))");
    assertThat(parsed("if a is x then b < 2")).isEqualTo("(not (a = x)) or (b < 2)");
  }

  @Test
  void holdsAtMostOneOfThoseThatExcludeEachOther() {
    SearchSpace space =
        new SearchSpace(
            "s",
            List.of(
                Dimension.Categorical.of("a", "none", "x"),
                Dimension.Whole.of("b", 0, 3),
                Dimension.Categorical.of("c", "off", "y")),
            List.of(Constraint.exclusive("e", List.of("a", "b", "c is y"))),
            Inactive.EXPAND);
    SplittableRandom random = new SplittableRandom(1);

    for (int i = 0; i < 200; i++) {
      Point point = space.chart().point(space.chart().draw(random));
      int on = point.value("a").equals(Optional.of(Value.of("x"))) ? 1 : 0;
      on += point.value("b").equals(Optional.of(Value.of(0))) ? 0 : 1;
      on += point.value("c").equals(Optional.of(Value.of("y"))) ? 1 : 0;
      assertThat(on).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void saysWhereItStoppedUnderstanding() {
    refuses("a", "expected is, =, !=, >, >=, <, <=, in, not in or must be, was the end");
    refuses("if a > 1", "expected then, was the end");
    refuses("a > 1 b", "expected and, or or the end, was b");
    refuses("a > x", "a > needs a number, had x");
    refuses("a in []", "expected a value, was ]");
    refuses("a in [1", "expected ], was the end");
    refuses("3 > a", "expected the name of a dimension, was 3");
    refuses("a > #", "expected a name, an operator or a value, was #");
    refuses("a > 1e999", "expected a finite number");
    refuses("(".repeat(30) + "a > 1", "nested too deep");
    refuses("a".repeat(3000), "at most 2000 characters");
  }

  private static void refuses(String text, String message) {
    assertThatThrownBy(() -> Constraint.parse(text))
        .isInstanceOf(InvalidSpace.class)
        .hasMessageContaining(message);
  }
}
