package dev.belay.server.api;

import dev.belay.ledger.Window;
import dev.belay.server.api.ApiProblem.Fault;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what stands behind the question mark, as {@link Fields} reads bodies: whoever reads it asks
 * for what it knows, then calls {@link #close}. For one thread.
 */
final class Query {
  private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,9}");
  private static final int DEFAULT_HOURS = 24;

  private final MultiMap parameters;
  private final Set<String> known = new LinkedHashSet<>();
  private final List<Fault> faults = new ArrayList<>();

  Query(Ask ask) {
    this.parameters = ask.query();
  }

  /** How far back: 1 to 168, 24 unless told. */
  int hours() {
    return whole("hours", 1, Window.MOST_HOURS, DEFAULT_HOURS);
  }

  int whole(String name, int low, int high, int otherwise) {
    String text = value(name);
    if (text == null) {
      return otherwise;
    }
    int value = DIGITS.matcher(text).matches() ? Integer.parseInt(text) : Integer.MIN_VALUE;
    if (value < low || value > high) {
      fault(name, text, "a whole number, %d to %d".formatted(low, high));
      return otherwise;
    }
    return value;
  }

  Optional<String> oneOf(String name, List<String> names) {
    String text = value(name);
    if (text != null && !names.contains(text)) {
      fault(name, text, "one of " + String.join(", ", names));
      return Optional.empty();
    }
    return Optional.ofNullable(text);
  }

  /** Some of these names, with commas between them; empty if nothing is said. */
  Set<String> someOf(String name, List<String> names) {
    String text = value(name);
    if (text == null) {
      return Set.of();
    }
    Set<String> wanted = new LinkedHashSet<>(List.of(text.split(",", -1)));
    if (!names.containsAll(wanted)) {
      fault(name, text, "some of %s, with commas".formatted(String.join(", ", names)));
      return Set.of();
    }
    return wanted;
  }

  /** Any text of bounded length. */
  Optional<String> text(String name, int longest) {
    String text = value(name);
    if (text != null && text.length() > longest) {
      fault(name, text, "at most %d characters".formatted(longest));
      return Optional.empty();
    }
    return Optional.ofNullable(text);
  }

  private @Nullable String value(String name) {
    known.add(name);
    List<String> values = parameters.getAll(name);
    if (values.size() > 1) {
      fault(name, values.getLast(), "there once");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private void fault(String name, String text, String range) {
    boolean number = DIGITS.matcher(text).matches();
    faults.add(new Fault(name, number ? (Object) Integer.valueOf(text) : Shown.text(text), range));
  }

  /** Throws if anything was wrong, or there is what nobody asked for. */
  void close() {
    for (String name : parameters.names()) {
      if (!known.contains(name)) {
        faults.add(Fields.unknown(name, known));
      }
    }
    if (!faults.isEmpty()) {
      throw ApiProblem.invalid(faults);
    }
  }
}
