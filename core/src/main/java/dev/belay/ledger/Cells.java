package dev.belay.ledger;

import dev.belay.Attempt;
import dev.belay.ErrorClass;
import dev.belay.StopReason;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the cells of a tally mean. The number of attempts and of first attempts is not kept but
 * follows from the others, so that the commonest case, a success at first, writes least.
 */
final class Cells {
  private static final ErrorClass[] CLASSES = ErrorClass.values();
  private static final int NUMBERS = 10;

  private static final int SUCCESS = 0;
  private static final int FAILURE = SUCCESS + NUMBERS;
  private static final int IGNORED = FAILURE + CLASSES.length;
  private static final int FIRST_MISSED = IGNORED + 1;
  private static final int LATENCY = FIRST_MISSED + 1;
  private static final int WAITED = LATENCY + 1;
  private static final int REQUEST_SUCCEEDED = WAITED + 1;
  private static final int REQUEST_FAILED = REQUEST_SUCCEEDED + 1;

  /** How many cells a tally without latencies has. */
  static final int PLAIN = REQUEST_FAILED + 1;

  /** How many cells a tally with latencies has; they follow the plain ones. */
  static final int TIMED = PLAIN + Latencies.BUCKETS;

  private Cells() {}

  /**
   * One attempt, ready to be counted in any number of tallies.
   *
   * @param outcome the cell that says how it ended
   */
  record Entry(int outcome, boolean firstMissed, long tookNanos, long waitedNanos) {

    static Entry of(Attempt<?> attempt, Verdict verdict, long tookNanos) {
      boolean missed = attempt.number() == 1 && verdict.kind() != Verdict.Kind.SUCCESS;
      return new Entry(
          outcome(attempt.number(), verdict), missed, tookNanos, attempt.waited().toNanos());
    }

    private static int outcome(int number, Verdict verdict) {
      return switch (verdict.kind()) {
        case SUCCESS -> SUCCESS + Math.min(number, NUMBERS) - 1;
        case RETRY, THROTTLED, PERMANENT -> failure(verdict.errorClass());
        case IGNORED, CANCELLED -> IGNORED;
      };
    }

    void countIn(Tally tally) {
      tally.add(outcome, 1);
      if (firstMissed) {
        tally.add(FIRST_MISSED, 1);
      }
      if (outcome != IGNORED) {
        tally.add(LATENCY, tookNanos);
      }
      if (waitedNanos > 0) {
        tally.add(WAITED, waitedNanos);
      }
    }

    void countTimedIn(Tally tally) {
      countIn(tally);
      if (outcome != IGNORED) {
        tally.add(PLAIN + Latencies.bucket(tookNanos), 1);
      }
    }
  }

  @SuppressWarnings("EnumOrdinal") // cells are numbered anew in every process; stores see names
  private static int failure(ErrorClass one) {
    return FAILURE + one.ordinal();
  }

  /** The cell in which a call that ended like this is counted, -1 for none. */
  static int finished(StopReason reason) {
    return switch (reason) {
      case SUCCESS -> REQUEST_SUCCEEDED;
      case IGNORED, CANCELLED -> -1;
      case PERMANENT,
          ATTEMPTS_EXHAUSTED,
          BUDGET_EXHAUSTED,
          DEADLINE,
          HINT_TOO_LONG,
          NOT_REPEATABLE,
          REFUSED ->
          REQUEST_FAILED;
    };
  }

  static Totals totals(long[] cells) {
    SortedMap<Integer, Long> successes = new TreeMap<>();
    for (int i = 0; i < NUMBERS; i++) {
      if (cells[SUCCESS + i] != 0) {
        successes.put(i, cells[SUCCESS + i]);
      }
    }
    Map<ErrorClass, Long> failures = new EnumMap<>(ErrorClass.class);
    for (ErrorClass one : CLASSES) {
      if (cells[failure(one)] != 0) {
        failures.put(one, cells[failure(one)]);
      }
    }
    return new Totals(
        new Requests(
            cells[SUCCESS] + cells[FIRST_MISSED], cells[REQUEST_SUCCEEDED], cells[REQUEST_FAILED]),
        successes,
        failures,
        cells[IGNORED],
        Duration.ofNanos(cells[LATENCY]),
        Duration.ofNanos(cells[WAITED]));
  }

  static Percentiles percentiles(long[] cells) {
    return Latencies.percentiles(cells, PLAIN);
  }

  static List<Long> latencies(long[] cells) {
    List<Long> counts = new ArrayList<>(Latencies.BUCKETS);
    for (int i = 0; i < Latencies.BUCKETS; i++) {
      counts.add(cells[PLAIN + i]);
    }
    return counts;
  }

  /** Counts what {@link #totals} made of a tally into another one. */
  static void restore(Totals totals, Tally tally) {
    Requests requests = totals.requests();
    totals.successByAttempt().forEach((attempt, count) -> tally.add(SUCCESS + attempt, count));
    totals.failures().forEach((one, count) -> tally.add(failure(one), count));
    long atFirst = totals.successByAttempt().getOrDefault(0, 0L);
    tally.add(FIRST_MISSED, requests.begun() - atFirst);
    tally.add(IGNORED, totals.ignored());
    tally.add(LATENCY, totals.latency().toNanos());
    tally.add(WAITED, totals.waited().toNanos());
    tally.add(REQUEST_SUCCEEDED, requests.succeeded());
    tally.add(REQUEST_FAILED, requests.failed());
  }

  /** Counts what {@link #latencies} read from a tally into another one. */
  static void restore(List<Long> latencies, Tally tally) {
    for (int i = 0; i < latencies.size(); i++) {
      tally.add(PLAIN + i, latencies.get(i));
    }
  }
}
