package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import java.util.function.Function;

/**
 * How a request is put on the wire. Immutable.
 *
 * @param stream whether the answer shall come piece by piece
 * @param environment gives the values of {@code ${NAME}} in settings of MCP servers
 * @param mcp what to do with MCP servers that the provider cannot take
 */
public record WriteOptions(
    boolean stream, Function<String, Optional<String>> environment, UnsupportedMcp mcp) {

  /** What to do with servers of tools that a provider, or its protocol, has no place for. */
  public enum UnsupportedMcp {
    /** Throw {@link UnsupportedToolStage} before anything is sent. */
    FAIL,
    /** Send the request without them. */
    SKIP
  }

  /** The answer in one piece, variables from the process, and no server left out in silence. */
  public static final WriteOptions WHOLE =
      new WriteOptions(
          false, name -> Optional.ofNullable(System.getenv(name)), UnsupportedMcp.FAIL);

  /** Rejects null. */
  public WriteOptions {
    requireNonNull(environment, "environment");
    requireNonNull(mcp, "mcp");
  }

  /**
   * A text with values in the places of {@code ${NAME}} and {@code ${NAME:-default}}.
   *
   * @param where it stands, for the error
   * @throws MissingVariable if one has no value
   */
  public String expand(String text, String where) {
    return Variables.expand(text, environment, where);
  }

  /** The same for an answer that comes piece by piece, or not. */
  public WriteOptions withStream(boolean stream) {
    return new WriteOptions(stream, environment, mcp);
  }

  /** The same with other variables. */
  public WriteOptions withEnvironment(Function<String, Optional<String>> environment) {
    return new WriteOptions(stream, environment, mcp);
  }

  /** The same with another rule for servers that have no place. */
  public WriteOptions withMcp(UnsupportedMcp mcp) {
    return new WriteOptions(stream, environment, mcp);
  }
}
