package dev.belay.server.cli;

import dev.belay.RetryPolicy;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.Nearest;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code belay policy}: what a retry policy means. */
@Command(
    name = "policy",
    description = "Explain retry policies.",
    synopsisSubcommandLabel = "explain",
    footer = {"", "Example:", "  belay policy explain critical"})
final class PolicyVerb implements Runnable {
  private final Main belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  PolicyVerb(Main belay) {
    this.belay = belay;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb: explain");
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
    BelayConfig config =
        Optional.ofNullable(file)
            .map(named -> BelayConfig.load(named, belay.terminal().environment()))
            .orElse(BelayConfig.DEFAULT);
    PolicyPlan plan = PolicyPlan.of(policy(config, name), config);
    if (belay.isJson()) {
      Json.print(belay.terminal(), PlanJson.of(plan));
    } else {
      new PlanText(belay.terminal()).print(plan);
    }
    return Main.OK;
  }

  private RetryPolicy policy(BelayConfig config, String name) {
    return Optional.ofNullable(config.policies().get(name))
        .orElseThrow(() -> unknown(config, name));
  }

  private ParameterException unknown(BelayConfig config, String name) {
    String meant =
        Nearest.to(name, config.policies().keySet())
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
    return new ParameterException(
        spec.subcommands().get("explain"),
        "there is no policy %s%s There are: %s"
            .formatted(
                name,
                meant.isEmpty() ? "." : meant,
                String.join(", ", config.policies().keySet())));
  }
}
