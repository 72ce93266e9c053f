package dev.belay.chaos.wire;

import java.io.Serial;

/** Something that was read is not what it has to be; says where, and what has to be there. */
public final class WireException extends IllegalArgumentException {
  @Serial private static final long serialVersionUID = 1;

  private final String field;
  private final String constraint;

  /**
   * A complaint.
   *
   * @param field the place, such as {@code faults[1].delay_ms}; empty for the whole
   * @param constraint what has to be there, such as {@code a whole number in 1..30000}
   */
  public WireException(String field, String constraint) {
    super((field.isEmpty() ? "the document" : field) + " must be " + constraint);
    this.field = field;
    this.constraint = constraint;
  }

  /** The place, such as {@code faults[1].delay_ms}; empty for the whole. */
  public String field() {
    return field;
  }

  /** What has to be there. */
  public String constraint() {
    return constraint;
  }
}
