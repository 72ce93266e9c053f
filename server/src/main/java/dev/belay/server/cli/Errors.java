package dev.belay.server.cli;

import dev.belay.server.cli.shared.ExitCode;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.settings.ConfigException;
import dev.belay.settings.Nearest;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what went wrong in one line, or in one for each problem of a configuration. */
final class Errors {
  /** What stands before the host in a URL that was typed, the password in it. */
  private static final Pattern LOGIN = Pattern.compile("://\\S*@");

  private final Terminal terminal;

  Errors(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The command line itself was wrong. */
  int usage(ParameterException error, String[] args) {
    String meant =
        error instanceof UnmatchedArgumentException unmatched
            ? meant(unmatched).map("; did you mean %s?"::formatted).orElse("")
            : "";
    String verb = error.getCommandLine().getCommandSpec().qualifiedName();
    say("%s%s (see %s --help)".formatted(oneLine(error), meant, verb));
    return ExitCode.USAGE;
  }

  private static Optional<String> meant(UnmatchedArgumentException error) {
    Set<String> known =
        new TreeSet<>(error.getCommandLine().getCommandSpec().optionsMap().keySet());
    known.addAll(error.getCommandLine().getSubcommands().keySet());
    return Nearest.to(error.getUnmatched().getFirst(), known);
  }

  /** A verb threw. */
  int failure(Exception error, CommandLine verb, ParseResult parsed) {
    if (error instanceof ConfigException config) {
      config.problems().forEach(problem -> say(problem.toString()));
      return ExitCode.USAGE;
    }
    say(oneLine(error));
    if (terminal.wantsStackTraces()) {
      error.printStackTrace(terminal.err());
    }
    return ExitCode.FAILED;
  }

  private void say(String line) {
    terminal.err().println(terminal.styled("@|bold,red belay:|@ ") + line);
  }

  private static String oneLine(Exception error) {
    String message = error.getMessage();
    return message == null || message.isBlank()
        ? error.getClass().getSimpleName()
        : LOGIN.matcher(message.strip().replaceAll("\\s*\\R\\s*", " ")).replaceAll("://…@");
  }
}
