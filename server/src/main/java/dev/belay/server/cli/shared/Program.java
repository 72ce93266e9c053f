package dev.belay.server.cli.shared;

/** What verbs know of the program they belong to. For one thread at a time. */
public interface Program {
  /** What verbs print to. */
  Terminal terminal();

  /** Whether results are wanted as JSON. */
  boolean isJson();
}
