package dev.belay.flow.plan;

import dev.belay.settings.Node;
import dev.belay.settings.Place;
import dev.belay.settings.Section;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Texts as they stand: in a prompt or a command, a dollar and a brace are for the shell that reads
 * it, and never a variable of ours.
 */
final class Raw {
  private Raw() {}

  static Optional<String> text(Section section, String key) {
    return section.place(key).flatMap(Raw::text);
  }

  static Optional<String> text(Place place) {
    if (place.node() instanceof Node.Scalar scalar && scalar.kind() != Node.Kind.NULL) {
      return Optional.of(scalar.text());
    }
    place.wrong("must be text; was %s".formatted(place.node().what()));
    return Optional.empty();
  }

  static String text(Section section, String key, String otherwise) {
    return text(section, key).orElse(otherwise);
  }

  static List<String> texts(Section section, String key) {
    Optional<Place> place = section.place(key);
    if (place.isEmpty()) {
      return List.of();
    }
    if (place.get().node() instanceof Node.Scalar scalar && scalar.kind() == Node.Kind.TEXT) {
      return List.of(scalar.text());
    }
    List<String> texts = new ArrayList<>();
    place
        .get()
        .list("texts")
        .ifPresent(items -> items.forEach(item -> text(item).ifPresent(texts::add)));
    return texts;
  }

  static Map<String, String> pairs(Section section, String key) {
    Map<String, String> pairs = new LinkedHashMap<>();
    Section inner = section.section(key);
    for (String name : inner.keys()) {
      text(inner, name).ifPresent(value -> pairs.put(name, value));
    }
    return pairs;
  }
}
