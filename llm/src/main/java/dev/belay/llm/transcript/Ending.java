package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

/**
 * How a call ended. Immutable.
 *
 * @param failure the class of the failure, {@code ProviderFailed}, say; empty if an answer stood
 * @param message what the failure says; empty if an answer stood
 */
public record Ending(String failure, String message) {
  private static final int LONGEST = 2_000;

  /** An answer stood. */
  public static final Ending ANSWERED = new Ending("", "");

  /** Cuts what is too long. */
  public Ending {
    requireNonNull(failure, "failure");
    requireNonNull(message, "message");
    failure = failure.length() <= LONGEST ? failure : failure.substring(0, LONGEST);
    message = message.length() <= LONGEST ? message : message.substring(0, LONGEST);
  }

  /** No answer stood. */
  public static Ending failed(Throwable failure) {
    String message = failure.getMessage();
    return new Ending(failure.getClass().getSimpleName(), message == null ? "" : message);
  }

  /** Whether an answer stood. */
  public boolean isAnswered() {
    return failure.isEmpty();
  }
}
