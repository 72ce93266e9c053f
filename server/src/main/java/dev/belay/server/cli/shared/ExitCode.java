package dev.belay.server.cli.shared;

/** What a process that started the program is told at its end. */
public final class ExitCode {
  /** It worked. */
  public static final int OK = 0;

  /** It was asked for rightly and went wrong. */
  public static final int FAILED = 1;

  /** It was stopped before its end. */
  public static final int INTERRUPTED = 130;

  /** It was asked for wrongly, or the configuration is bad. */
  public static final int USAGE = 2;

  private ExitCode() {}
}
