package dev.belay.chaos.trace;

import dev.belay.Check;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * All spans of one request, in the order of their starts (of those that start together, by id).
 *
 * @param spans at least one, all of one trace, no two with one id
 * @param complete whether all spans are thought to be there; what is missing in an incomplete trace
 *     says nothing about the system
 */
public record Trace(List<Span> spans, boolean complete) {
  private static final Comparator<Span> ORDER =
      Comparator.comparingLong(Span::startNanos).thenComparing(span -> span.id().span());

  public Trace {
    Check.that(!spans.isEmpty(), "a trace must have at least one span");
    spans = spans.stream().sorted(ORDER).toList();
    String id = spans.getFirst().id().trace();
    for (Span span : spans) {
      Check.that(
          span.id().trace().equals(id),
          "all spans of a trace must have its id %s, one had %s",
          id,
          span.id().trace());
    }
    long ids = spans.stream().map(span -> span.id().span()).distinct().count();
    Check.that(
        ids == spans.size(), "span ids must be unique, of %d only %d were", spans.size(), ids);
  }

  /** The id that all its spans share. */
  public String id() {
    return spans.getFirst().id().trace();
  }

  /** The first span without a parent. None if the root is missing. */
  public Optional<Span> root() {
    return spans.stream().filter(span -> span.id().parent().isEmpty()).findFirst();
  }
}
