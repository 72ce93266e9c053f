package dev.belay.settings;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the file that is being read. Whoever reads it asks for each key it knows, with the
 * value to use if the key is not there or not right, and then calls {@link #close}, which complains
 * about all other keys.
 */
public final class Section {
  private static final Pattern BARE = Pattern.compile("\\d+(\\.\\d+)?");

  /** Longer or stranger keys may be a secret in the wrong place. */
  private static final Pattern SHOWN = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private final Source source;
  private final String path;
  private final Node.Mapping mapping;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Set<String> known = new LinkedHashSet<>();

  /** A mapping at a path of its file. */
  public Section(Source source, String path, Node.Mapping mapping) {
    this.source = source;
    this.path = path;
    this.mapping = mapping;
    Map<String, Integer> lines = new LinkedHashMap<>();
    for (Node.Member member : mapping.members()) {
      @Nullable Integer first = lines.putIfAbsent(member.key(), member.line());
      if (first == null) {
        places.put(member.key(), new Place(source, pathOf(member.key()), member.value()));
      } else {
        source.wrong(
            member.line(),
            pathOf(member.key()),
            "is there twice; the first one is in line %d".formatted(first));
      }
    }
  }

  /** A section without keys. */
  public static Section empty(Source source, String path, int line) {
    return new Section(source, path, new Node.Mapping(line, List.of()));
  }

  /** What is written for a key that is known here. */
  public Optional<Place> place(String key) {
    known.add(key);
    return Optional.ofNullable(places.get(key));
  }

  /**
   * Lets a variable of the environment say what the file does not: from here on, the key is as good
   * as written. An empty variable says nothing.
   *
   * @param unit what is put behind a bare number, such as {@code ms}; may be empty
   */
  public void givenNumber(String key, String variable, String unit) {
    given(key, variable)
        .ifPresent(value -> {
          String text = BARE.matcher(value).matches() ? value + unit : value;
          put(key, variable, new Node.Scalar(0, Node.Kind.NUMBER, text));
        });
  }

  /** The same with a text. */
  public void givenText(String key, String variable) {
    given(key, variable)
        .ifPresent(value -> put(key, variable, new Node.Scalar(0, Node.Kind.TEXT, value)));
  }

  private Optional<String> given(String key, String variable) {
    return source
        .variable(variable)
        .map(String::strip)
        .filter(value -> !value.isEmpty() && !places.containsKey(key));
  }

  private void put(String key, String variable, Node value) {
    String path = "%s of the environment (%s)".formatted(variable, pathOf(key));
    places.put(key, new Place(source, path, value));
  }

  /** Whether the key is written in the file. */
  public boolean has(String key) {
    return places.containsKey(key);
  }

  /** The keys that the user chose. */
  public List<String> keys() {
    return List.copyOf(places.keySet());
  }

  /** A whole number within a range. */
  public int whole(String key, Range<Integer> range, int otherwise) {
    return place(key).flatMap(place -> place.whole(range)).orElse(otherwise);
  }

  /** A number within a range. */
  public double number(String key, Range<Double> range, double otherwise) {
    return place(key).flatMap(place -> place.number(range)).orElse(otherwise);
  }

  /** A number of bytes within a range. */
  public long size(String key, Range<Long> range, long otherwise) {
    return place(key).flatMap(place -> place.size(range)).orElse(otherwise);
  }

  /** True or false. */
  public boolean yesNo(String key, boolean otherwise) {
    return place(key).flatMap(Place::yesNo).orElse(otherwise);
  }

  /** A length of time within a range. */
  public Duration length(String key, Range<Duration> range, Duration otherwise) {
    return place(key).flatMap(place -> place.length(range)).orElse(otherwise);
  }

  /** A length of time within a range, or none. */
  public Duration lengthOrNone(String key, Range<Duration> range, Duration otherwise) {
    return place(key).flatMap(place -> place.lengthOrNone(range)).orElse(otherwise);
  }

  /** One of some names. */
  public String oneOf(String key, List<String> names, String otherwise) {
    return place(key).flatMap(place -> place.oneOf(names)).orElse(otherwise);
  }

  /** A text that fits a pattern; {@code wanted} says what that is. */
  public String text(String key, Pattern pattern, String wanted, String otherwise) {
    return place(key).flatMap(place -> place.text(pattern, wanted)).orElse(otherwise);
  }

  /** A text that fits a pattern and that no message shows. */
  public String secret(String key, Pattern pattern, String wanted, String otherwise) {
    return place(key).flatMap(place -> place.secret(pattern, wanted)).orElse(otherwise);
  }

  /** The right values of a list, without its wrong ones. */
  public <T> List<T> list(
      String key, String wanted, Function<Place, Optional<T>> read, List<T> otherwise) {
    Optional<List<Place>> items = place(key).flatMap(place -> place.list(wanted));
    if (items.isEmpty()) {
      return otherwise;
    }
    List<T> values = new ArrayList<>();
    items.get().forEach(item -> read.apply(item).ifPresent(values::add));
    return values;
  }

  /** The section under a key; one without keys if there is none. */
  public Section section(String key) {
    return place(key)
        .flatMap(Place::section)
        .orElseGet(() -> empty(source, pathOf(key), mapping.line()));
  }

  /** Complains about a key, or about the section if the key is not there. */
  public void wrong(String key, String message) {
    Optional<Place> place = Optional.ofNullable(places.get(key));
    source.wrong(
        place.map(there -> there.node().line()).orElse(mapping.line()),
        place.map(Place::path).orElseGet(() -> pathOf(key)),
        message);
  }

  /** What {@code build} makes, or {@code otherwise} and a problem for what it refuses. */
  public <T> T build(Supplier<T> build, T otherwise) {
    try {
      return build.get();
    } catch (IllegalArgumentException refused) {
      source.wrong(mapping.line(), path, String.valueOf(refused.getMessage()));
      return otherwise;
    }
  }

  /** Complains about the keys that nobody asked for. */
  public void close() {
    Set<String> told = new LinkedHashSet<>();
    for (Node.Member member : mapping.members()) {
      if (!known.contains(member.key()) && told.add(member.key())) {
        String meant =
            Nearest.to(member.key(), known).map(name -> "; did you mean " + name + "?").orElse(";");
        source.wrong(
            member.line(),
            pathOf(member.key()),
            "unknown key%s known here: %s".formatted(meant, String.join(", ", known)));
      }
    }
  }

  /** The key with the keys above it, as messages show it. */
  public String pathOf(String key) {
    String shown = SHOWN.matcher(key).matches() ? key : "?";
    return path.isEmpty() ? shown : path + "." + shown;
  }
}
