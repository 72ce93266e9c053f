package dev.belay.testkit.chaos;

/** What published executors are known to get wrong. */
public enum Limit {
  /** After one failed poll, data planes never poll again, and what is in force stays so. */
  DEAF_AFTER_A_FAILED_POLL,
  /** The age of a rule begins anew at each poll, so that data planes end none by themselves. */
  AGE_BEGINS_ANEW,
  /** Only an upsert arms the end of a policy, by its first rule, and a restart forgets it. */
  END_IS_FORGOTTEN,
  /** Policies come in any order, another one at each poll. */
  NO_ORDER,
  /**
   * The dice have 101 sides, so that 100 % strikes 99 % and one in a hundred less at each share.
   */
  UNFAIR_DICE,
  /** The command line drops the selector, so that a policy is for every service. */
  SELECTOR_IS_DROPPED,
  /** Only some headers can be matched: no {@code traceparent}, no {@code baggage}, no cookie. */
  FEW_HEADERS,
  /** A delay ends as soon as it begins. */
  NO_DELAY,
  /** Delays are not counted. */
  DELAYS_UNCOUNTED,
  /** A regular expression that is none fits everything. */
  BAD_REGEX_FITS_ALL,
  /** Nobody tells which requests were struck. */
  NO_RECEIPTS,
  /** The stream sends an array, the poll an object, and neither has a version. */
  NO_VERSION
}
