package dev.belay.llm.transcript;

import dev.belay.Check;
import java.util.List;
import java.util.Optional;

/**
 * What happened in one call. Immutable.
 *
 * @param lines in the order in which it happened; the first is the {@link TranscriptLine.Call}, and
 *     the only one
 */
public record Transcript(List<TranscriptLine> lines) {
  /** Keeps a copy; rejects lines that do not begin with a call, or go on after its end. */
  public Transcript {
    lines = List.copyOf(lines);
    Check.that(
        !lines.isEmpty() && lines.getFirst() instanceof TranscriptLine.Call,
        "lines must begin with a call");
    for (int i = 1; i < lines.size(); i++) {
      Check.that(
          !(lines.get(i) instanceof TranscriptLine.Call),
          "lines must hold one call, held another at %d",
          i + 1);
      Check.that(
          !(lines.get(i - 1) instanceof TranscriptLine.End),
          "lines must stop at the end of the call, went on at %d",
          i + 1);
    }
  }

  /** How it began. */
  public TranscriptLine.Call call() {
    return (TranscriptLine.Call) lines.getFirst();
  }

  /** How it ended; empty if it was cut off before. */
  public Optional<TranscriptLine.End> end() {
    return lines.getLast() instanceof TranscriptLine.End end ? Optional.of(end) : Optional.empty();
  }

  /** Whether lines are missing in the middle. */
  public boolean isTruncated() {
    return lines.stream().anyMatch(TranscriptLine.Truncated.class::isInstance);
  }
}
