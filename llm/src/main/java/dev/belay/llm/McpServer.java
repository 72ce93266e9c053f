package dev.belay.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.List;
import java.util.Map;

/**
 * A server of tools that a model may use (Model Context Protocol). Values may hold {@code ${NAME}},
 * which is put in from the environment when the call is sent, and never logged. Immutable.
 */
public sealed interface McpServer {

  /** By which the model and the feedback call it. */
  String name();

  /**
   * A program that talks over its standard streams.
   *
   * @param env in addition to the environment; where the program is started by us and not by a
   *     command line, to {@code PATH}, {@code HOME} and the like alone, which holds no key
   */
  record Stdio(String name, String command, List<String> args, Map<String, String> env)
      implements McpServer {
    /** Keeps copies. */
    public Stdio {
      requireNonNull(name, "name");
      requireNonNull(command, "command");
      args = List.copyOf(args);
      env = Map.copyOf(env);
    }

    /** Without the values of {@code env}, which may be secret. */
    @Override
    public String toString() {
      return "Stdio[%s, %s]".formatted(name, command);
    }
  }

  /**
   * A server that is reached by HTTP.
   *
   * @param type {@code http} or {@code sse}
   * @param headers to be sent along, a login among them
   * @param allowedTools the names that may be used; all if empty
   */
  record Remote(
      String name, String type, String url, Map<String, String> headers, List<String> allowedTools)
      implements McpServer {
    /** Keeps copies. */
    public Remote {
      requireNonNull(name, "name");
      requireNonNull(url, "url");
      Check.that(
          type.equals("http") || type.equals("sse"), "type must be http or sse, was '%s'", type);
      headers = Map.copyOf(headers);
      allowedTools = List.copyOf(allowedTools);
    }

    /** Without the values of {@code headers}, which may be secret. */
    @Override
    public String toString() {
      return "Remote[%s, %s]".formatted(name, url);
    }
  }
}
