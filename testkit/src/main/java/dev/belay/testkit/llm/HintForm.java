package dev.belay.testkit.llm;

/** The ways in which providers say when to come back. */
public enum HintForm {
  /** {@code retry-after: 2}, rounded up to whole seconds. */
  RETRY_AFTER,
  /** {@code retry-after: 1.5}, which OpenAI sends at times. */
  RETRY_AFTER_FRACTION,
  /** {@code retry-after: Fri, 31 Dec 1999 23:59:59 GMT}, with a {@code Date} on the same clock. */
  RETRY_AFTER_DATE,
  /** {@code retry-after-ms: 456}. */
  RETRY_AFTER_MS,
  /** {@code x-ms-retry-after-ms: 456} of Azure. */
  AZURE_MS,
  /** {@code x-amz-retry-after: 456}, in milliseconds, of Bedrock. */
  AMAZON_MS,
  /**
   * The dialect's own headers with an exhausted bucket: {@code x-ratelimit-reset-requests: 6m0s},
   * or {@code anthropic-ratelimit-requests-reset: 2026-04-26T12:01:00Z}; Gemini has none.
   */
  RESETS,
  /**
   * {@code x-ratelimit-reset-requests: 7} in whole seconds, beside a useless -1, as Azure has it.
   */
  RESETS_IN_SECONDS,
  /** {@code x-ratelimit-reset: 1777204860}, seconds since 1970. */
  RESET_EPOCH,
  /** {@code RateLimit: "default";r=0;t=2} with {@code RateLimit-Policy}, the newer IETF draft. */
  IETF,
  /** {@code RateLimit-Limit}, {@code -Remaining} and {@code -Reset}, the older IETF draft. */
  IETF_OLD,
  /** {@code google.rpc.RetryInfo} with {@code "34.07s"} in the body; only in Gemini's dialect. */
  RETRY_INFO,
  /** The words of the message: {@code try again in 456ms}, {@code Please retry in 34.07s.}. */
  MESSAGE
}
