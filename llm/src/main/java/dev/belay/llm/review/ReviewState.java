package dev.belay.llm.review;

/** Where a parked call stands. */
public enum ReviewState {
  /** It waits for a person. */
  OPEN,
  /** The last answer was accepted. */
  APPROVED,
  /** A person wrote another answer. */
  EDITED,
  /** The model is to be asked again. */
  RETRIED,
  /** The call is to fail. */
  REJECTED,
  /** Nobody decided in time. */
  EXPIRED
}
