package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How a model is reached. Immutable; prints no secret. */
public sealed interface Backend {

  /**
   * By HTTP.
   *
   * @param dialect how it speaks
   * @param base {@code https://api.openai.com/v1}, say; without query, user or fragment
   * @param key read each time a request is sent
   * @param headers sent with each request, on top of what the dialect sends
   */
  record Http(Dialect dialect, URI base, Secret key, Headers headers) implements Backend {
    /** Rejects addresses that are not plain http or https ones. */
    public Http {
      requireNonNull(dialect, "dialect");
      requireNonNull(key, "key");
      requireNonNull(headers, "headers");
      boolean web = "http".equals(base.getScheme()) || "https".equals(base.getScheme());
      Check.that(
          web && base.getHost() != null,
          "base must be an http or https address with a host, was '%s://%s'",
          base.getScheme(),
          base.getHost());
      Check.that(
          base.getRawUserInfo() == null && base.getRawQuery() == null,
          "base must hold neither user nor query, that of host %s does",
          base.getHost());
    }
  }

  /**
   * By a program that is started for each call.
   *
   * @param command the program and its arguments; {@code {model}}, {@code {prompt}}, {@code
   *     {system}} and {@code {mcp_config}} stand for the model, the conversation, its instructions,
   *     and a file of MCP servers. Without {@code {prompt}} it comes on the standard input
   * @param output what it writes
   * @param environment added to ours
   * @param grace how long it may take to end when told to, before it is killed; 0 to 60 s
   */
  record Cli(List<String> command, Output output, Map<String, Secret> environment, Duration grace)
      implements Backend {

    /** What a program writes on its standard output. */
    public enum Output {
      /** The answer itself. */
      TEXT,
      /** One JSON object that holds the answer. */
      JSON,
      /** A JSON object on each line. */
      STREAM_JSON
    }

    /** Keeps copies. */
    public Cli {
      command = List.copyOf(command);
      requireNonNull(output, "output");
      environment = Map.copyOf(environment);
      Check.that(
          !command.isEmpty() && !command.getFirst().isBlank(), "command must name a program");
      Check.that(
          !grace.isNegative() && grace.compareTo(Duration.ofMinutes(1)) <= 0,
          "grace must be 0 to 60 s, was %s",
          grace);
    }
  }
}
