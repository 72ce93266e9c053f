package dev.belay.chaos.trace;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who called whom in a trace. Whatever is broken in the trace, this is a forest that holds each
 * span once: a span whose parent is missing is a root, and of spans that are each other's parents
 * the first to start is.
 */
public final class SpanTree {
  private final Map<String, Span> byId = new HashMap<>();
  private final Map<String, List<Span>> children = new HashMap<>();
  private final List<Span> roots = new ArrayList<>();

  /** The forest of a trace. */
  public SpanTree(Trace trace) {
    trace.spans().forEach(span -> byId.put(span.id().span(), span));
    for (Span span : trace.spans()) {
      Optional<Span> parent = span.id().parent().flatMap(this::find);
      if (parent.isPresent() && !parent.get().equals(span)) {
        children.computeIfAbsent(parent.get().id().span(), none -> new ArrayList<>()).add(span);
      } else {
        roots.add(span);
      }
    }
    breakCycles(trace);
  }

  /** Spans that no root leads to are in a cycle, or below one. */
  private void breakCycles(Trace trace) {
    Set<String> reached = new HashSet<>();
    List<Span> todo = new ArrayList<>(roots);
    for (Span span : trace.spans()) {
      while (!todo.isEmpty()) {
        Span next = todo.removeLast();
        if (reached.add(next.id().span())) {
          todo.addAll(children(next));
        }
      }
      if (!reached.contains(span.id().span())) {
        span.id().parent().map(children::get).ifPresent(list -> list.remove(span));
        roots.add(span);
        todo.add(span);
      }
    }
    roots.sort(Comparator.comparingLong(Span::startNanos));
  }

  /** The spans that nothing here caused, by start. */
  public List<Span> roots() {
    return List.copyOf(roots);
  }

  /** The spans that a span caused, by start. */
  public List<Span> children(Span span) {
    @Nullable List<Span> found = children.get(span.id().span());
    return found == null ? List.of() : found;
  }

  /** The span of an id. */
  public Optional<Span> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /** The span that caused one. */
  public Optional<Span> parent(Span span) {
    return span.id().parent().flatMap(this::find).filter(parent -> children(parent).contains(span));
  }

  /**
   * The nearest span above one that stands for another service: the caller, as far as the trace
   * shows it.
   */
  public Optional<Span> caller(Span span) {
    Optional<Span> above = parent(span);
    while (above.isPresent() && above.get().service().equals(span.service())) {
      above = parent(above.get());
    }
    return above;
  }
}
