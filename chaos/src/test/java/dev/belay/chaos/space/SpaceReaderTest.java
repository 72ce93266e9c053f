package dev.belay.chaos.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.settings.ConfigException;
import org.junit.jupiter.api.Test;

class SpaceReaderTest {
  private static final String CHECKOUT =
      """
      name: checkout faults
      version: "1.0"
      dimensions:
        - {name: fault_type, type: categorical, values: [delay, abort], default: delay}
        - {name: percentage, type: integer, min: 1, max: 100, default: 50}
        - {name: delay_ms, type: integer, bounds: [100, 5000], condition: {field: fault_type, operator: equals, value: delay}}
        - {name: error_code, type: categorical, categories: [500, 502, 503, 504], condition: {field: fault_type, operator: equals, value: abort}}
        - {name: rate, type: real, range: [0.001, 1000], log: true, condition: "percentage > 10 and fault_type in [delay, abort]"}
      conditional_strategy: filter
      constraints:
        - "if error_code is 500 then percentage >= 20"
        - {name: n1, enabled: true, condition: {if: "percentage > 70", then: "delay_ms <= 3000"}}
        - {name: n2, enabled: false, condition: "percentage > 1000"}
        - {name: n3, rule: "percentage <= 90 or delay_ms <= 2000"}
        - {mutually_exclusive: ["percentage > 60", "rate > 500"]}
      cold_start: {n_initial_points: 10, strategy: random}
      optimizer: {base_estimator: RF, acq_func: EI}
      analysis: {baseline_latency_ms: 200}
      """;

  @Test
  void readsADocumentWithAllItsNames() {
    SearchSpace space = SpaceReader.read("space.yaml", "", CHECKOUT);

    assertThat(space.name()).isEqualTo("checkout faults");
    assertThat(space.inactive()).isEqualTo(Inactive.FILTER);
    assertThat(space.dimensions())
        .extracting(Dimension::name)
        .containsExactly("fault_type", "percentage", "delay_ms", "error_code", "rate");
    assertThat(space.dimensions().get(1))
        .isEqualTo(
            new Dimension.Whole(
                Traits.named("percentage").withStandard(Value.of(50)), 1, 100, false));
    assertThat(space.dimensions().get(4))
        .isInstanceOfSatisfying(Dimension.Real.class, real -> assertThat(real.log()).isTrue());
    assertThat(space.constraints())
        .extracting(Constraint::toString)
        .containsExactly(
            "if error_code is 500 then percentage >= 20",
            "n1: if percentage > 70 then delay_ms <= 3000",
            "n3: percentage <= 90 or delay_ms <= 2000",
            "mutually_exclusive: [percentage > 60, rate > 500]");
  }

  @Test
  void readsJsonAsWell() {
    SearchSpace space =
        SpaceReader.read(
            "request",
            "search_space",
            """
            {"name": "j", "dimensions": [
            \t{"name": "a", "type": "real", "bounds": [0, 1e3]},
              {"name": "b", "type": "categorical", "values": [true, false]}],
             "constraints": [{"if": "b is true", "then": "a < 500"}]}
            """);

    assertThat(space.dimensions()).hasSize(2);
    assertThat(space.inactive()).isEqualTo(Inactive.EXPAND);
  }

  private static void refuses(String text, String... messages) {
    assertThatThrownBy(() -> SpaceReader.read("r", "search_space", text))
        .isInstanceOf(ConfigException.class)
        .satisfies(refused -> {
          for (String message : messages) {
            assertThat(refused).hasMessageContaining(message);
          }
        });
  }

