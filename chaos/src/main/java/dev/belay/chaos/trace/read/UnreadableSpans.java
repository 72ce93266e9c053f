package dev.belay.chaos.trace.read;

import java.io.Serial;

/** What was read holds no spans in the form that it should have; says where and why. */
public final class UnreadableSpans extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final String reason;
  private final boolean tooLarge;

  private UnreadableSpans(String message, boolean tooLarge) {
    super(message);
    this.reason = message;
    this.tooLarge = tooLarge;
  }

  static UnreadableSpans wrong(String message) {
    return new UnreadableSpans(message, false);
  }

  static UnreadableSpans large(String message) {
    return new UnreadableSpans(message, true);
  }

  /** What is wrong. */
  public String reason() {
    return reason;
  }

  /** Whether it was refused for its size alone. */
  public boolean tooLarge() {
    return tooLarge;
  }
}
