package dev.belay.llm.review;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Some of the reviews, oldest first. Immutable.
 *
 * @param items at most as many as asked for
 * @param next where the next page starts; empty if this is the last
 */
public record ReviewPage(List<ReviewItem> items, String next) {

  /** Keeps a copy. */
  public ReviewPage {
    items = List.copyOf(items);
    requireNonNull(next, "next");
  }

  /** The page that a filter asks for. */
  public static ReviewPage of(Collection<ReviewItem> all, ReviewFilter filter) {
    List<ReviewItem> rest =
        all.stream()
            .filter(filter::admits)
            .filter(item -> item.cursor().compareTo(filter.after()) > 0)
            .sorted(Comparator.comparing(ReviewItem::cursor))
            .limit(filter.limit() + 1L)
            .toList();
    boolean more = rest.size() > filter.limit();
    List<ReviewItem> shown = more ? rest.subList(0, filter.limit()) : rest;
    return new ReviewPage(shown, more ? shown.getLast().cursor() : "");
  }
}
