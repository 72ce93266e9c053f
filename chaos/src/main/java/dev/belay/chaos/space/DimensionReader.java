package dev.belay.chaos.space;

import dev.belay.Check;
import dev.belay.chaos.space.Condition.Operator;
import dev.belay.settings.Node;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a dimension with all the names that its keys go by. */
final class DimensionReader {
  private static final Pattern ANY = Pattern.compile("(?s).*");
  private static final Range<Double> NUMBERS = Range.of(-1e300, 1e300);

  private static final Map<String, Operator> OPERATORS =
      Map.ofEntries(
          Map.entry("equals", Operator.IS),
          Map.entry("eq", Operator.IS),
          Map.entry("is", Operator.IS),
          Map.entry("=", Operator.IS),
          Map.entry("==", Operator.IS),
          Map.entry("not_equals", Operator.IS_NOT),
          Map.entry("ne", Operator.IS_NOT),
          Map.entry("!=", Operator.IS_NOT),
          Map.entry("in", Operator.IN),
          Map.entry("not_in", Operator.NOT_IN),
          Map.entry("greater_than", Operator.ABOVE),
          Map.entry("gt", Operator.ABOVE),
          Map.entry(">", Operator.ABOVE),
          Map.entry("gte", Operator.AT_LEAST),
          Map.entry(">=", Operator.AT_LEAST),
          Map.entry("less_than", Operator.BELOW),
          Map.entry("lt", Operator.BELOW),
          Map.entry("<", Operator.BELOW),
          Map.entry("lte", Operator.AT_MOST),
          Map.entry("<=", Operator.AT_MOST));

  private static final List<String> TYPES =
      List.of("categorical", "real", "integer", "choice", "float", "double", "int");

  private DimensionReader() {}

  static Optional<Dimension> read(Section section) {
    String name = section.text("name", ANY, "a name", "");
    if (!section.has("name")) {
      section.wrong("name", "is missing");
    }
    String description = section.text("description", ANY, "a text", "");
    boolean required = section.yesNo("required", false);
    Optional<Value> standard = section.place("default").flatMap(SpaceReader::value);
    Optional<Place> conditionPlace = section.place("condition");
    Optional<Condition> condition = conditionPlace.flatMap(DimensionReader::condition);
    Optional<String> type = section.place("type").flatMap(it -> it.oneOf(TYPES));
    if (!section.has("type")) {
      section.wrong("type", "is missing; it must be categorical, real or integer");
    }
    boolean broken =
        !section.has("name")
            || type.isEmpty()
            || (section.has("default") && standard.isEmpty())
            || (conditionPlace.isPresent() && condition.isEmpty());
    Optional<Dimension> read =
        broken
            ? Optional.empty()
            : attempt(
                section,
                () ->
                    of(
                        type.get(),
                        section,
                        new Traits(name, description, required, standard, condition)));
    section.close();
    return read;
  }

  private static Optional<Dimension> attempt(
      Section section, java.util.function.Supplier<Optional<Dimension>> make) {
    try {
      return make.get();
    } catch (IllegalArgumentException refused) {
      String message = String.valueOf(refused.getMessage());
      String part = message.substring(0, Math.max(0, message.indexOf(' ')));
      String key =
          switch (part) {
            case "bounds", "values" ->
                section.keys().stream()
                    .filter(it -> List.of("range", "min", "categories").contains(it))
                    .findFirst()
                    .orElse(part);
            default -> part;
          };
      section.wrong(key, message);
      return Optional.empty();
    }
  }

  private static Optional<Dimension> of(String type, Section section, Traits traits) {
    return switch (type) {
      case "categorical", "choice" -> {
        Optional<List<Value>> values = values(section);
        yield values.map(it -> new Dimension.Categorical(traits, it));
      }
      case "integer", "int" -> {
        boolean log = isLog(section);
        yield bounds(section)
            .map(it -> new Dimension.Whole(traits, whole(it.get(0)), whole(it.get(1)), log));
      }
      default -> {
        boolean log = isLog(section);
        yield bounds(section).map(it -> new Dimension.Real(traits, it.get(0), it.get(1), log));
      }
    };
  }

