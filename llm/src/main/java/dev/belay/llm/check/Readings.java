package dev.belay.llm.check;

import dev.belay.llm.json.Json;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what became of the text that was read last, so that the validators of one answer read
 * it once between them. Safe for any number of threads.
 */
public final class Readings {
  /** Remembers nothing. */
  static final Readings NONE = new Readings(false);

  private final boolean remembers;
  private final AtomicReference<@Nullable One> last = new AtomicReference<>();
  private final AtomicReference<@Nullable Folded> lastFolded = new AtomicReference<>();

  private record One(String text, Json json) {}

  private record Folded(String text, String folded) {}

  /** Nothing was read yet. */
  public Readings() {
    this(true);
  }

  private Readings(boolean remembers) {
    this.remembers = remembers;
  }

  /**
   * The JSON of a text that is nothing else, and in which no name stands twice in an object.
   *
   * @throws dev.belay.llm.json.JsonException if it is not so
   */
  Json sound(String text) {
    One one = last.get();
    if (one != null && one.text.equals(text)) {
      return one.json;
    }
    Json json = Json.parseUnique(text);
    if (remembers) {
      last.set(new One(text, json));
    }
    return json;
  }

  /** The text without regard to case, see {@link Texts#folded}. */
  String folded(String text) {
    Folded one = lastFolded.get();
    if (one != null && one.text.equals(text)) {
      return one.folded;
    }
    String folded = Texts.folded(text);
    if (remembers) {
      lastFolded.set(new Folded(text, folded));
    }
    return folded;
  }
}
