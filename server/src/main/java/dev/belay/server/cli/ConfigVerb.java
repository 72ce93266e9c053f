package dev.belay.server.cli;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Json;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.config.ConfigSchema;
import dev.belay.settings.ConfigException;
import dev.belay.settings.ConfigProblem;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code belay config}: what is in a configuration file. */
@Command(
    name = "config",
    description = "Check a configuration file, or print its schema.",
    synopsisSubcommandLabel = "(check | schema)",
    footer = {"", "Example:", "  belay config check -c belay.yaml"})
final class ConfigVerb implements Runnable {
  private final Program belay;

  @Spec private CommandSpec spec = CommandSpec.create();

  ConfigVerb(Program belay) {
    this.belay = belay;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb: check or schema");
  }

  @Command(
      name = "check",
      description = "Say whether a configuration is right, or everything that is wrong with it.",
      footer = {"", "Example:", "  belay config check -c belay.yaml"})
  int check(
      @Option(
              names = {"-c", "--config"},
              paramLabel = "FILE",
              defaultValue = "belay.yaml",
              description = "The file; belay.yaml if not said.")
          Path file) {
    try {
      BelayConfig config = BelayConfig.load(file, belay.terminal().environment());
      report(file, config);
      return ExitCode.OK;
    } catch (ConfigException e) {
      if (!belay.isJson()) {
        throw e;
      }
      Json.print(belay.terminal(), problems(file, e));
      return ExitCode.USAGE;
    }
  }

  private void report(Path file, BelayConfig config) {
    Map<String, Object> summary = Summary.of(config);
    if (belay.isJson()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("ok", true);
      answer.put("file", file.toString());
      answer.putAll(summary);
      Json.print(belay.terminal(), answer);
      return;
    }
    Terminal terminal = belay.terminal();
    terminal.out().println(file + ": " + terminal.styled("@|bold,green ok|@"));
    summary.forEach((what, value) -> terminal.out().printf("  %-16s %s%n", what, value));
  }

  private static Map<String, Object> problems(Path file, ConfigException error) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("ok", false);
    answer.put("file", file.toString());
    answer.put("problems", error.problems().stream().map(ConfigVerb::problem).toList());
    return answer;
  }

  private static Map<String, Object> problem(ConfigProblem problem) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("line", problem.line());
    answer.put("path", problem.path());
    answer.put("message", problem.message());
    return answer;
  }

  @Command(
      name = "schema",
      description = "Print the JSON Schema of the configuration, for editors.",
      footer = {"", "Example:", "  belay config schema > belay.schema.json"})
  int schema() {
    belay.terminal().out().print(ConfigSchema.text());
    return ExitCode.OK;
  }
}
