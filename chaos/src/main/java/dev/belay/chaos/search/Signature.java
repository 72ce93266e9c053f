package dev.belay.chaos.search;

import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Component;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.SpanTree;
import dev.belay.chaos.trace.Trace;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What tells one failure from another: what was asked, what became of it, and where: the call that
 * failed last before the answer, the call that was repeated, or the law that was broken. Two faults
 * that bring about the same failure have one signature.
 */
public final class Signature {
  /** From this discovery score on, something is a failure of the system. */
  public static final double FAILURE = 7;

  private final Normal normal;

  /**
   * Signatures of one system.
   *
   * @param healthy what the healthy system did
   */
  public Signature(List<Observation> healthy) {
    this.normal = Normal.of(healthy);
  }

  /** The signature of a failure; nothing if the system held. */
  public Optional<String> of(Observation seen, Score score) {
    if (score.discovery() < FAILURE) {
      return Optional.empty();
    }
    Dimension worst = worst(score);
    String what =
        switch (worst) {
          case INVARIANT -> score.amplification(worst).condition();
          case BUG -> status(seen) + failing(seen);
          case PERFORMANCE -> "slow" + repeated(seen);
          case STRUCTURE -> "storm" + repeated(seen);
        };
    return Optional.of(seen.endpoint() + " | " + what);
  }

  /** A broken law first: an error that comes with it is only how it shows. */
  private static Dimension worst(Score score) {
    return List.of(Dimension.INVARIANT, Dimension.BUG, Dimension.STRUCTURE, Dimension.PERFORMANCE)
        .stream()
        .filter(dimension -> isFailure(score.amplification(dimension)))
        .findFirst()
        .orElse(Dimension.PERFORMANCE);
  }

  private static boolean isFailure(Component part) {
    return part.score() >= FAILURE;
  }

  private static String status(Observation seen) {
    return seen.reply().status().isPresent()
        ? Integer.toString(seen.reply().status().getAsInt())
        : seen.reply().failure().orElse("no answer");
  }

  /** The way down from the root, always to the child that failed last. */
  private static String failing(Observation seen) {
    Optional<Trace> trace = seen.trace();
    if (trace.isEmpty()) {
      return "";
    }
    SpanTree tree = new SpanTree(trace.get());
    Optional<Span> at = tree.roots().stream().max(Comparator.comparingLong(Span::durationNanos));
    StringBuilder path = new StringBuilder(" | ");
    String last = "";
    for (int depth = 0; at.isPresent() && depth < 100; depth++) {
      Span span = at.get();
      String service = name(span);
      if (!service.equals(last)) {
        path.append(path.length() > 3 ? ">" : "").append(service);
        last = service;
      }
      at =
          tree.children(span).stream()
              .filter(Span::error)
              .max(Comparator.comparingLong(Span::endNanos));
    }
    return path.toString();
  }

  /** A client's span stands for the one it calls, who may have left none. */
  private static String name(Span span) {
    Map<String, String> tags = span.outcome().tags();
    return span.kind() == SpanKind.CLIENT
        ? tags.getOrDefault("peer.service", span.service())
        : span.service();
  }

  /** The call that was made more often than usual by the most. */
  private String repeated(Observation seen) {
    if (seen.trace().isEmpty()) {
      return "";
    }
    Map<Sighting, Integer> counts = Sighting.in(seen.trace().get());
    return counts.entrySet().stream()
        .max(
            Comparator.comparingInt((Map.Entry<Sighting, Integer> entry) ->
                    entry.getValue() - Math.max(1, normal.usually(entry.getKey())))
                .thenComparing(entry -> entry.getKey().toString()))
        .map(entry -> " | " + entry.getKey())
        .orElse("");
  }
}
