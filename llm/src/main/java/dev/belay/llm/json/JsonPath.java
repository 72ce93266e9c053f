package dev.belay.llm.json;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A way to values inside a JSON value: {@code a.b[0].c}, {@code a.0.c}, or the JSON Pointer {@code
 * /a/0/c} (RFC 6901), which is for names with dots. A step {@code *} means every item or member.
 * Immutable.
 *
 * @param steps names, indexes and {@code *}, outermost first; none is the whole value
 */
public record JsonPath(List<String> steps) {
  private static final String EACH = "*";
  private static final int MOST_PLACES = 100_000;

  /** Keeps a copy. */
  public JsonPath {
    steps = List.copyOf(steps);
  }

  /**
   * A place that was looked at.
   *
   * @param pointer JSON Pointer to it
   * @param values the value there, or nothing if it is missing
   */
  public record Place(String pointer, List<Json> values) {
    /** Keeps a copy. */
    public Place {
      requireNonNull(pointer, "pointer");
      values = List.copyOf(values);
    }

    /** Whether there is a value. */
    public boolean exists() {
      return !values.isEmpty();
    }
  }

  /**
   * Reads a way.
   *
   * @throws IllegalArgumentException if it is written badly
   */
  public static JsonPath of(String way) {
    if (way.startsWith("/")) {
      List<String> steps = new ArrayList<>();
      for (String step : way.substring(1).split("/", -1)) {
        steps.add(step.replace("~1", "/").replace("~0", "~"));
      }
      return new JsonPath(steps);
    }
    return way.isEmpty() ? new JsonPath(List.of()) : new JsonPath(dotted(way));
  }

  private static List<String> dotted(String way) {
    List<String> steps = new ArrayList<>();
    for (String part : way.split("\\.", -1)) {
      int bracket = part.indexOf('[');
      String name = bracket < 0 ? part : part.substring(0, bracket);
      if (!name.isEmpty()) {
        steps.add(name);
      } else if (bracket < 0) {
        throw bad(way, "a step is empty");
      }
      while (bracket >= 0) {
        int end = part.indexOf(']', bracket);
        if (end < 0) {
          throw bad(way, "a ']' is missing");
        }
        String index = part.substring(bracket + 1, end);
        if (!index.matches("[0-9]{1,9}|\\*")) {
          throw bad(way, "an index must be a whole number or *, was '%s'".formatted(index));
        }
        steps.add(index);
        if (end + 1 < part.length() && part.charAt(end + 1) != '[') {
          throw bad(way, "a '.' is missing after ']'");
        }
        bracket = end + 1 < part.length() ? end + 1 : -1;
      }
    }
    return steps;
  }

  private static IllegalArgumentException bad(String way, String why) {
    return new IllegalArgumentException(
        "a way into JSON must be like a.b[0] or /a/b/0, was '%s': %s".formatted(way, why));
  }

  /**
   * All places that this way leads to, in order. A way that ends early gives the place where the
   * next step is missing; so does a {@code *} over nothing. At most 100,000 places are looked at.
   */
  public List<Place> in(Json root) {
    List<Place> places = List.of(new Place("", List.of(root)));
    for (String step : steps) {
      List<Place> next = new ArrayList<>();
      for (Place place : places) {
        if (next.size() >= MOST_PLACES) {
          break;
        } else if (place.exists()) {
          step(place, step, next);
        } else {
          next.add(place);
        }
      }
      places = next;
    }
    return List.copyOf(places);
  }

  private static void step(Place from, String step, List<Place> next) {
    int before = next.size();
    switch (from.values().getFirst()) {
      case Json.Obj object when step.equals(EACH) ->
          object.members().forEach((name, value) -> next.add(inside(from, name, value)));
      case Json.Obj object -> object.get(step).ifPresent(v -> next.add(inside(from, step, v)));
      case Json.Arr array when step.equals(EACH) -> {
        for (int i = 0; i < array.items().size(); i++) {
          next.add(inside(from, String.valueOf(i), array.items().get(i)));
        }
      }
      case Json.Arr array -> {
        if (step.matches("0|[1-9][0-9]{0,8}") && Integer.parseInt(step) < array.items().size()) {
          next.add(inside(from, step, array.items().get(Integer.parseInt(step))));
        }
      }
      case Json.Str string -> {}
      case Json.Num number -> {}
      case Json.Bool bool -> {}
      case Json.Null nothing -> {}
    }
    if (next.size() == before) {
      next.add(new Place(from.pointer() + "/" + escaped(step), List.of()));
    }
  }

  private static Place inside(Place from, String step, Json value) {
    return new Place(from.pointer() + "/" + escaped(step), List.of(value));
  }

  private static String escaped(String step) {
    return step.replace("~", "~0").replace("/", "~1");
  }

  /** As a JSON Pointer. */
  @Override
  public String toString() {
    return steps.stream().map(step -> "/" + escaped(step)).collect(Collectors.joining());
  }
}
