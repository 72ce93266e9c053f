package dev.belay.llm.provider;

import dev.belay.llm.ProviderError;
import java.time.Instant;

/** Judges what a provider said instead of an answer. Safe for any number of threads. */
@FunctionalInterface
public interface ErrorReader {

  /**
   * What it comes down to, and when to come back.
   *
   * @param provider the user's word for it; empty if it is not known
   * @param arrived when the answer came, by the wall clock
   */
  ProviderError read(String provider, WireError error, Instant arrived);

  /** Judges by the HTTP status alone, and by no hint. */
  static ErrorReader byStatus() {
    return StatusOnly::read;
  }
}
