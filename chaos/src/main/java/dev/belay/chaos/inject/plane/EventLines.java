package dev.belay.chaos.inject.plane;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Server-sent events from a stream, none of them longer than 16 million characters. */
final class EventLines {
  private static final int LONGEST = 16_000_000;

  private final Reader in;
  private final Runnable sign;

  /**
   * A reader of events.
   *
   * @param sign called for each line, comments too: somebody is there
   */
  EventLines(InputStream in, Runnable sign) {
    this.in = new InputStreamReader(in, StandardCharsets.UTF_8);
    this.sign = sign;
  }

  /**
   * An event.
   *
   * @param id what it is numbered with; empty if it is not
   * @param name its kind
   * @param data its lines
   */
  record Event(String id, String name, String data) {}

  /** The next event; none at the end of the stream. */
  Optional<Event> next() throws IOException {
    String id = "";
    String name = "message";
    StringBuilder data = new StringBuilder();
    while (true) {
      Optional<String> line = line();
      if (line.isEmpty()) {
        return Optional.empty();
      }
      sign.run();
      String text = line.get();
      if (text.isEmpty()) {
        if (!data.isEmpty()) {
          return Optional.of(new Event(id, name, data.toString()));
        }
      } else if (text.startsWith("data:")) {
        data.append(data.isEmpty() ? "" : "\n").append(value(text));
        if (data.length() > LONGEST) {
          throw new IOException("an event is longer than %d characters".formatted(LONGEST));
        }
      } else if (text.startsWith("event:")) {
        name = value(text);
      } else if (text.startsWith("id:")) {
        id = value(text);
      }
    }
  }

  private static String value(String line) {
    String value = line.substring(line.indexOf(':') + 1);
    return value.startsWith(" ") ? value.substring(1) : value;
  }

  private Optional<String> line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next >= 0; next = in.read()) {
      if (next == '\n') {
        return Optional.of(line.toString());
      }
      if (next != '\r') {
        line.append((char) next);
      }
      if (line.length() > LONGEST) {
        throw new IOException("a line is longer than %d characters".formatted(LONGEST));
      }
    }
    return Optional.empty();
  }
}
