package dev.belay.llm.transcript.replay;

import dev.belay.llm.transcript.TranscriptLine;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What came after a failure in the record. Immutable.
 *
 * @param what in short
 * @param waited before it, if it was an attempt
 * @param isEnd whether the call ended then
 */
record Followed(What what, Duration waited, boolean isEnd) {
  enum What {
    /** The same endpoint was asked. */
    AGAIN,
    /** Another endpoint was asked. */
    ELSEWHERE,
    /** Nobody was, or the record does not say. */
    NOTHING
  }

  /** After the failure in this line. */
  static Followed after(List<TranscriptLine> lines, int index) {
    TranscriptLine.Failed failed = (TranscriptLine.Failed) lines.get(index);
    for (TranscriptLine next : lines.subList(index + 1, lines.size())) {
      if (next instanceof TranscriptLine.Truncated) {
        return new Followed(What.NOTHING, Duration.ZERO, false);
      }
      if (next instanceof TranscriptLine.Attempt attempt
          && attempt.place().request() == failed.place().request()) {
        boolean same = attempt.place().endpoint().equals(failed.place().endpoint());
        return new Followed(same ? What.AGAIN : What.ELSEWHERE, attempt.waited(), false);
      }
    }
    return new Followed(What.NOTHING, Duration.ZERO, lines.getLast() instanceof TranscriptLine.End);
  }

  boolean isAttempt() {
    return what != What.NOTHING;
  }

  /** What was done, as the record says; if it does not, as it went on. */
  Deed deed(TranscriptLine.Failed failed) {
    if (failed.decision().isPresent()) {
      return Deed.of(failed.decision().get());
    }
    return switch (what) {
      case AGAIN -> new Deed("retry", Optional.of(waited), "", false);
      case ELSEWHERE -> new Deed("fallback", Optional.empty(), "", false);
      case NOTHING -> new Deed(isEnd ? "stop" : "unknown", Optional.empty(), "", false);
    };
  }
}
