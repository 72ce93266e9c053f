package dev.belay.chaos.space;

import dev.belay.settings.Node;
import dev.belay.settings.Place;
import dev.belay.settings.Section;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a constraint: a text, or a mapping with a name and a switch. */
final class ConstraintReader {
  private static final Pattern ANY = Pattern.compile("(?s).+");

  private ConstraintReader() {}

  /** Adds it, unless it is switched off; false if it cannot be read. */
  static boolean read(Place place, List<Constraint> to) {
    try {
      if (place.node() instanceof Node.Scalar) {
        Optional<String> text = place.text(ANY, "a constraint such as 'a <= 5 or b is x'");
        text.map(Constraint::parse).ifPresent(to::add);
        return text.isPresent();
      }
      Optional<Section> section = place.section();
      return section.isPresent() && read(section.get(), to);
    } catch (InvalidSpace refused) {
      place.wrong(String.valueOf(refused.getMessage()));
      return false;
    }
  }

  private static boolean read(Section section, List<Constraint> to) {
    String name = section.text("name", ANY, "a name", "");
    boolean enabled = section.yesNo("enabled", true);
    section.place("description");
    section.place("type");
    Optional<Constraint> read = Optional.empty();
    if (section.has("mutually_exclusive")) {
      List<String> members =
          section.list("mutually_exclusive", "names", it -> it.text(ANY, "a name"), List.of());
      if (members.size() >= 2) {
        read = Optional.of(Constraint.exclusive(name, members));
      } else {
        section.wrong("mutually_exclusive", "must be a list of 2 names at least");
      }
    } else if (section.has("if")) {
      read = rule(name, section);
    } else {
      Optional<Place> condition = section.place("condition");
      for (String alias : List.of("rule", "expression")) {
        condition = condition.or(() -> section.place(alias));
      }
      if (condition.isEmpty()) {
        section.wrong("condition", "must be a condition, or a mapping of if and then");
      } else if (condition.get().node() instanceof Node.Mapping) {
        Section halves = condition.get().section().orElseThrow();
        read = rule(name, halves);
        halves.close();
      } else {
        read =
            condition
                .get()
                .text(ANY, "a condition")
                .map(text -> new Constraint(name, text, Constraint.parse(text).condition()));
      }
    }
    section.close();
    if (enabled) {
      read.ifPresent(to::add);
    }
    return read.isPresent();
  }

  private static Optional<Constraint> rule(String name, Section section) {
    Optional<String> premise = section.place("if").flatMap(it -> it.text(ANY, "a condition"));
    Optional<String> conclusion = section.place("then").flatMap(it -> it.text(ANY, "a condition"));
    if (!section.has("if") || !section.has("then")) {
      section.wrong(section.has("if") ? "then" : "if", "is missing; a rule has if and then");
    }
    return premise.flatMap(p -> conclusion.map(c -> Constraint.rule(name, p, c)));
  }
}
