package dev.belay.chaos.export;

import dev.belay.Check;
import dev.belay.chaos.http.HttpAsk;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Questions as commands of a POSIX shell and curl. */
final class Shell {
  private Shell() {}

  /**
   * One word of the shell, whatever is in it.
   *
   * @throws IllegalArgumentException if no shell can have such a word
   */
  static String quoted(String text) {
    Check.that(
        text.indexOf('\0') < 0,
        "format must be junit here: a question has a NUL character, which no shell passes on");
    return "'" + text.replace("'", "'\\''") + "'";
  }

  /**
   * Asks, and writes to the standard output. Secrets stay out of the command line.
   *
   * @param url what is asked, as a word of the shell
   * @param more what curl is told besides
   */
  static String ask(HttpAsk ask, Secrets secrets, String url, String more) {
    StringBuilder command = new StringBuilder();
    boolean sends = ask.body().isPresent() && !isHead(ask);
    if (sends) { // on the standard input: a command line has a limit
      command.append("printf '%s' ").append(quoted(ask.body().orElseThrow())).append(" |\n  ");
    }
    int begin = command.length();
    command
        .append("curl -sS --globoff --path-as-is --max-time ")
        .append(seconds(ask.timeout()))
        .append(method(ask));
    StringBuilder hidden = new StringBuilder();
    headers(ask)
        .forEach((name, value) -> {
          Optional<String> variable = secrets.variable(name, value);
          if (variable.isPresent()) {
            hidden.append("%s: ${%s}\n".formatted(heredoc(name), variable.get()));
          } else {
            command
                .append(" -H ")
                .append(quoted(value.isEmpty() ? name + ";" : name + ": " + value));
          }
        });
    if (sends || (!ask.method().equals("GET") && !isHead(ask))) {
      command.append(" --data-binary ").append(sends ? "@-" : "''");
      if (!headers(ask).containsKey("Content-Type")) {
        command.append(" -H 'Content-Type:'"); // curl would name one
      }
    }
    command.append(' ').append(more).append(' ').append(url);
    if (!hidden.isEmpty()) {
      command
          .insert(begin + "curl ".length(), "-H @/dev/fd/3 ")
          .append(" 3<<HEADERS\n")
          .append(hidden)
          .append("HEADERS");
    }
    return command.append('\n').toString();
  }

  private static String seconds(Duration length) {
    return length.toMillisPart() == 0
        ? Long.toString(length.toSeconds())
        : "%d.%03d".formatted(length.toSeconds(), length.toMillisPart());
  }

  private static boolean isHead(HttpAsk ask) {
    return ask.method().equals("HEAD");
  }

  private static String method(HttpAsk ask) {
    if (isHead(ask)) {
      return " --head";
    }
    return ask.method().equals("GET") && ask.body().isEmpty() ? "" : " -X " + ask.method();
  }

  private static Map<String, String> headers(HttpAsk ask) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.putAll(ask.headers());
    return headers;
  }

  /** A text where variables count. */
  private static String heredoc(String text) {
    return text.replaceAll("[\\\\$`]", "\\\\$0");
  }

  /**
   * Looks whether a law holds.
   *
   * @param holds what is done if it does
   * @param broken what is done if it does not
   */
  static String judge(Reproducer.Law law, Secrets secrets, String holds, String broken) {
    String wanted = law.expected().contains().map(text -> "*" + quoted(text) + "*").orElse("*");
    return """
    answer=$(
    %s) || answer=
    case $answer in
      %s'
    '%d) %s ;;
      *) %s ;;
    esac
    """
        .formatted(
            ask(law.ask(), secrets, quoted(law.ask().uri().toString()), "-w '\\n%{http_code}'"),
            wanted,
            law.expected().status(),
            holds,
            broken);
  }
}
