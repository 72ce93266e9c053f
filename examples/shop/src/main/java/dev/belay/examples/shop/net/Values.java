package dev.belay.examples.shop.net;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Named numbers as they go over the wire: {@code days=2&total=110}. */
final class Values {
  private Values() {}

  static String write(Map<String, Long> values) {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(values)
        .forEach((name, value) ->
            text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value));
    return text.toString();
  }

  /**
   * The values of a text.
   *
   * @throws IllegalArgumentException if it is not what {@link #write} writes
   */
  static Map<String, Long> read(String text) {
    Map<String, Long> values = new LinkedHashMap<>();
    if (text.isEmpty()) {
      return values;
    }
    for (String pair : text.split("&", -1)) {
      int middle = pair.indexOf('=');
      if (middle < 1) {
        throw new IllegalArgumentException("values must be name=number&…, were " + text);
      }
      values.put(pair.substring(0, middle), Long.parseLong(pair.substring(middle + 1)));
    }
    return values;
  }
}
