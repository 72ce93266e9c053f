package dev.belay.bench;

/** What a guard has to do. */
enum Duty {
  /** Nothing. */
  BARE,
  /** At most three attempts, no wait between them. */
  RETRY,
  /** A closed breaker: half of 100 calls, or of the calls of 10 s, opens it. */
  CLOSED,
  /** A closed breaker through the library's front door, one attempt. */
  ONCE,
  /** Three attempts around the closed breaker. */
  BOTH,
  /** An open breaker; the caller catches what it throws. */
  OPEN,
  /** An open breaker that is only asked, without an exception. */
  ASK
}
