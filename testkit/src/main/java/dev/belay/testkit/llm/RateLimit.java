package dev.belay.testkit.llm;

import static java.util.Objects.requireNonNull;

import dev.belay.testkit.Script;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * A real limit of the rate of each API key. What is over it gets a 429 with a hint that is true;
 * what is under it goes to another script, and good answers tell what is left in the headers of the
 * dialect. Immutable; each provider that plays the script counts for itself.
 *
 * <pre>{@code
 * FaultyProvider.start(RateLimit.fixedWindow(3, Duration.ofSeconds(2)).over(Script.of(Answer.echo())));
 * }</pre>
 *
 * @param requests how many per period, 1 or more
 * @param period how long, above 0 and up to 366 days
 * @param kind how it is counted
 */
public record RateLimit(int requests, Duration period, Kind kind) {
  private static final int MOST_KEYS = 10_000;

  /** How requests are counted. */
  public enum Kind {
    /** A window begins with its first request; its end gives all of them back at once. */
    FIXED_WINDOW,
    /** Each comes back by itself, evenly over the period; refused requests take none. */
    TOKEN_BUCKET
  }

  /** Rejects what would let nobody through, or everybody. */
  public RateLimit {
    requireNonNull(kind, "kind");
    Check.that(requests >= 1, "requests must be at least 1, was %d", requests);
    Check.that(
        period.isPositive() && period.compareTo(Duration.ofDays(366)) <= 0,
        "period must be above 0 and up to 366 days, was %s",
        period);
  }

  /** So many in each window. */
  public static RateLimit fixedWindow(int requests, Duration period) {
    return new RateLimit(requests, period, Kind.FIXED_WINDOW);
  }

  /** So many at once, and as many over each period. */
  public static RateLimit tokenBucket(int requests, Duration period) {
    return new RateLimit(requests, period, Kind.TOKEN_BUCKET);
  }

  /** This limit before that script, whose answers only those get who are admitted. */
  public Script<LlmRequest, Answer> over(Script<LlmRequest, Answer> admitted) {
    requireNonNull(admitted, "admitted");
    return Script.<LlmRequest, Answer>remembering(() -> {
      Limiter limiter = new Limiter(this);
      Function<LlmRequest, Answer> inner = admitted.player();
      return request -> limiter.answer(request, inner);
    });
  }

  /** A limit at work. Safe for any number of threads. */
  static final class Limiter {
    private final RateLimit limit;
    private final Map<String, Meter> meters = new ConcurrentHashMap<>();

    Limiter(RateLimit limit) {
      this.limit = limit;
    }

    Answer answer(LlmRequest request, Function<LlmRequest, Answer> admitted) {
      Meter.Reading reading = take(request.key(), request.arrivalNanos());
      if (!reading.admitted()) {
        return Fault.rateLimited(reading.reset());
      }
      Answer answer = admitted.apply(request);
      return answer instanceof Completion completion
          ? completion.headers(RateHeaders.of(request.dialect(), limit.requests, reading))
          : answer;
    }

    /** A stranger beyond the most that are remembered shares a meter with the other ones. */
    Meter.Reading take(String key, long nanos) {
      String name = meters.size() < MOST_KEYS || meters.containsKey(key) ? key : "";
      return meters.computeIfAbsent(name, any -> new Meter(limit, nanos)).take(nanos);
    }
  }
}
