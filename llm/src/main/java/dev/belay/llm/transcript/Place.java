package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;

/**
 * Which attempt of a call. Immutable.
 *
 * @param request 1 for the first question, one more for each correction
 * @param attempt of this request, counted from 1
 * @param endpoint where it went, by its name, which holds no key
 * @param provider the user's word for who runs it
 */
public record Place(int request, int attempt, String endpoint, String provider) {
  /** Rejects numbers below 1. */
  public Place {
    Check.that(request >= 1, "request must be 1 or more, was %d", request);
    Check.that(attempt >= 1, "attempt must be 1 or more, was %d", attempt);
    requireNonNull(endpoint, "endpoint");
    requireNonNull(provider, "provider");
  }
}
