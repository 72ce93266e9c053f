package dev.belay.chaos.trace.read;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An object of JSON whose keys have several names, and whose numbers may be texts. What is missing
 * is empty; what is not needed is not looked at.
 */
record Node(Map<?, ?> members) {
  private static final Node EMPTY = new Node(Map.of());

  /** An object, or an empty one in place of anything else. */
  static Node of(Object value) {
    return value instanceof Map<?, ?> members ? new Node(members) : EMPTY;
  }

  /** What stands under the first of these names that is there. */
  Optional<Object> value(String... names) {
    for (String name : names) {
      Object value = members.get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** A text or a number as text; empty if there is none. */
  String text(String... names) {
    return value(names)
        .filter(value -> !(value instanceof Map || value instanceof List))
        .map(String::valueOf)
        .orElse("");
  }

  /** An object; empty if there is none. */
  Node node(String... names) {
    return value(names).map(Node::of).orElse(EMPTY);
  }

  /** The objects of a list; empty if there is none. */
  List<Node> nodes(String... names) throws UnreadableSpans {
    List<Node> nodes = new ArrayList<>();
    for (Object item : list(names)) {
      if (!(item instanceof Map)) {
        throw UnreadableSpans.wrong("%s must be a list of objects".formatted(names[0]));
      }
      nodes.add(of(item));
    }
    return nodes;
  }

  private List<?> list(String... names) throws UnreadableSpans {
    Optional<Object> value = value(names);
    if (value.isEmpty()) {
      return List.of();
    }
    if (value.get() instanceof List<?> list) {
      return list;
    }
    throw UnreadableSpans.wrong("%s must be a list".formatted(names[0]));
  }
}
