package dev.belay.http;

import dev.belay.Hint;
import io.vertx.core.MultiMap;
import java.time.Instant;

/**
 * Reads from an answer's headers when its server wants to be asked again, by {@link RateHints}.
 * Never throws: what cannot be read says nothing. Safe for any number of threads.
 */
public final class RetryAfter {
  private RetryAfter() {}

  /**
   * The server's word, or {@link Hint#NONE}.
   *
   * @param now the wall clock when the answer arrived
   */
  public static Hint hint(MultiMap headers, Instant now) {
    return RateHints.read(RateHints.Reply.of(headers::getAll, now)).hint();
  }
}
