package dev.belay.server.cli;

import dev.belay.server.cli.chaos.ChaosVerb;
import dev.belay.server.cli.demo.DemoVerb;
import dev.belay.server.cli.flow.FlowVerbs;
import dev.belay.server.cli.llm.LlmVerb;
import dev.belay.server.cli.llm.ReviewsVerb;
import dev.belay.server.cli.policy.PolicyVerb;
import dev.belay.server.cli.proxy.ProxyVerb;
import dev.belay.server.cli.shared.Program;
import dev.belay.server.cli.shared.Terminal;
import java.util.ArrayList;
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
public final class Main implements Program, Runnable {
  private final Terminal terminal;

  @Option(names = "--json", scope = ScopeType.INHERIT, description = "Print JSON, for programs.")
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  Main(Terminal terminal) {
    this.terminal = terminal;
  }

  /** The verbs, in the order in which help lists them. A new one is added here. */
  private List<Object> verbs() {
    List<Object> verbs = new ArrayList<>();
    verbs.add(DemoVerb.withVerbs(this));
    verbs.add(new ServeVerb(this));
    verbs.add(ProxyVerb.withVerbs(this));
    verbs.add(ReviewsVerb.withVerbs(this));
    verbs.add(new ConfigVerb(this));
    verbs.add(new PolicyVerb(this));
    verbs.add(LlmVerb.withVerbs(this));
    verbs.add(ChaosVerb.withVerbs(this));
    verbs.addAll(FlowVerbs.all(this));
    verbs.add(new CompletionVerb(this));
    verbs.add(new WarmUpVerb());
    return verbs;
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

  @Override
  public Terminal terminal() {
    return terminal;
  }

  @Override
  public boolean isJson() {
    return json;
  }

  /** Without a verb there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Missing verb");
  }
}
