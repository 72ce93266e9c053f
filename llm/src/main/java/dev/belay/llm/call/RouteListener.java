package dev.belay.llm.call;

import dev.belay.llm.transcript.CallRecord;
import java.time.Duration;

/** Hears of a request of another kind that goes by the rules of a route. */
public interface RouteListener {

  /**
   * An attempt was held up at a gate.
   *
   * @param time for so long, above 0
   */
  default void waited(Duration time) {}

  /** Is told of the attempts; of answers and of the end, whoever makes the request tells it. */
  default CallRecord record() {
    return CallRecord.NONE;
  }
}
