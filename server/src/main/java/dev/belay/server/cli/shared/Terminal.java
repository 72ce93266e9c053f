package dev.belay.server.cli.shared;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/**
 * What a verb sees of the outside. For one thread at a time.
 *
 * @param in what is typed or piped in
 * @param out for results
 * @param err for errors
 * @param environment its variables
 * @param hasColours whether a person looks at it who can see colours
 */
public record Terminal(
    InputStream in,
    PrintWriter out,
    PrintWriter err,
    Map<String, String> environment,
    boolean hasColours) {

  /** Keeps a copy of the environment. */
  public Terminal {
    environment = Map.copyOf(environment);
  }

  /**
   * One at which nobody types.
   *
   * @param out for results
   * @param err for errors
   * @param environment its variables
   * @param hasColours whether a person looks at it who can see colours
   */
  public Terminal(
      PrintWriter out, PrintWriter err, Map<String, String> environment, boolean hasColours) {
    this(InputStream.nullInputStream(), out, err, environment, hasColours);
  }

  /** The one this process was started from. */
  public static Terminal ofProcess() {
    return new Terminal(
        System.in,
        new PrintWriter(System.out, true, StandardCharsets.UTF_8),
        new PrintWriter(System.err, true, StandardCharsets.UTF_8),
        System.getenv(),
        Ansi.AUTO.enabled());
  }

  /** Whether whoever runs it wants to see where an error came from. */
  public boolean wantsStackTraces() {
    return !environment.getOrDefault("BELAY_DEBUG", "").isEmpty();
  }

  /** Whether its locale says that it shows more than ASCII. */
  public boolean speaksUnicode() {
    String locale =
        Stream.of("LC_ALL", "LC_CTYPE", "LANG")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(value -> !value.isEmpty())
            .findFirst()
            .orElse("");
    return locale.toLowerCase(Locale.ROOT).replace("-", "").contains("utf8");
  }

  /**
   * A text in colour if there are any.
   *
   * @param markup as picocli writes it
   */
  public String styled(String markup) {
    return (hasColours ? Ansi.ON : Ansi.OFF).string(markup);
  }

  /**
   * A text in colour if there are any; what it says is not read as markup.
   *
   * @param style as picocli names it, {@code red}, say; empty for none
   * @param text as it is to be seen
   */
  public String styled(String style, String text) {
    return style.isEmpty() || !hasColours || text.isEmpty()
        ? text
        : Ansi.Style.on(Ansi.Style.parse(style)) + text + Ansi.Style.reset.on();
  }
}
