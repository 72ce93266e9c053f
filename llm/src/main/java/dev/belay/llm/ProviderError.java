package dev.belay.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.Hint;
import dev.belay.http.RateAdvice.Again;

/**
 * What a provider, or the way to it, said instead of an answer. Holds no key. Immutable.
 *
 * @param kind what it comes down to
 * @param status the HTTP status; 0 if there was none
 * @param code the provider's own word for it; empty if it gave none
 * @param message the provider's own text, at most 2,000 characters
 * @param requestId the provider's name for the request; empty if it gave none
 * @param hint when to come back; {@link Hint#NONE} if it did not say
 * @param again whether the provider itself wants the request again, whatever its status
 */
public record ProviderError(
    ErrorKind kind,
    int status,
    String code,
    String message,
    String requestId,
    Hint hint,
    Again again) {
  private static final int LONGEST = 2_000;

  /** Cuts a message that is too long. */
  public ProviderError {
    requireNonNull(kind, "kind");
    requireNonNull(code, "code");
    requireNonNull(requestId, "requestId");
    requireNonNull(hint, "hint");
    requireNonNull(again, "again");
    message = message.length() <= LONGEST ? message : message.substring(0, LONGEST);
  }

  /** One of which the provider does not say whether it wants it again. */
  public ProviderError(
      ErrorKind kind, int status, String code, String message, String requestId, Hint hint) {
    this(kind, status, code, message, requestId, hint, Again.UNSAID);
  }

  /** One that happened on the way: no status, no code. */
  public static ProviderError of(ErrorKind kind, String message) {
    return new ProviderError(kind, 0, "", message, "", Hint.NONE);
  }

  /** The same with a word on when to come back. */
  public ProviderError withHint(Hint hint) {
    return new ProviderError(kind, status, code, message, requestId, hint, again);
  }

  /** The same under another kind. */
  public ProviderError withKind(ErrorKind kind) {
    return new ProviderError(kind, status, code, message, requestId, hint, again);
  }
}
