package dev.belay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.shared.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class MainTest {
  private final Shell shell = new Shell();

  @Test
  void helpListsTheVerbs() {
    assertThat(shell.run("--help")).isZero();
    assertThat(shell.out()).contains("Verbs:", "config", "policy", "completion", "--json");
    assertThat(shell.err()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("verbs")
  void everyVerbExplainsItselfWithAnExample(CommandLine verb) {
    String help = verb.getUsageMessage(CommandLine.Help.Ansi.OFF);

    assertThat(help).contains("Example:").containsPattern("\n  (source <\\()?belay \\w+");
    assertThat(verb.getCommandSpec().usageMessage().description()).isNotEmpty();
  }

  static Stream<CommandLine> verbs() {
    return withBelow(Main.commandLine(new Shell().terminal()));
  }

  private static Stream<CommandLine> withBelow(CommandLine verb) {
    return Stream.concat(
        Stream.of(verb), verb.getSubcommands().values().stream().flatMap(MainTest::withBelow));
  }

  @Test
  void tellsItsVersion() {
    assertThat(shell.run("--version")).isZero();
    assertThat(shell.out()).startsWith("belay ").contains("Java " + Runtime.version());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | belay: Missing verb (see belay --help)",
        "config | belay: Missing verb: check or schema (see belay config --help)",
        "policy | belay: Missing verb: explain or simulate (see belay policy --help)",
        "confg | belay: Unmatched argument at index 0: 'confg'; did you mean config? (see"
            + " belay --help)",
        "config check --cnfig x | belay: Unknown options: '--cnfig', 'x'; did you mean --config?"
            + " (see belay config check --help)",
        "config check -c | belay: Missing required parameter for option '--config' (FILE) (see"
            + " belay config check --help)"
      })
  void saysInOneLineWhatIsWrongWithACommand(String line, String message) {
    int code = line.isEmpty() ? shell.run() : shell.run(line.split(" "));

    assertThat(code).isEqualTo(2);
    assertThat(shell.err()).isEqualToIgnoringNewLines(message);
    assertThat(shell.out()).isEmpty();
  }

  @Test
  void coloursOnlyWhereThereAreSome() {
    Shell colourful = new Shell().withColours();
    shell.run("nonsense");
    colourful.run("nonsense");

    assertThat(shell.err()).doesNotContain("\u001b[");
    assertThat(colourful.err()).contains("\u001b[");
  }

  @Test
  void anErrorIsOneLineUnlessSomebodyWantsToSeeItsOrigin() {
    Shell curious = new Shell().with("BELAY_DEBUG", "1");
    CommandLine verb = Main.commandLine(shell.terminal());
    var parsed = verb.parseArgs("completion");
    Exception failure = new IllegalStateException("first\n  second");

    assertThat(new Errors(shell.terminal()).failure(failure, verb, parsed)).isEqualTo(1);
    new Errors(curious.terminal()).failure(new IllegalStateException(), verb, parsed);

    assertThat(shell.err()).isEqualToIgnoringNewLines("belay: first second");
    assertThat(curious.err())
        .startsWith("belay: IllegalStateException")
        .contains("\tat " + MainTest.class.getName());
  }

  @Test
  void aVerbThatCannotDoItsWorkFails() {
    StringWriter err = new StringWriter();
    PrintWriter broken =
        new PrintWriter(
            new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8)) {
          @Override
          public void println(String line) {
            throw new IllegalStateException("the pipe is broken");
          }
        };

    int code = Main.run(new Terminal(broken, new PrintWriter(err), Map.of(), false), "completion");

    assertThat(code).isEqualTo(1);
    assertThat(err.toString()).isEqualToIgnoringNewLines("belay: the pipe is broken");
  }

  @Test
  void completesInTheShell() {
    assertThat(shell.run("completion")).isZero();
    assertThat(shell.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("complete -F _complete_belay")
        .contains("--config", "explain", "schema");
  }

  @Test
  void theTerminalOfTheProcessSeesItsEnvironment() {
    Terminal terminal = Terminal.ofProcess();

    assertThat(terminal.environment()).isEqualTo(System.getenv());
    assertThat(terminal.styled("@|bold x|@")).contains("x");
  }
}
