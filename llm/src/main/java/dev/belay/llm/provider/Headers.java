package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The headers of a message; names in lower case. Immutable. Prints names only, since values may be
 * secret.
 *
 * @param values the values of each name, in the order in which they came
 */
public record Headers(Map<String, List<String>> values) {

  /** No header at all. */
  public static final Headers NONE = new Headers(Map.of());

  /** Keeps a copy; names that differ by case only are one. */
  public Headers {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((name, all) ->
        copy.computeIfAbsent(name.toLowerCase(Locale.ROOT), none -> new ArrayList<>()).addAll(all));
    copy.replaceAll((name, all) -> List.copyOf(all));
    values = Collections.unmodifiableMap(copy);
  }

  /** One header. */
  public static Headers of(String name, String value) {
    return NONE.with(name, value);
  }

  /** The first value of this name. */
  public Optional<String> first(String name) {
    List<String> all = all(name);
    return all.isEmpty() ? Optional.empty() : Optional.of(all.getFirst());
  }

  /** Every value of this name; empty if there is none. */
  public List<String> all(String name) {
    return values.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
  }

  /** The same with this value as the only one of its name. */
  public Headers with(String name, String value) {
    Map<String, List<String>> more = new LinkedHashMap<>(values);
    more.put(name.toLowerCase(Locale.ROOT), List.of(requireNonNull(value, "value")));
    return new Headers(more);
  }

  /** The same without this name. */
  public Headers without(String name) {
    return without(List.of(name));
  }

  /** The same without these names. */
  public Headers without(Collection<String> names) {
    Map<String, List<String>> fewer = new LinkedHashMap<>(values);
    names.forEach(name -> fewer.remove(name.toLowerCase(Locale.ROOT)));
    return new Headers(fewer);
  }

  /** These, and the others on top: where both have a name, the other's values hold. */
  public Headers with(Headers others) {
    if (others.values.isEmpty()) {
      return this;
    }
    Map<String, List<String>> all = new LinkedHashMap<>(values);
    all.putAll(others.values);
    return new Headers(all);
  }

  /** Hands each name and value over, in order. */
  public void forEach(BiConsumer<String, String> each) {
    values.forEach((name, all) -> all.forEach(value -> each.accept(name, value)));
  }

  @Override
  public String toString() {
    return "Headers" + values.keySet();
  }
}
