package dev.belay.examples.shop;

import java.util.Map;

/**
 * What is asked of a service.
 *
 * @param method such as {@code GET}
 * @param path such as {@code /stock}
 * @param values what is sent along
 */
public record Ask(String method, String path, Map<String, Long> values) {
  public Ask {
    values = Map.copyOf(values);
  }

  /** Asks for something, and sends nothing along. */
  public static Ask get(String path) {
    return new Ask("GET", path, Map.of());
  }

  /** Asks to do something with one value. */
  public static Ask post(String path, String name, long value) {
    return new Ask("POST", path, Map.of(name, value));
  }

  /** The value of a name; 0 if it was not sent. */
  public long value(String name) {
    return values.getOrDefault(name, 0L);
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
