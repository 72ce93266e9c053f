package dev.belay.llm.provider;

import dev.belay.Check;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Cuts bytes into server-sent events, wherever the borders of the pieces fall in which they come.
 * Bounded: an event beyond the limit is refused. For one thread.
 */
public final class SseParser {
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private final int longest;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private int size;
  private boolean hasData;
  private boolean started;
  private boolean afterReturn;
  private boolean sawField;

  /** An event is longer than it may be. */
  public static final class TooLong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLong(int longest) {
      super("an event is longer than %d bytes".formatted(longest));
    }
  }

  /**
   * One that has read nothing yet.
   *
   * @param longest bytes of an event, at least 1
   */
  public SseParser(int longest) {
    Check.that(longest >= 1, "longest must be at least 1 byte, was %d", longest);
    this.longest = longest;
  }

  /**
   * Reads on.
   *
   * @param sink gets each event that is complete with these bytes
   * @throws TooLong if an event is beyond the limit; nothing can be read after that
   */
  public void feed(byte[] bytes, Consumer<ServerEvent> sink) {
    int start = 0;
    for (int at = 0; at < bytes.length; at++) {
      byte one = bytes[at];
      if (one == '\n' && afterReturn) {
        afterReturn = false;
        start = at + 1;
      } else if (one == '\n' || one == '\r') {
        afterReturn = one == '\r';
        keep(bytes, start, at);
        endLine(sink);
        start = at + 1;
      } else {
        afterReturn = false;
      }
    }
    keep(bytes, start, bytes.length);
  }

  /** Reads what is there as if its last line had ended, and an empty one followed. */
  public void end(Consumer<ServerEvent> sink) {
    endLine(sink);
    endLine(sink);
  }

  /** Whether there was anything yet that belongs into such a stream. */
  public boolean sawField() {
    return sawField;
  }

  private void keep(byte[] bytes, int from, int to) {
    size += to - from;
    if (size > longest) {
      throw new TooLong(longest);
    }
    line.write(bytes, from, to - from);
  }

  private void endLine(Consumer<ServerEvent> sink) {
    String text = line.toString(StandardCharsets.UTF_8);
    line.reset();
    if (!started) {
      started = true;
      text = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    }
    if (text.isEmpty()) {
      dispatch(sink);
    } else {
      field(text);
    }
  }

  private void field(String text) {
    int colon = text.indexOf(':');
    if (colon == 0) {
      sawField = true;
      size -= Math.min(size, text.length()); // however many there are of them, nothing is kept
      return;
    }
    String field = colon < 0 ? text : text.substring(0, colon);
    String value = colon < 0 ? "" : text.substring(colon + 1);
    value = value.startsWith(" ") ? value.substring(1) : value;
    switch (field) {
      case "data" -> {
        data.append(hasData ? "\n" : "").append(value);
        hasData = true;
        sawField = true;
      }
      case "event" -> {
        name = value;
        sawField = true;
      }
      case "id", "retry" -> sawField = true;
      default -> {} // the standard says to ignore it
    }
  }

  private void dispatch(Consumer<ServerEvent> sink) {
    ServerEvent event = new ServerEvent(name, data.toString());
    boolean full = hasData;
    name = "";
    data.setLength(0);
    hasData = false;
    size = 0;
    if (full) {
      sink.accept(event);
    }
  }
}
