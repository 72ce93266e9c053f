package dev.belay.server.cli.policy;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code belay policy simulate} can be told. */
final class SimulateOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "default",
      description = {
        "The policy; default if not said.",
        "Add ,no-budget or ,no-breaker to do without."
      })
  private String name = "default";

  @Option(
      names = "--scenario",
      paramLabel = "S",
      defaultValue = "outage",
      description = {
        "outage, one-down, brownout, flapping, rate-limited, overload or all-fine;",
        "default: ${DEFAULT-VALUE}."
      })
  private String scenario = "outage";

  @Option(
      names = "--endpoints",
      paramLabel = "N",
      defaultValue = "3",
      description = "1 to 10000; default: ${DEFAULT-VALUE}.")
  private int endpoints = 3;

  @Option(
      names = "--rate",
      paramLabel = "R",
      defaultValue = "100",
      description = "Calls per second; default: ${DEFAULT-VALUE}.")
  private double rate = 100;

  @Option(
      names = "--duration",
      paramLabel = "D",
      defaultValue = "2m",
      description = "For how long calls come in: 90s, 2m; default: ${DEFAULT-VALUE}.")
  private String duration = "2m";

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "42",
      description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 42;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration; what is built in if not said.")
  private @Nullable Path file;

  @Option(
      names = "--compare",
      paramLabel = "OTHER",
      description = "Another policy against the same calls, beside the first.")
  private @Nullable String other;

  String name() {
    return name;
  }

  String scenario() {
    return scenario;
  }

  int endpoints() {
    return endpoints;
  }

  double rate() {
    return rate;
  }

  String duration() {
    return duration;
  }

  long seed() {
    return seed;
  }

  @Nullable Path file() {
    return file;
  }

  @Nullable String other() {
    return other;
  }
}
