package dev.belay.llm.provider;

import static java.util.Objects.requireNonNull;

/**
 * What a provider said instead of an answer, in no provider's own form and not yet judged.
 * Immutable.
 *
 * @param status of HTTP; what the provider's own word stands for if it came inside a stream; 0 if
 *     nothing says
 * @param type the provider's class of error, {@code rate_limit_error} or {@code
 *     RESOURCE_EXHAUSTED}, say; empty if none
 * @param code the provider's word for the very error, {@code insufficient_quota}, say; empty if
 *     none
 * @param message for people; an excerpt of the body if it is of no known form
 * @param requestId the provider's name for the request; empty if it gave none
 * @param headers of the answer
 * @param quota what the body says on limits and waits
 */
public record WireError(
    int status,
    String type,
    String code,
    String message,
    String requestId,
    Headers headers,
    Quota quota) {

  /**
   * What the body of an error says on limits and waits.
   *
   * @param retryDelay as it stands there, {@code 34.07s}, say; empty if it does not
   * @param quotaId which limit was met, {@code GenerateRequestsPerDayPerProject}, say; several are
   *     separated by commas; empty if it does not say
   * @param reason {@code RATE_LIMIT_EXCEEDED}, say; empty if it gives none
   */
  public record Quota(String retryDelay, String quotaId, String reason) {
    /** Nothing said. */
    public static final Quota NONE = new Quota("", "", "");

    /** Rejects null. */
    public Quota {
      requireNonNull(retryDelay, "retryDelay");
      requireNonNull(quotaId, "quotaId");
      requireNonNull(reason, "reason");
    }
  }

  /** Rejects null. */
  public WireError {
    requireNonNull(type, "type");
    requireNonNull(code, "code");
    requireNonNull(message, "message");
    requireNonNull(requestId, "requestId");
    requireNonNull(headers, "headers");
    requireNonNull(quota, "quota");
  }
}
