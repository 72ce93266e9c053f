package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/**
 * How the reviews that are kept came out. Immutable.
 *
 * @param byState how many are in each state; every state is there
 * @param meanTimeToDecide of those that a person decided; zero if there are none
 */
public record ReviewStats(Map<ReviewState, Long> byState, Duration meanTimeToDecide) {

  /** Keeps a copy. */
  public ReviewStats {
    byState = Map.copyOf(byState);
    requireNonNull(meanTimeToDecide, "meanTimeToDecide");
  }

  /** Counts. */
  public static ReviewStats of(Collection<ReviewItem> all) {
    Map<ReviewState, Long> counts = new EnumMap<>(ReviewState.class);
    for (ReviewState state : ReviewState.values()) {
      counts.put(state, 0L);
    }
    Duration total = Duration.ZERO;
    long decided = 0;
    for (ReviewItem item : all) {
      counts.merge(item.state(), 1L, Long::sum);
      if (item.status() instanceof ReviewStatus.Decided ruling) {
        total = total.plus(Duration.between(item.created(), ruling.at()));
        decided++;
      }
    }
    return new ReviewStats(counts, decided == 0 ? Duration.ZERO : total.dividedBy(decided));
  }

  /** How many wait for a person. */
  public long open() {
    return byState.getOrDefault(ReviewState.OPEN, 0L);
  }
}
