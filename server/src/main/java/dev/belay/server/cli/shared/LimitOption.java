package dev.belay.server.cli.shared;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How long a list may be. */
public final class LimitOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec verb = CommandSpec.create();

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      defaultValue = "1000",
      description = "How many at most; ${DEFAULT-VALUE} if not said.")
  private int limit;

  /** For a verb. */
  public LimitOption() {}

  /**
   * How many at most.
   *
   * @throws ParameterException if that is below 1
   */
  public int limit() {
    if (limit < 1) {
      throw new ParameterException(verb.commandLine(), "--limit must be at least 1, was " + limit);
    }
    return limit;
  }
}
