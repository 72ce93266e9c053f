package dev.belay.chaos.search;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Observation;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Score;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What tells one failure from another: what was asked, what became of it, and where: the call that
 * failed last before the answer, the call that was repeated, or the law that was broken. Two plans
 * that bring about the same failure have one signature.
 */
public final class Signature {
  /** From this discovery score on, something is a failure of the system. */
  public static final double FAILURE = Score.FAILURE;

  private static final String BAR = " | ";

  /** A broken law first: an error that comes with it is only how it shows. */
  private static final List<Dimension> ORDER =
      List.of(Dimension.INVARIANT, Dimension.BUG, Dimension.STRUCTURE, Dimension.PERFORMANCE);

  private final Normal normal;

  /**
   * Signatures of one system.
   *
   * @param healthy what the healthy system did
   */
  public Signature(List<Observation> healthy) {
    this(Normal.of(healthy));
  }

  Signature(Normal normal) {
    this.normal = normal;
  }

  /** The signature of a failure; nothing if the system held. */
  public Optional<String> of(Observation seen, Score score) {
    return worst(score)
        .map(worst ->
            "%s | %s"
                .formatted(
                    seen.endpoint(),
                    switch (worst) {
                      case INVARIANT -> score.amplification(worst).condition();
                      case BUG -> status(seen) + failing(seen);
                      case PERFORMANCE, STRUCTURE -> slow(seen);
                    }));
  }

  /** What was asked and what became of it, without where. */
  static String outcome(String signature) {
    int first = signature.indexOf(BAR);
    int second = first < 0 ? -1 : signature.indexOf(BAR, first + BAR.length());
    return second < 0 ? signature : signature.substring(0, second);
  }

  private static Optional<Dimension> worst(Score score) {
    return ORDER.stream()
        .filter(dimension -> score.amplification(dimension).score() >= FAILURE)
        .findFirst();
  }

  private static String status(Observation seen) {
    return seen.reply().status().isPresent()
        ? Integer.toString(seen.reply().status().getAsInt())
        : seen.reply().failure().orElse("no answer");
  }

  private static String failing(Observation seen) {
    return seen.trace().map(trace -> " | " + FailingPath.of(trace)).orElse("");
  }

  /**
   * Too many calls and too much time are one failure: the first call that was repeated says which.
   */
  private String slow(Observation seen) {
    return repeated(seen).stream().findFirst().map(call -> "repeats | " + call).orElse("slow");
  }

  /** The calls that were made more often than usual and more than once, by first start. */
  private List<Sighting> repeated(Observation seen) {
    return seen.trace().map(Sighting::in).orElse(Map.of()).entrySet().stream()
        .filter(entry -> entry.getValue() > Math.max(1, normal.usually(entry.getKey())))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The calls that a failure shows. */
  Set<Edge> edges(Observation seen, Score score) {
    Set<Edge> edges = new LinkedHashSet<>();
    Optional<Dimension> worst = worst(score);
    if (worst.isEmpty() || worst.get() == Dimension.INVARIANT) {
      return edges;
    }
    if (worst.get() == Dimension.BUG) {
      seen.trace().flatMap(trace -> FailingPath.of(trace).last()).ifPresent(edges::add);
    } else {
      repeated(seen).forEach(call -> edges.add(call.edge()));
    }
    return edges;
  }
}
