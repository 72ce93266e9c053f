package dev.belay.chaos.wire;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An object that is being read. Whoever reads it asks for each key it knows, and then calls {@link
 * #close}, which complains about all other keys. A key with {@code null} is not there. For one
 * thread.
 */
public final class Tree {
  private final String path;
  private final Map<?, ?> members;
  private final Set<String> known = new LinkedHashSet<>();

  private Tree(String path, Map<?, ?> members) {
    this.path = path;
    this.members = members;
  }

  /**
   * An object.
   *
   * @param value a map
   * @param path where it stands, for complaints; empty for the whole
   * @throws WireException if it is none
   */
  public static Tree of(@Nullable Object value, String path) {
    if (value instanceof Map<?, ?> members) {
      return new Tree(path, members);
    }
    throw new WireException(path, "an object");
  }

  /** Where a key of it stands. */
  public String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  /** Whether there is something under a key. */
  public boolean has(String key) {
    known.add(key);
    return members.get(key) != null;
  }

  private Optional<Object> at(String key) {
    known.add(key);
    return Optional.ofNullable(members.get(key));
  }

  /** A text that has to be there. */
  public String text(String key) {
    return maybeText(key).orElseThrow(() -> wrong(key, "a text"));
  }

  /** A text. */
  public Optional<String> maybeText(String key) {
    return at(key)
        .map(value -> {
          if (value instanceof String text) {
            return text;
          }
          throw wrong(key, "a text");
        });
  }

  /** A whole number within a range that has to be there. */
  public long whole(String key, long least, long most) {
    return maybeWhole(key, least, most).orElseThrow(() -> wholeWrong(key, least, most));
  }

  /** A whole number within a range. */
  public OptionalLong maybeWhole(String key, long least, long most) {
    Optional<Object> value = at(key);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get() instanceof Number number
        && number.doubleValue() == Math.rint(number.doubleValue())
        && number.longValue() >= least
        && number.longValue() <= most) {
      return OptionalLong.of(number.longValue());
    }
    throw wholeWrong(key, least, most);
  }

  private WireException wholeWrong(String key, long least, long most) {
    return wrong(key, "a whole number in %d..%d".formatted(least, most));
  }

  /** A number within a range that has to be there. */
  public double number(String key, double least, double most) {
    return maybeNumber(key, least, most).orElseThrow(() -> numberWrong(key, least, most));
  }

  /** A number within a range. */
  public OptionalDouble maybeNumber(String key, double least, double most) {
    Optional<Object> value = at(key);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (value.get() instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return OptionalDouble.of(number.doubleValue());
    }
    throw numberWrong(key, least, most);
  }

  private WireException numberWrong(String key, double least, double most) {
    return wrong(key, "a number in %s..%s".formatted(least, most));
  }

  /** True or false. */
  public boolean yesNo(String key, boolean otherwise) {
    Optional<Object> value = at(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    if (value.get() instanceof Boolean yes) {
      return yes;
    }
    throw wrong(key, "true or false");
  }

  /** A moment in UTC, such as {@code 2026-01-01T12:00:00Z}, that has to be there. */
  public Instant moment(String key) {
    return maybeMoment(key).orElseThrow(() -> momentWrong(key));
  }

  /** A moment in UTC. */
  public Optional<Instant> maybeMoment(String key) {
    return maybeText(key)
        .map(text -> {
          try {
            return Instant.parse(text);
          } catch (DateTimeParseException notOne) {
            throw momentWrong(key);
          }
        });
  }

  private WireException momentWrong(String key) {
    return wrong(key, "a moment such as 2026-01-01T12:00:00Z");
  }

  /** An object. */
  public Optional<Tree> maybeTree(String key) {
    return at(key).map(value -> of(value, pathOf(key)));
  }

  /** An object that has to be there. */
  public Tree tree(String key) {
    return maybeTree(key).orElseThrow(() -> wrong(key, "an object"));
  }

  /** The objects of a list; empty if there is none. */
  public List<Tree> trees(String key) {
    return items(key, item -> of(item.value(), item.path()));
  }

  /** The texts of a list; empty if there is none. */
  public List<String> texts(String key) {
    return items(
        key,
        item -> {
          if (item.value() instanceof String text) {
            return text;
          }
          throw new WireException(item.path(), "a text");
        });
  }

  /** The texts of an object by their keys; empty if there is none. */
  public Map<String, String> textsByKey(String key) {
    Map<String, String> texts = new LinkedHashMap<>();
    maybeTree(key).ifPresent(tree -> tree.keys().forEach(name -> texts.put(name, tree.text(name))));
    return texts;
  }

  private record Item(@Nullable Object value, String path) {}

  private <T> List<T> items(String key, Function<Item, T> read) {
    List<T> items = new ArrayList<>();
    Optional<Object> value = at(key);
    if (value.isEmpty()) {
      return items;
    }
    if (!(value.get() instanceof List<?> list)) {
      throw wrong(key, "a list");
    }
    for (int i = 0; i < list.size(); i++) {
      items.add(read.apply(new Item(list.get(i), "%s[%d]".formatted(pathOf(key), i))));
    }
    return items;
  }

  /** All keys that are there. */
  public List<String> keys() {
    return members.keySet().stream().map(String::valueOf).toList();
  }

  /** The object as it was given. */
  public Map<?, ?> members() {
    return members;
  }

  /** A complaint about a key. */
  public WireException wrong(String key, String constraint) {
    return new WireException(pathOf(key), constraint);
  }

  /**
   * What {@code build} makes.
   *
   * @throws WireException at the place of this object, for what it refuses
   */
  public <T> T build(Supplier<T> build) {
    try {
      return build.get();
    } catch (WireException wrong) {
      throw wrong;
    } catch (IllegalArgumentException refused) {
      throw new WireException(path, "right: " + refused.getMessage());
    }
  }

  /** Complains about the first key that nobody asked for. */
  public void close() {
    for (String key : keys()) {
      if (!known.contains(key)) {
        throw new WireException(
            pathOf(key), "left out: known here are " + String.join(", ", known));
      }
    }
  }
}
