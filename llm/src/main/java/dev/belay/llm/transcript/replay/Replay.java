package dev.belay.llm.transcript.replay;

import dev.belay.llm.check.Validator;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transcript.Transcript;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Runs the rules of a call again on what happened in it: what would other waits have decided, and
 * would other checks have passed the answers. Sends nothing and waits for nothing; what was never
 * tried is said to be unknown. Immutable, safe for any number of threads if the validators are.
 */
public final class Replay {
  private final long seed;
  private final Optional<DelaySettings> waits;
  private final Optional<List<Validator>> checks;

  private Replay(long seed, Optional<DelaySettings> waits, Optional<List<Validator>> checks) {
    this.seed = seed;
    this.waits = waits;
    this.checks = checks;
  }

  /** One in which nothing is different yet. The seed is that of jitter. */
  public static Replay seeded(long seed) {
    return new Replay(seed, Optional.empty(), Optional.empty());
  }

  /** The same with these waits; where they are not enabled, those of before. */
  public Replay waitingBy(DelaySettings settings) {
    return new Replay(seed, Optional.of(settings), checks);
  }

  /** The same with these checks instead of those of the record; any answer will do without one. */
  public Replay checkedBy(List<Validator> validators) {
    return new Replay(seed, waits, Optional.of(List.copyOf(validators)));
  }

  /**
   * What would have been.
   *
   * @throws InterruptedException if the thread is interrupted while answers are checked
   */
  public ReplayReport of(Transcript transcript) throws InterruptedException {
    // of its own for each call, so that neither others nor their order play a part
    SplittableRandom random = new SplittableRandom(seed + transcript.call().id().hashCode());
    Optional<WaitsReport> waited =
        waits.map(settings -> new WaitsReplay(transcript, settings, random.split()).run());
    Optional<ChecksReport> checked =
        checks.isPresent()
            ? Optional.of(new ChecksReplay(transcript, checks.get(), random.split()).run())
            : Optional.empty();
    return new ReplayReport(
        transcript.call().id(),
        transcript.call().origin().route(),
        transcript.call().at(),
        transcript.end().map(end -> outcome(end.ending())).orElse("unknown"),
        waited,
        checked);
  }

  private static String outcome(Ending ending) {
    return ending.isAnswered() ? "answered" : ending.failure();
  }
}