  private static long whole(double bound) {
    Check.that(bound == Math.rint(bound), "bounds must be whole numbers, was %s", Value.of(bound));
    return (long) bound;
  }

  private static boolean isLog(Section section) {
    String scale = section.oneOf("scale", List.of("linear", "log"), "linear");
    String prior = section.oneOf("prior", List.of("uniform", "log-uniform"), "uniform");
    return section.yesNo("log", false) || scale.equals("log") || prior.equals("log-uniform");
  }

  private static Optional<List<Value>> values(Section section) {
    Optional<Place> place = section.place("values");
    for (String alias : List.of("categories", "choices")) {
      place = place.or(() -> section.place(alias));
    }
    if (place.isEmpty()) {
      section.wrong("values", "is missing; a category needs a list of values");
      return Optional.empty();
    }
    Optional<List<Place>> items = place.get().list("values");
    return items.flatMap(list -> {
      List<Value> values = new ArrayList<>();
      list.forEach(item -> SpaceReader.value(item).ifPresent(values::add));
      return values.size() == list.size() ? Optional.of(values) : Optional.empty();
    });
  }

  private static Optional<List<Double>> bounds(Section section) {
    Optional<Place> pair = section.place("bounds").or(() -> section.place("range"));
    Optional<Place> low = section.place("min").or(() -> section.place("low"));
    Optional<Place> high = section.place("max").or(() -> section.place("high"));
    List<Place> ends = new ArrayList<>();
    if (pair.isPresent()) {
      Optional<List<Place>> items = pair.get().list("two numbers");
      if (items.isEmpty()) {
        return Optional.empty();
      }
      ends.addAll(items.get());
    } else {
      low.ifPresent(ends::add);
      high.ifPresent(ends::add);
    }
    if (ends.size() != 2) {
      section.wrong("bounds", "must be two numbers, [least, greatest]; were " + ends.size());
      return Optional.empty();
    }
    List<Double> bounds = new ArrayList<>();
    ends.forEach(end -> end.number(NUMBERS).ifPresent(bounds::add));
    return bounds.size() == 2 ? Optional.of(bounds) : Optional.empty();
  }

  private static Optional<Condition> condition(Place place) {
    if (place.node() instanceof Node.Scalar) {
      Optional<String> text = place.text(ANY, "a condition");
      return text.flatMap(it -> {
        try {
          return Optional.of(new ConditionParser(it).condition());
        } catch (InvalidSpace refused) {
          place.wrong(String.valueOf(refused.getMessage()));
          return Optional.empty();
        }
      });
    }
    return place.section().flatMap(section -> comparison(place, section));
  }

  private static Optional<Condition> comparison(Place place, Section section) {
    String field = section.text("field", ANY, "the name of a dimension", "");
    if (!section.has("field")) {
      section.wrong("field", "is missing; it must be the name of a dimension");
    }
    Optional<Operator> operator =
        section.has("operator")
            ? section
                .place("operator")
                .flatMap(it -> it.oneOf(OPERATORS.keySet().stream().sorted().toList()))
                .map(OPERATORS::get)
            : Optional.of(Operator.IS);
    Optional<Place> given = section.place("value").or(() -> section.place("values"));
    if (given.isEmpty()) {
      section.wrong("value", "is missing");
    }
    section.close();
    List<Value> values = new ArrayList<>();
    given.ifPresent(it -> {
      if (it.node() instanceof Node.Sequence) {
        it.list("values")
            .orElse(List.of())
            .forEach(one -> SpaceReader.value(one).ifPresent(values::add));
      } else {
        SpaceReader.value(it).ifPresent(values::add);
      }
    });
    if (values.isEmpty() || operator.isEmpty() || !section.has("field")) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Condition.Compare(field, operator.get(), values));
    } catch (IllegalArgumentException refused) {
      place.wrong(String.valueOf(refused.getMessage()));
      return Optional.empty();
    }
  }
}
