package dev.belay.testkit.agent;

import java.time.Duration;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;

/** Words of the language of {@code /bin/sh}. */
final class Shell {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Shell() {}

  static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  static String text(Object value) {
    return JSON.writeValueAsString(value);
  }

  static String json(Object value) {
    return line(text(value));
  }

  static String line(String text) {
    return "printf '%s\\n' " + quoted(text) + "\n";
  }

  static String complain(String text) {
    return "printf '%s\\n' " + quoted(text) + " >&2\n";
  }

  /** As one word, with the session in it if it asks for that. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''").replace(Tongue.SESSION, "'\"$session\"'") + "'";
  }

  static String bytes(byte[] bytes) {
    StringBuilder all = new StringBuilder("printf '");
    for (byte one : bytes) {
      all.append('\\').append("%03o".formatted(one & 0xff));
    }
    return all.append("'\n").toString();
  }

  static String seconds(Duration time) {
    return "%d.%03d".formatted(time.toSeconds(), time.toMillisPart());
  }
}
