package dev.belay.llm.transcript;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Finding;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.delay.Decision;
import java.time.Duration;

/**
 * Is told what happens in one call, in that order. No method blocks or throws; may be called by
 * several threads, and keeps the order in which it was called.
 */
public interface CallRecord {
  /** Hears nothing. */
  CallRecord NONE = new CallRecord() {};

  /** By which the transcript can be found; empty if nobody keeps one. */
  default String id() {
    return "";
  }

  /**
   * An attempt is sent.
   *
   * @param waited since the attempt before it failed, gates included; 0 or more
   * @param waitedFor what took the most of it
   */
  default void attempt(Place place, Duration waited, WaitedFor waitedFor) {}

  /**
   * An attempt failed, and what follows is not known yet: readers take it from what comes next.
   *
   * @param took from sending to the error
   */
  default void failed(Place place, ProviderError error, Duration took) {}

  /**
   * An attempt failed.
   *
   * @param took from sending to the error
   * @param decision what {@link dev.belay.llm.delay.DelayPolicy#decide} said, so that a replay
   *     compares like with like; failover at once may still go elsewhere
   */
  default void failed(Place place, ProviderError error, Duration took, Decision decision) {}

  /**
   * An attempt brought an answer.
   *
   * @param dollars what it cost, 0 or more
   * @param took from sending to the end of the answer
   */
  default void answered(Place place, LlmResponse response, double dollars, Duration took) {}

  /** The last answer was checked. */
  default void checked(Finding finding) {}

  /**
   * The model will be asked again.
   *
   * @param stage how much help it has
   * @param pause before it is asked, 0 or more
   * @param feedbackLength characters of what it is told, 0 or more
   */
  default void correction(Stage stage, Duration pause, int feedbackLength) {}

  /**
   * The call is over. Nothing that is told later is kept.
   *
   * @param spent over all of it
   * @param waited between attempts, at gates and between corrections
   * @param took from the beginning
   */
  default void end(Ending ending, Spent spent, Duration waited, Duration took) {}
}
