package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import dev.belay.http.RateAdvice.Again;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * Reads from an answer when its server wants to be asked again, in every form that is in use. Never
 * throws: what cannot be read says nothing. Safe for any number of threads.
 *
 * <p>In this order the first that can be read counts: {@code retry-after-ms}, {@code
 * x-ms-retry-after-ms}, {@code grpc-retry-pushback-ms}, {@code Retry-After}, {@code
 * x-amz-retry-after}, the body's {@code retryDelay}, the latest reset of all buckets that do not
 * hold enough for the next request, {@code RateLimit}, a phrase of the body's message such as "try
 * again in 456ms", and last what can only be estimated: the time until a bucket is full again, or
 * its window. Of several values of one header the longest counts.
 *
 * <p>Points in time are compared with the answer's own {@code Date} where it has one, so that the
 * two clocks need not agree. What lies in the past is zero; nothing is longer than 365 days.
 */
public final class RateHints {
  private static final Duration LONGEST = Duration.ofDays(365);

  private RateHints() {}

  /**
   * An answer, as far as it is read here.
   *
   * @param headers gives all values of a header; names are asked for in any case
   * @param retryDelay the body's own field for a wait, {@code 34.07s}, say; empty if it has none
   * @param message the body's text for people; empty if it has none
   * @param arrived the wall clock when the answer came
   * @param tokens how many tokens the next request takes; 0 if not known
   */
  public record Reply(
      Function<String, List<String>> headers,
      String retryDelay,
      String message,
      Instant arrived,
      long tokens) {
    /** Rejects a negative number of tokens. */
    public Reply {
      requireNonNull(headers, "headers");
      requireNonNull(retryDelay, "retryDelay");
      requireNonNull(message, "message");
      requireNonNull(arrived, "arrived");
      Check.that(tokens >= 0, "tokens must be 0 or more, was %d", tokens);
    }

    /** Headers only. */
    public static Reply of(Function<String, List<String>> headers, Instant arrived) {
      return new Reply(headers, "", "", arrived, 0);
    }

    /** The same with what the body says. */
    public Reply withBody(String retryDelay, String message) {
      return new Reply(headers, retryDelay, message, arrived, tokens);
    }

    /** The same for a next request of known size. */
    public Reply withTokens(long tokens) {
      return new Reply(headers, retryDelay, message, arrived, tokens);
    }
  }

  /** All that the answer says. */
  public static RateAdvice read(Reply reply) {
    return new Reading(reply).advice();
  }

  /** Reads one answer. */
  private static final class Reading {
    private final Reply reply;
    private final RateHeaders headers;
    private final List<RateBucket> buckets;

    Reading(Reply reply) {
      this.reply = reply;
      this.headers = new RateHeaders(reply.headers(), reply.arrived());
      this.buckets = Buckets.read(headers);
    }

    RateAdvice advice() {
      Optional<Double> pushback = headers.wholeNumber("grpc-retry-pushback-ms");
      boolean refused =
          headers.has("grpc-retry-pushback-ms") && pushback.filter(ms -> ms >= 0).isEmpty();
      Again again = refused ? Again.NO : shouldRetry();
      Found found =
          millis("retry-after-ms")
              .or(() -> millis("x-ms-retry-after-ms"))
              .or(() -> refused ? Optional.empty() : millis("grpc-retry-pushback-ms"))
              .or(this::retryAfter)
              .or(() -> millis("x-amz-retry-after"))
              .or(this::retryDelay)
              .or(() -> resets(true))
              .or(this::phrase)
              .or(() -> resets(false))
              .orElse(Found.NOTHING);
      return new RateAdvice(again, bounded(found.after()), found.source, found.raw, buckets);
    }

    private Again shouldRetry() {
      Again again = Again.UNSAID;
      for (String value : headers.all("x-should-retry")) {
        switch (value.strip().toLowerCase(Locale.ROOT)) {
          case "true" -> again = Again.YES;
          case "false" -> again = Again.NO;
          default -> {} // no word that is known
        }
      }
      return again;
    }

    private Optional<Found> millis(String name) {
      return headers.longest(
          name,
          value ->
              WaitText.number(value)
                  .map(ms -> WaitText.seconds(ms / 1000))
                  .or(() -> WaitText.units(value)));
    }

    private Optional<Found> retryAfter() {
      return headers.longest(
          "Retry-After",
          value ->
              WaitText.number(value)
                  .map(WaitText::seconds)
                  .or(() -> headers.untilDate(value))
                  .or(() -> WaitText.units(value)));
    }

    private Optional<Found> retryDelay() {
      return WaitText.units(reply.retryDelay())
          .or(() -> WaitText.number(reply.retryDelay()).map(WaitText::seconds))
          .map(wait -> new Found(wait, "retryDelay", reply.retryDelay()));
    }

    private Optional<Found> phrase() {
      return WaitText.phrase(reply.message())
          .map(phrase -> new Found(phrase.after(), "message", phrase.text()));
    }

    /** The latest moment at which every bucket that is short now holds enough. */
    private Optional<Found> resets(boolean exact) {
      List<Found> all = new ArrayList<>();
      for (RateBucket bucket : buckets) {
        long needed = needed(bucket);
        boolean counts =
            bucket.isShortOf(needed) || (bucket.remaining().isEmpty() && Buckets.isPlain(bucket));
        if (counts && bucket.isExact(needed) == exact) {
          bucket
              .untilEnough(needed)
              .ifPresent(
                  wait -> all.add(new Found(wait, bucket.raw().name(), bucket.raw().text())));
        }
      }
      return Found.longest(all);
    }

    /**
     * How many of it the next request takes; 0 if not known. For requests with a time until all are
     * back that counts as not known: one of them comes sooner with some servers, and with others
     * all come at the end.
     */
    private long needed(RateBucket bucket) {
      if (!bucket.name().endsWith("tokens")) {
        return bucket.refill() ? 0 : 1;
      }
      return bucket.name().startsWith("output") ? 0 : reply.tokens();
    }
  }

  /** A wait and where it was found; not yet within bounds. */
  record Found(Duration after, String source, String raw) {
    static final Found NOTHING = new Found(Duration.ZERO, "", "");

    static Optional<Found> longest(List<Found> all) {
      return all.stream().reduce((a, b) -> b.after.compareTo(a.after) > 0 ? b : a);
    }
  }

  static Duration bounded(Duration wait) {
    Duration least = wait.isNegative() ? Duration.ZERO : wait;
    return least.compareTo(LONGEST) > 0 ? LONGEST : least;
  }
}
