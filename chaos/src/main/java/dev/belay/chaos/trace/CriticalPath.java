package dev.belay.chaos.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The parts of a trace that its length is made of: from the end of the root backwards, always in
 * the span that ended last before that. What runs beside it costs nothing; shortening what is on it
 * shortens the whole.
 *
 * <p>Found as Uber's CRISP does (Zhang et al., USENIX ATC 2022), with children cut to their
 * parents, so that clocks that differ do no harm.
 *
 * @param parts by time; nothing overlaps, and together they are as long as the root
 */
public record CriticalPath(List<Part> parts) {
  private static final int DEEPEST = 1_000;

  public CriticalPath {
    parts = List.copyOf(parts);
  }

  /**
   * A piece of the path.
   *
   * @param span whose own time it is
   * @param fromNanos when it begins
   * @param toNanos when it ends
   */
  public record Part(Span span, long fromNanos, long toNanos) {
    /** How long it is. */
    public long nanos() {
      return toNanos - fromNanos;
    }
  }

  /** The path of a trace: of the longest of its roots, if it has several. */
  public static CriticalPath of(Trace trace) {
    SpanTree tree = new SpanTree(trace);
    Span root =
        tree.roots().stream().max(Comparator.comparingLong(Span::durationNanos)).orElseThrow();
    List<Part> backwards = new ArrayList<>();
    walk(tree, root, new Window(root.startNanos(), root.endNanos()), backwards, 0);
    return new CriticalPath(backwards.reversed());
  }

  private record Window(long from, long to) {}

  private static void walk(SpanTree tree, Span span, Window window, List<Part> parts, int depth) {
    long at = window.to();
    if (depth < DEEPEST) {
      List<Span> children = new ArrayList<>(tree.children(span));
      children.sort(Comparator.comparingLong(Span::endNanos).reversed());
      for (Span child : children) {
        long end = Math.min(child.endNanos(), window.to());
        long start = Math.max(child.startNanos(), window.from());
        if (end > at || start >= end) {
          continue; // something that ended later covers it, or it lies outside
        }
        add(parts, span, end, at);
        walk(tree, child, new Window(start, end), parts, depth + 1);
        at = start;
      }
    }
    add(parts, span, window.from(), at);
  }

  private static void add(List<Part> parts, Span span, long from, long to) {
    if (to > from) {
      parts.add(new Part(span, from, to));
    }
  }

  /** How long the whole is, in nanoseconds. */
  public long nanos() {
    return parts.stream().mapToLong(Part::nanos).sum();
  }

  /** How much of it is within a span or below it, in nanoseconds. */
  public long nanosBelow(Span span, SpanTree tree) {
    return parts.stream()
        .filter(part -> isBelow(part.span(), span, tree))
        .mapToLong(Part::nanos)
        .sum();
  }

  private static boolean isBelow(Span span, Span top, SpanTree tree) {
    for (Optional<Span> at = Optional.of(span); at.isPresent(); at = tree.parent(at.get())) {
      if (at.get().equals(top)) {
        return true;
      }
    }
    return false;
  }
}
