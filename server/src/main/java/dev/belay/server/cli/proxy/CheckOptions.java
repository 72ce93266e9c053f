package dev.belay.server.cli.proxy;

import dev.belay.proxy.health.HealthLevel;
import dev.belay.proxy.health.HealthSettings.Probe;
import dev.belay.settings.DurationText;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What proxies are checked for. */
final class CheckOptions {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description =
          "tcp: it lets itself be connected to. http: it fetches --target. https: --target shows a"
              + " valid certificate through it. tcp if not said.")
  private @Nullable HealthLevel level;

  @Option(
      names = "--target",
      paramLabel = "URL",
      description = "For http and https; http://example.com/ or https://example.com/ if not said.")
  private @Nullable String target;

  @Option(
      names = "--judge",
      paramLabel = "URL",
      description =
          "An http:// page that echoes the request it gets; shows whether a proxy is transparent,"
              + " anonymous or elite.")
  private @Nullable String judge;

  @Option(
      names = "--timeout",
      paramLabel = "LENGTH",
      description = "For each check: 500ms, 5s; 5s if not said.")
  private @Nullable String timeout;

  @Option(
      names = "--parallel",
      paramLabel = "COUNT",
      defaultValue = "100",
      description = "Checks at once; ${DEFAULT-VALUE} if not said.")
  private int parallel;

  /** What is to be checked; what the options leave open is as it was. */
  Probe probe(Probe before) {
    HealthLevel wanted = level == null ? before.level() : level;
    try {
      return new Probe(
          wanted,
          length(before.timeout()),
          target(wanted, before),
          judge == null ? before.judge() : judge,
          before.ownAddresses());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), inOptions(wrong), wrong);
    }
  }

  /** The same words as in a configuration, where the options have other names. */
  private static String inOptions(IllegalArgumentException wrong) {
    return String.valueOf(wrong.getMessage())
        .replace("health.url", "--target")
        .replace("health.", "--");
  }

  private String target(HealthLevel wanted, Probe before) {
    if (target != null) {
      return target;
    }
    if (wanted == before.level()) {
      return before.url();
    }
    return wanted == HealthLevel.TCP
        ? ""
        : wanted.name().toLowerCase(Locale.ROOT) + "://example.com/";
  }

  private Duration length(Duration before) {
    String text = timeout;
    return text == null
        ? before
        : DurationText.parse(text)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "health.timeout must be a length of time such as 500ms or 5s"));
  }

  /** Checks at once. */
  int parallel() {
    if (parallel < 1 || parallel > 10_000) {
      throw new ParameterException(
          spec.commandLine(), "--parallel must be 1 to 10000, was " + parallel);
    }
    return parallel;
  }
}
