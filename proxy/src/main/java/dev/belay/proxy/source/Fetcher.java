package dev.belay.proxy.source;

import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Asks a source whether it has something new. For one question at a time. */
interface Fetcher {

  /** What the source has; never fails. */
  CompletionStage<Fetched> fetch();

  /** When to ask again after an answer that was in order, at the latest. */
  Duration interval();

  /** How much of the interval may be cut at random, 0 to 1. */
  double jitter();

  /** Lets go of whatever it holds. */
  default void close() {}

  /** A source's answer. */
  sealed interface Fetched {

    /** A new list. */
    final class Fresh implements Fetched {
      private final byte[] bytes;
      private final boolean mayBeEmpty;

      /**
       * Keeps no copy.
       *
       * @param bytes as they came
       * @param mayBeEmpty whether a list without proxies is to be believed
       */
      Fresh(byte[] bytes, boolean mayBeEmpty) {
        this.bytes = bytes;
        this.mayBeEmpty = mayBeEmpty;
      }

      byte[] bytes() {
        return bytes;
      }

      boolean mayBeEmpty() {
        return mayBeEmpty;
      }
    }

    /** The list is the one that was had before. */
    record Unchanged() implements Fetched {}

    /**
     * No answer that could be used.
     *
     * @param why for people; holds no secret
     * @param retryAfter what the source itself said of when to come back; zero if nothing
     */
    record Failed(String why, Duration retryAfter) implements Fetched {
      Failed(String why) {
        this(why, Duration.ZERO);
      }
    }
  }
}
