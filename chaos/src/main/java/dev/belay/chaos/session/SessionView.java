package dev.belay.chaos.session;

import dev.belay.chaos.Defect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * How a session stands.
 *
 * @param id its id
 * @param spec what it is to do
 * @param state where it stands
 * @param times when what happened
 * @param progress how far it is
 * @param note why it ended, or what it waits for; none if there is nothing to say
 * @param defects the failures that were found so far
 */
public record SessionView(
    String id,
    SessionSpec spec,
    SessionState state,
    Times times,
    Progress progress,
    Note note,
    List<Defect> defects) {
  public SessionView {
    defects = List.copyOf(defects);
  }

  /**
   * When what happened.
   *
   * @param created when it was taken
   * @param started when its first trial could begin
   * @param completed when it was over
   * @param updated when anything changed
   */
  public record Times(
      Instant created, Optional<Instant> started, Optional<Instant> completed, Instant updated) {}

  /**
   * How far it is.
   *
   * @param done how many trials are over
   * @param failed how many of them could not be made
   * @param scores what was reached
   * @param left how long it will still take; none before the first trial is over and once it ended
   * @param looks what was seen without a fault between trials
   */
  public record Progress(
      int done, int failed, Optional<Scores> scores, Optional<Duration> left, Looks looks) {}

  /**
   * Looks at the system without a fault, between trials. They are no trials, but they take time.
   *
   * @param made how many
   * @param broken how many of them saw it fail
   * @param took how long they took, together
   */
  public record Looks(int made, int broken, Duration took) {
    /** None. */
    public static final Looks NONE = new Looks(0, 0, Duration.ZERO);

    Looks and(Entry.Looked looked) {
      return new Looks(
          made + 1, broken + (looked.broken().isPresent() ? 1 : 0), took.plus(looked.took()));
    }
  }

  /**
   * What was reached.
   *
   * @param best the first trial of those with the highest score
   * @param worst the lowest score
   * @param average the mean
   */
  public record Scores(Trial best, double worst, double average) {}

  /**
   * What there is to say.
   *
   * @param stop why it was stopped or could not go on
   * @param pause what it waits for
   */
  public record Note(Optional<String> stop, Optional<String> pause) {
    /** Nothing. */
    public static final Note NONE = new Note(Optional.empty(), Optional.empty());
  }
}
