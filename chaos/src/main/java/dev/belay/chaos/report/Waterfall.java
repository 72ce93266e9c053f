package dev.belay.chaos.report;

import dev.belay.chaos.Fault;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A trace as bars over time, each below the one that caused it.
 *
 * @param bars from top to bottom; at most {@link #MOST}
 * @param left how many more spans the trace has
 * @param nanos how long all of it took
 */
public record Waterfall(List<Bar> bars, int left, long nanos) {
  /** So many bars are shown at the most: a retry storm is known by then. */
  public static final int MOST = 80;

  private static final int DEEPEST = 40;

  public Waterfall {
    bars = List.copyOf(bars);
  }

  /**
   * A span.
   *
   * @param depth how many spans are above it, at least 0
   * @param name its service and operation
   * @param fromNanos when it began, since the beginning of the trace
   * @param nanos how long it took
   * @param error whether it failed
   * @param fault what struck it
   */
  public record Bar(
      int depth, String name, long fromNanos, long nanos, boolean error, Optional<String> fault) {}

  static Waterfall of(Trace trace, Map<Span, Fault> struck) {
    long begin = trace.spans().getFirst().startNanos();
    List<Bar> bars = new ArrayList<>();
    SpanTree tree = new SpanTree(trace);
    for (Span root : tree.roots()) {
      draw(root, 0, begin, new Drawing(tree, struck, bars));
    }
    long end = trace.spans().stream().mapToLong(Span::endNanos).max().orElse(begin);
    return new Waterfall(bars, trace.spans().size() - bars.size(), end - begin);
  }

  private record Drawing(SpanTree tree, Map<Span, Fault> struck, List<Bar> bars) {}

  private static void draw(Span span, int depth, long begin, Drawing on) {
    if (on.bars().size() == MOST || depth > DEEPEST) {
      return;
    }
    on.bars()
        .add(
            new Bar(
                depth,
                span.service() + " " + span.operation(),
                span.startNanos() - begin,
                span.durationNanos(),
                span.error(),
                Optional.ofNullable(on.struck().get(span))
                    .map(fault -> fault.effect().toString())));
    on.tree().children(span).forEach(child -> draw(child, depth + 1, begin, on));
  }
}
