package dev.belay.server.cli.policy;

import dev.belay.RetryPolicy;
import dev.belay.server.config.BelayConfig;
import dev.belay.settings.DurationText;
import dev.belay.settings.Nearest;
import dev.belay.simulate.Load;
import dev.belay.simulate.Result;
import dev.belay.simulate.Rules;
import dev.belay.simulate.Scenario;
import dev.belay.simulate.Scenarios;
import dev.belay.simulate.Simulation;
import dev.belay.simulate.Strategy;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs what was asked for: one policy, or two against the same calls. */
final class Simulations {
  private final BelayConfig config;
  private final SimulateOptions options;

  Simulations(BelayConfig config, SimulateOptions options) {
    this.config = config;
    this.options = options;
  }

  /**
   * By what they were called on the command line, in that order.
   *
   * @throws IllegalArgumentException that says what is wrong with the wishes
   */
  Map<String, Result> run() {
    Load load = Load.poisson(options.rate(), length(options.duration()));
    Map<String, Scenario> scenarios = new LinkedHashMap<>();
    scenarios.put(options.name(), scenario(options.name(), load));
    Optional.ofNullable(options.other())
        .ifPresent(other -> scenarios.put(other, scenario(other, load)));
    Map<String, Result> results = new LinkedHashMap<>();
    scenarios.forEach((name, one) -> results.put(name, Simulation.run(one, options.seed())));
    return results;
  }

  private Scenario scenario(String name, Load load) {
    return Scenarios.named(options.scenario(), options.endpoints(), load, rules(name));
  }

  private Rules rules(String name) {
    List<String> words = List.of(name.split(",", -1));
    BelayConfig.Budget budget = config.budget();
    Rules rules =
        Rules.DEFAULT
            .withPolicy(policy(words.getFirst()))
            .withBreaker(config.breaker())
            .withBudget(
                new Rules.Budget(budget.share(), budget.reservePerSecond(), budget.capacity()))
            .withStrategy(Strategy.named(config.proxy().choice().strategy()))
            .withAnswerTimeout(config.proxy().settings().timeouts().answer());
    for (String word : words.subList(1, words.size())) {
      rules =
          switch (word) {
            case "no-budget" -> rules.withBudget(Rules.Budget.UNLIMITED);
            case "no-breaker" -> rules.withoutBreakers();
            default ->
                throw new IllegalArgumentException(
                    "after a policy's name may come no-budget and no-breaker, was '%s'"
                        .formatted(word));
          };
    }
    return rules;
  }

  private RetryPolicy policy(String name) {
    return Optional.ofNullable(config.policies().get(name))
        .orElseThrow(() -> new IllegalArgumentException(unknown(config, name)));
  }

  /** What to say of a policy that is not there. */
  static String unknown(BelayConfig config, String name) {
    String meant =
        Nearest.to(name, config.policies().keySet())
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
    return "there is no policy %s%s There are: %s"
        .formatted(
            name, meant.isEmpty() ? "." : meant, String.join(", ", config.policies().keySet()));
  }

  private static Duration length(String text) {
    return DurationText.parse(text)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "--duration must be a length such as 90s or 2m, was '%s'".formatted(text)));
  }
}
