package dev.belay.examples.shop;

import java.util.Map;

/**
 * What a service answers.
 *
 * @param status an HTTP status
 * @param values what it sends back
 */
public record Answer(int status, Map<String, Long> values) {
  public Answer {
    values = Map.copyOf(values);
  }

  /** It worked. */
  public static Answer ok(String name, long value) {
    return new Answer(200, Map.of(name, value));
  }

  /** It did not. */
  public static Answer failed(int status) {
    return new Answer(status, Map.of());
  }

  /** Whether it worked. */
  public boolean isOk() {
    return status < 400;
  }

  /** The value of a name; 0 if it was not sent. */
  public long value(String name) {
    return values.getOrDefault(name, 0L);
  }
}
