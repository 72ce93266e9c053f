package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.util.Set;

/**
 * Which reviews to list. Immutable.
 *
 * @param states all if empty
 * @param tenant all if empty
 * @param after the {@code next} of the page before; empty for the first page
 * @param limit the most items of a page, 1 to 500
 */
public record ReviewFilter(Set<ReviewState> states, String tenant, String after, int limit) {

  /** The first 50 of all. */
  public static final ReviewFilter ALL = new ReviewFilter(Set.of(), "", "", 50);

  /** Keeps a copy; rejects limits out of range. */
  public ReviewFilter {
    states = Set.copyOf(states);
    requireNonNull(tenant, "tenant");
    requireNonNull(after, "after");
    Check.that(limit >= 1 && limit <= 500, "limit must be 1 to 500, was %d", limit);
  }

  /** Those in one of these states. */
  public ReviewFilter withStates(Set<ReviewState> wanted) {
    return new ReviewFilter(wanted, tenant, after, limit);
  }

  /** Those of a tenant. */
  public ReviewFilter withTenant(String name) {
    return new ReviewFilter(states, name, after, limit);
  }

  /** From the end of a page on. */
  public ReviewFilter withAfter(String next) {
    return new ReviewFilter(states, tenant, next, limit);
  }

  /** Pages of another length. */
  public ReviewFilter withLimit(int most) {
    return new ReviewFilter(states, tenant, after, most);
  }

  /** Whether an item is to be listed, on whatever page. */
  public boolean admits(ReviewItem item) {
    return (states.isEmpty() || states.contains(item.state()))
        && (tenant.isEmpty() || tenant.equals(item.parked().tenant()));
  }
}