  @Test
  void namesEachMistakeByItsPath() {
    refuses(
        """
        dimensions:
          - {type: real, bounds: [0, 1]}
          - {name: b}
          - {name: c, type: real, bounds: [5, 1]}
          - {name: d, type: shape}
          - {name: e, type: categorical}
          - {name: f, type: integer, bounds: [1, 2, 3]}
          - {name: g, type: integer, bounds: [0, 5], default: 9}
          - {name: h, type: categorical, values: [a, a]}
          - {name: i, type: integer, min: 1.5, max: 3}
          - {name: "1x", type: real, bounds: [0, 1]}
          - {name: k, type: real, bounds: [0, 1], colour: red}
          - {name: l, type: real, bounds: [0, 1], condition: {operator: gt}}
          - {name: m, type: real, bounds: [0, 1], condition: "a >"}
          - {name: n, type: categorical, values: [a, 5]}
          - {name: o, type: real, bounds: [0, 1], scale: log}
          - {name: p, type: categorical, values: [[1], 2]}
        """,
        "r:2: search_space.dimensions[0].name: is missing",
        "search_space.dimensions[1].type: is missing; it must be categorical, real or integer",
        "search_space.dimensions[2].bounds: bounds of c must be finite, the first below the second, were [5, 1]",
        "search_space.dimensions[3].type: must be one of",
        "search_space.dimensions[4].values: is missing",
        "search_space.dimensions[5].bounds: must be two numbers, [least, greatest]; were 3",
        "search_space.dimensions[6].default: default of g must be in [0, 5], was 9",
        "search_space.dimensions[7].values: values of h must be unique",
        "search_space.dimensions[8].min: bounds must be whole numbers, was 1.5",
        "search_space.dimensions[9].name: name must be 1 to 64 letters",
        "search_space.dimensions[10].colour: unknown key",
        "search_space.dimensions[11].condition.field: is missing",
        "search_space.dimensions[11].condition.value: is missing",
        "search_space.dimensions[12].condition: constraint 'a >': expected a value, was the end",
        "search_space.dimensions[13].values: values of n must be of one kind",
        "search_space.dimensions[14].bounds: bounds of o must be above 0",
        "search_space.dimensions[15].values[0]: must be a text, a number, true or false; was a list");
  }

  @Test
  void namesConstraintsThatItCannotTake() {
    String head = "dimensions: [{name: a, type: integer, bounds: [0, 9]}]\nconstraints:\n";
    refuses(
        head + "  - a >> 3",
        "search_space.constraints[0]: constraint 'a >> 3': expected a value, was >");
    refuses(head + "  - {name: x}", "search_space.constraints[0].condition: must be a condition");
    refuses(head + "  - {if: a > 3}", "search_space.constraints[0].then: is missing");
    refuses(
        head + "  - {mutually_exclusive: [a]}",
        "constraints[0].mutually_exclusive: must be a list of 2");
    refuses(
        head + "  - {condition: {if: a > 3, than: a > 5}}",
        "constraints[0].condition.than: unknown key");
    refuses(
        head + "  - b > 3", "search_space.constraints[0]: constraint 'b > 3': unknown dimension b");
    refuses(
        head + "  - {enabled: false, rule: a > 1}\n  - a < 9\n  - b > 3",
        "search_space.constraints[2]: constraint 'b > 3': unknown dimension b");
    refuses(
        head + "  - a < 9\n  - a > 10",
        "search_space.constraints[1]: no point was found that keeps to 'a > 10'");
    refuses("name: x", "search_space.dimensions: must be a list of 1 to 20 dimensions");
    refuses(
        "dimensions: [{name: a, type: real, bounds: [0, 1], condition: 'z > 1'}]",
        "search_space.dimensions[0]: condition of a: unknown dimension z");
    refuses(
        "dimensions: [{name: a, type: real, bounds: [0, 1]}, {name: a, type: real, bounds: [0, 1]}]",
        "search_space.dimensions[1]: dimension a is there twice");
    refuses(
        """
        dimensions:
          - {name: a, type: real, bounds: [0, 1]}
          - {name: b, type: real, bounds: [0, 1], condition: 'c > 0.5'}
          - {name: c, type: real, bounds: [0, 1], condition: 'b > 0.5'}
        """,
        "search_space.dimensions[1]: conditions form a cycle: [b, c] depend on each other");
    refuses(
        "name: %s\ndimensions: [{name: a, type: real, bounds: [0, 1]}]".formatted("n".repeat(129)),
        "search_space.name: name must have at most 128 characters");
  }
}
