package dev.belay.server.cli.proxy;

import dev.belay.server.cli.shared.Figures;
import dev.belay.server.cli.shared.Table.Cell;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** What the server says of proxies, in words for people. */
final class ProxyWords {
  private ProxyWords() {}

  /** The state of a breaker as word and colour. */
  static Cell state(JsonNode breaker) {
    boolean held = breaker.path("held").asBoolean(false);
    String state = breaker.path("state").asString("");
    String suffix = held ? " (held)" : "";
    return switch (state) {
      case "closed" -> new Cell(state + suffix, "green");
      case "open" -> new Cell(state + suffix, "red");
      case "half_open" -> new Cell("half-open" + suffix, "yellow");
      default -> Cell.of(state);
    };
  }

  /** A share of attempts, or a hyphen if there were none. */
  static Cell share(JsonNode value, long attempts) {
    return Cell.of(attempts == 0 ? "-" : Figures.percent(value.asDouble(0)));
  }

  /** The texts of a list, with commas. */
  static Cell texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asString("")));
    return Cell.of(String.join(",", texts));
  }
}
