package dev.belay.testkit.mcp;

import static java.util.Objects.requireNonNull;

/**
 * A tool of a {@link FaultyMcpServer}. Immutable.
 *
 * @param name as the server calls it; without an equals sign
 * @param deed what it does when it is called
 * @param text what it says with that
 */
public record FaultyTool(String name, Deed deed, String text) {

  /** What a tool does when it is called. */
  public enum Deed {
    /** Says its text. */
    ANSWER,
    /** Says what it was called with. */
    ECHO,
    /** Says the value of the environment variable, or nothing, whose name is its text. */
    ENVIRONMENT,
    /** Says its text as an error of the tool. */
    FAIL,
    /** Is refused by the server, with its text. */
    REFUSE,
    /** Never answers. */
    HANG,
    /** Ends the program, or the connection, with its text as the last words. */
    DIE,
    /** Writes and never comes to an end; 10 MB in one message by HTTP. */
    FLOOD,
    /**
     * Starts a process, lets go of it, and says the ids of the program and of that process, with a
     * blank between; of programs only.
     */
    ORPHAN
  }

  /** Rejects a name that cannot be told to a program. */
  public FaultyTool {
    requireNonNull(deed, "deed");
    requireNonNull(text, "text");
    if (name.isEmpty() || name.contains("=")) {
      throw new IllegalArgumentException("name must not be empty nor hold '=', was '" + name + "'");
    }
  }

  /** One that says so. */
  public static FaultyTool answering(String name, String text) {
    return new FaultyTool(name, Deed.ANSWER, text);
  }

  /** One that fails, and says so. */
  public static FaultyTool failing(String name, String why) {
    return new FaultyTool(name, Deed.FAIL, why);
  }

  /** One that never answers. */
  public static FaultyTool hanging(String name) {
    return new FaultyTool(name, Deed.HANG, "");
  }

  /** One of which the server dies. */
  public static FaultyTool dying(String name, String lastWords) {
    return new FaultyTool(name, Deed.DIE, lastWords);
  }

  /** One that does something else. */
  public static FaultyTool doing(String name, Deed deed) {
    return new FaultyTool(name, deed, "");
  }

  /** As the program is told of it. */
  String word() {
    return name + "=" + deed + "=" + text;
  }

  static FaultyTool of(String word) {
    String[] parts = word.split("=", 3);
    return new FaultyTool(parts[0], Deed.valueOf(parts[1]), parts[2]);
  }
}
