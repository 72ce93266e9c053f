package dev.belay.server.cli.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.Shell;
import dev.belay.server.cli.shared.Chart;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class PolicySimulateTest {
  private final Shell shell = new Shell();

  @TempDir private Path directory = Path.of(".");

  private int simulate(String... more) {
    List<String> words = new java.util.ArrayList<>(List.of("policy", "simulate"));
    words.addAll(List.of(more));
    return shell.run(words.toArray(String[]::new));
  }

  @Test
  void showsTheStormThatABudgetPrevents() {
    assertThat(
            simulate(
                "high-volume,no-breaker",
                "--compare",
                "high-volume,no-breaker,no-budget",
                "--json",
                "-c",
                budget()))
        .isZero();

    JsonNode answer = new JsonMapper().readTree(shell.out());
    assertThat(answer.get("scenario").asString()).isEqualTo("outage");
    JsonNode bounded = answer.at("/runs/0");
    JsonNode storm = answer.at("/runs/1");
    assertThat(storm.get("policy").asString()).isEqualTo("high-volume,no-breaker,no-budget");
    assertThat(storm.get("peak_amplification").asDouble()).isGreaterThan(4);
    assertThat(bounded.get("peak_amplification").asDouble()).isLessThan(2);
    assertThat(bounded.get("budget_refusals").asLong()).isPositive();
    assertThat(storm.get("calls").asLong()).isEqualTo(bounded.get("calls").asLong());
    assertThat(storm.get("timeline").size()).isGreaterThanOrEqualTo(120);
    assertThat(storm.at("/waits/count").asLong()).isPositive();
  }

  private String budget() {
    return Shell.file(directory, "budget: {share: 0.1, reserve_per_second: 1, capacity: 20}")
        .toString();
  }

  @Nested
  class Text {
    @Test
    void isPlainWhereTheTerminalIs() {
      assertThat(simulate("--scenario", "one-down", "--duration", "60s")).isZero();

      assertThat(shell.out())
          .startsWith("one-down: 3 endpoints, 100 calls/s for 1m, seed 42")
          .contains("from 15s on, the first of 3 refuses connections for 30s")
          .contains("success rate")
          .contains("attempts for each call")
          .contains("wait, longest")
          .contains("  offered      |")
          .contains("  endpoint-3   |")
          .doesNotContain("\u001b")
          .matches(text -> text.chars().allMatch(c -> c < 0x7f));
    }

    @Test
    void hasBlocksWhereTheLocaleKnowsThemAndColoursWhereSomebodySeesThem() {
      assertThat(
              shell
                  .with("LANG", "de_DE.UTF-8")
                  .withColours()
                  .run("policy", "simulate", "--rate", "20"))
          .isZero();

      assertThat(shell.out()).contains("▁").contains("█").contains("\u001b[");
    }

    @Test
    void isTheSameForTheSameSeed() {
      Shell other = new Shell();

      assertThat(simulate("--seed", "7", "--scenario", "flapping")).isZero();
      assertThat(other.run("policy", "simulate", "--seed", "7", "--scenario", "flapping")).isZero();

      assertThat(other.out()).isEqualTo(shell.out());
    }

    @Test
    void standsSideBySideForTwoPolicies() {
      assertThat(simulate("critical", "--compare", "none", "--scenario", "rate-limited")).isZero();

      assertThat(shell.out()).containsPattern("critical +none\n").contains("ended: permanent");
    }
  }

  @Nested
  class Mistakes {
    @Test
    void areNamed() {
      assertThat(simulate("critcal")).isEqualTo(2);
      assertThat(shell.err())
          .contains("there is no policy critcal; did you mean critical?")
          .contains("(see belay policy simulate --help)");
      assertThat(simulate("--scenario", "flood")).isEqualTo(2);
      assertThat(shell.err()).contains("scenario must be one of outage, one-down");
      assertThat(simulate("--endpoints", "0")).isEqualTo(2);
      assertThat(shell.err()).contains("endpoints must be 1 to 10000, were 0");
      assertThat(simulate("--rate", "0")).isEqualTo(2);
      assertThat(shell.err()).contains("rate must be above 0");
      assertThat(simulate("--duration", "long")).isEqualTo(2);
      assertThat(shell.err()).contains("--duration must be a length such as 90s or 2m, was 'long'");
      assertThat(simulate("--duration", "48h")).isEqualTo(2);
      assertThat(shell.err()).contains("duration must be above 0 and at most a day");
      assertThat(simulate("default,no-fun")).isEqualTo(2);
      assertThat(shell.err()).contains("may come no-budget and no-breaker, was 'no-fun'");
    }

    @Test
    void ofAFileAreThoseOfTheFile() {
      Path file = Shell.file(directory, "retry: {max_attempts: 0}");

      assertThat(simulate("-c", file.toString())).isEqualTo(2);
      assertThat(shell.err()).contains(":1: retry.max_attempts: must be a whole number, 1 to 10");
    }
  }

  @Test
  void explainsItselfByExample() {
    assertThat(simulate("--help")).isZero();

    assertThat(shell.out())
        .contains("belay policy simulate critical --scenario one-down")
        .contains("--compare");
  }

  @Nested
  class Bars {
    @Test
    void showWhateverIsThere() {
      assertThat(new Chart(false).row(List.of(0.0, 0.01, 50.0, 100.0, 1000.0), 100))
          .isEqualTo(" .=##");
      assertThat(new Chart(true).row(List.of(0.0, 12.5, 100.0), 100)).isEqualTo(" ▁█");
      assertThat(new Chart(false).row(List.of(0.0), 0)).isEqualTo(" ");
    }

    @Test
    void standForTheMeanOfTheirTime() {
      List<Double> values = java.util.Collections.nCopies(240, 3.0);

      assertThat(Chart.squeezed(values)).hasSize(60).containsOnly(3.0);
      assertThat(Chart.squeezed(List.of(1.0))).containsExactly(1.0);
    }
  }
}
