package dev.belay.chaos.search;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Makes one fault weaker as long as that is told to be enough, in one way after the other. For one
 * thread.
 */
final class Weakening {
  private static final double STEP = 1.3;
  private static final long CLOSE_MILLIS = 5;
  private static final long UNASKED = -1;

  private final FaultSpace.Kinds kinds;
  private final Deque<Way> ways;
  private Fault fault;
  private Optional<Fault> asked = Optional.empty();
  private long tooWeak = UNASKED;

  /** In which way a fault may be weaker. */
  enum Way {
    /** It strikes from the first call on. */
    CALLS,
    /** It strikes earlier. */
    START,
    /** It takes less time. */
    DELAY,
    /** It strikes fewer calls. */
    PERCENTAGE
  }

  /** Begins with a fault that is strong enough. */
  Weakening(Fault fault, List<Way> ways, FaultSpace.Kinds kinds) {
    this.fault = fault;
    this.kinds = kinds;
    this.ways = new ArrayDeque<>(ways);
    ask();
  }

  /** The weakest that is known to be enough. */
  Fault fault() {
    return fault;
  }

  /** What to try next; nothing if it is as weak as it can be told. */
  Optional<Fault> next() {
    return asked;
  }

  /** Takes whether what was asked last is enough. */
  void saw(boolean enough) {
    Fault question = asked.orElseThrow();
    if (enough) {
      fault = question;
    } else {
      tooWeak = amount(question);
    }
    ask();
  }

  private void ask() {
    asked = Optional.empty();
    while (asked.isEmpty() && !ways.isEmpty()) {
      asked =
          switch (ways.getFirst()) {
            case CALLS -> calls();
            case START -> start();
            case DELAY -> delay();
            case PERCENTAGE -> percentage();
          };
      if (asked.isEmpty()) {
        ways.removeFirst();
        tooWeak = UNASKED;
      }
    }
  }

  private long amount(Fault question) {
    return switch (ways.getFirst()) {
      case CALLS -> 0;
      case START -> question.startDelay().toMillis();
      case DELAY -> Math.max(1, Faults.delayMillis(question));
      case PERCENTAGE -> question.percentage();
    };
  }

  private Optional<Fault> calls() {
    return fault.hits().equals(Fault.Hits.ALL) || tooWeak != UNASKED
        ? Optional.empty()
        : Optional.of(Faults.fromFirst(fault));
  }

  private Optional<Fault> start() {
    long now = fault.startDelay().toMillis();
    if (now == 0) {
      return Optional.empty();
    }
    if (tooWeak == UNASKED) {
      return Optional.of(fault.withStartDelay(Duration.ZERO));
    }
    return now - tooWeak <= CLOSE_MILLIS || now <= tooWeak * STEP
        ? Optional.empty()
        : Optional.of(fault.withStartDelay(Duration.ofMillis((now + tooWeak) / 2)));
  }

  private Optional<Fault> delay() {
    long now = Faults.delayMillis(fault);
    if (now == 0) {
      return Optional.empty();
    }
    long shortest = kinds.delays().isEmpty() ? 1 : kinds.shortest().toMillis();
    long low = Math.max(1, Math.max(tooWeak, shortest / 2));
    if (now <= low * STEP || now <= shortest) {
      return Optional.empty();
    }
    long middle = Math.max(shortest, Math.round(Math.sqrt((double) low * now)));
    return middle >= now
        ? Optional.empty()
        : Optional.of(fault.withEffect(new Effect.Delay(Duration.ofMillis(middle))));
  }

  /** In the middle of those that the space has between what is enough and what is too weak. */
  private Optional<Fault> percentage() {
    List<Integer> between =
        kinds.percentages().stream()
            .filter(share -> share < fault.percentage() && share > tooWeak)
            .toList();
    return between.isEmpty()
        ? Optional.empty()
        : Optional.of(fault.withPercentage(between.get(between.size() / 2)));
  }
}
