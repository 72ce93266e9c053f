package dev.belay.server.cli.policy;

import dev.belay.RetryPolicy;
import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.config.BelayConfig;
import dev.belay.simulate.Result;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay policy}: what a retry policy means. */
@Command(
    name = "policy",
    description = "Explain retry policies and try them out.",
    synopsisSubcommandLabel = "(explain | simulate)",
    footer = {"", "Example:", "  belay policy explain critical"})
public final class PolicyVerb implements Runnable {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  /**
   * The verb with those below it.
   *
   * @param belay whose verb it becomes
   */
  public PolicyVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb: explain or simulate");
  }

  @Command(
      name = "explain",
      description = "Print what a policy does: its attempts, its waits, its worst case.",
      footer = {"", "Example:", "  belay policy explain patient -c belay.yaml"})
  int explain(
      @Parameters(
              arity = "0..1",
              paramLabel = "NAME",
              defaultValue = "default",
              description = "The policy; default if not said.")
          String name,
      @Option(
              names = {"-c", "--config"},
              paramLabel = "FILE",
              description = "The configuration; what is built in if not said.")
          @Nullable Path file) {
    BelayConfig config = config(file);
    PolicyPlan plan = PolicyPlan.of(policy(config, name), config);
    if (belay.isJson()) {
      Json.print(belay.terminal(), PlanJson.of(plan));
    } else {
      new PlanText(belay.terminal()).print(plan);
    }
    return ExitCode.OK;
  }

  @Command(
      name = "simulate",
      description = {
        "Run a policy against a scripted misfortune in virtual time:",
        "success rate, load on the endpoints, waits."
      },
      footer = {
        "",
        "Example:",
        "  belay policy simulate critical --scenario one-down",
        "  belay policy simulate high-volume,no-breaker \\",
        "      --compare high-volume,no-breaker,no-budget"
      })
  int simulate(@Mixin SimulateOptions options) {
    Map<String, Result> results;
    BelayConfig config = config(options.file());
    try {
      results = new Simulations(config, options).run();
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(
          spec.subcommands().get("simulate"), String.valueOf(wrong.getMessage()), wrong);
    }
    if (belay.isJson()) {
      Json.print(belay.terminal(), SimulationJson.of(results));
    } else {
      new SimulationText(belay.terminal()).print(results);
    }
    return ExitCode.OK;
  }

  private BelayConfig config(@Nullable Path file) {
    return Optional.ofNullable(file)
        .map(named -> BelayConfig.load(named, belay.terminal().environment()))
        .orElse(BelayConfig.DEFAULT);
  }

  private RetryPolicy policy(BelayConfig config, String name) {
    return Optional.ofNullable(config.policies().get(name))
        .orElseThrow(() ->
            new ParameterException(
                spec.subcommands().get("explain"), Simulations.unknown(config, name)));
  }
}
