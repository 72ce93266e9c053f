package dev.belay.examples.shop;

import java.io.Serial;

/** No answer came. */
public final class CallFailed extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final Kind kind;

  /** Why not. */
  public enum Kind {
    /** It took too long. */
    TIMEOUT,
    /** The connection broke. */
    RESET,
    /** What came could not be read. */
    GARBLED
  }

  /** A failure of some kind. */
  public CallFailed(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  /** Why no answer came. */
  public Kind kind() {
    return kind;
  }
}
