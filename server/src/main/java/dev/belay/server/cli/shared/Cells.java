package dev.belay.server.cli.shared;

import dev.belay.server.cli.shared.Table.Cell;
import tools.jackson.databind.JsonNode;

/** What the server says, as values of a table for people. */
public final class Cells {
  private Cells() {}

  /**
   * Seconds, or a hyphen where there are none.
   *
   * @param value a number, or whatever stands in its place
   */
  public static Cell seconds(JsonNode value) {
    return Cell.of(value.isNumber() ? Figures.seconds(value.doubleValue()) : "-");
  }

  /**
   * A whole number.
   *
   * @param value the number; whatever else it is counts as 0
   */
  public static Cell count(JsonNode value) {
    return Cell.of(Long.toString(value.asLong(0)));
  }

  /**
   * A text as it is.
   *
   * @param value the text; whatever else it is counts as an empty one
   */
  public static Cell text(JsonNode value) {
    return Cell.of(value.asString(""));
  }
}
