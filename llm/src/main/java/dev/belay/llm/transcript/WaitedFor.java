package dev.belay.llm.transcript;

/** What an attempt waited for before it was sent. */
public enum WaitedFor {
  /** It was sent at once. */
  NOTHING,
  /** The pause of the policy. */
  BACKOFF,
  /** The time that the provider had named. */
  HINT,
  /** The gate of the endpoint, which others may have closed. */
  GATE
}
