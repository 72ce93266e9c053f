package dev.belay.server.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The program {@code belay}. */
@Command(
    name = "belay",
    description = "A resilience engine for calls that fail.",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "VERB",
    commandListHeading = "%nVerbs:%n",
    footer = {"", "Example:", "  belay demo"})
public final class Main implements Runnable {
  /** It worked. */
  static final int OK = 0;

  /** It was asked for rightly and went wrong. */
  static final int FAILED = 1;

  /** It was stopped before its end. */
  static final int INTERRUPTED = 130;

  /** It was asked for wrongly, or the configuration is bad. */
  static final int USAGE = 2;

  private final Terminal terminal;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON, for programs.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  Main(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The verbs, in the order in which help lists them. A new one is added here. */
  private List<Object> verbs() {
    return List.of(
        DemoVerb.commandLine(this),
        new ServeVerb(this),
        ProxyVerb.withVerbs(this),
        ReviewsVerb.withVerbs(this),
        new ConfigVerb(this),
        new PolicyVerb(this),
        LlmVerb.withVerbs(this),
        ChaosVerb.withVerbs(this),
        new RunVerb(this),
        new ResumeVerb(this),
        new RetryVerb(this),
        new StatusVerb(this),
        new LogsVerb(this),
        new CancelVerb(this),
        new AnswerVerb(this),
        new CooldownsVerb(this),
        new CompletionVerb(this),
        new WarmUpVerb());
  }

  /** Runs a verb and ends the process with its exit code. */
  public static void main(String[] args) {
    System.exit(run(Terminal.ofProcess(), args));
  }

  /** Runs a verb. */
  static int run(Terminal terminal, String... args) {
    int code = commandLine(terminal).execute(args);
    terminal.out().flush();
    terminal.err().flush();
    return code;
  }

  /** The whole tree of verbs. */
  static CommandLine commandLine(Terminal terminal) {
    Main main = new Main(terminal);
    CommandLine belay = new CommandLine(main);
    main.verbs().forEach(belay::addSubcommand);
    Ansi ansi = terminal.hasColours() ? Ansi.ON : Ansi.OFF;
    Errors errors = new Errors(terminal);
    return belay
        .setOut(terminal.out())
        .setErr(terminal.err())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setColorScheme(CommandLine.Help.defaultColorScheme(ansi))
        .setParameterExceptionHandler(errors::usage)
        .setExecutionExceptionHandler(errors::failure);
  }

  /** What verbs print to. */
  Terminal terminal() {
    return terminal;
  }

  /** Whether results are wanted as JSON. */
  boolean isJson() {
    return json;
  }

  /** Without a verb there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb");
  }
}
