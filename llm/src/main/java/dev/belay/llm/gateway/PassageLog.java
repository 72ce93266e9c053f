package dev.belay.llm.gateway;

import dev.belay.Attempt;
import dev.belay.Time;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transcript.Place;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Writes down what becomes of a request that is passed on. For one event loop. */
final class PassageLog {
  private final CallRecord record;
  private final Time time;
  private final long begun;
  private long sent;
  private boolean over;
  private @Nullable LlmResponse answer;
  private double dollars;

  PassageLog(CallRecord record, Time time) {
    this.record = record;
    this.time = time;
    this.begun = time.nanos();
    this.sent = begun;
  }

  CallRecord record() {
    return record;
  }

  void sent() {
    sent = time.nanos();
  }

  /** The answer is all there. */
  void answered(Attempt<LlmEndpoint> attempt, LlmResponse response) {
    LlmEndpoint endpoint = attempt.endpoint();
    answer = response;
    dollars = endpoint.costOf(response.usage());
    record.answered(
        new Place(1, attempt.number(), endpoint.name(), endpoint.provider()),
        response,
        dollars,
        Duration.ofNanos(time.nanos() - sent));
  }

  /** The client has its answer, or there is none; only the first word counts. */
  void end(Ending ending, int attempts, Duration waited) {
    if (over) {
      return;
    }
    over = true;
    LlmResponse last = answer;
    Spent spent =
        last == null
            ? new Spent(attempts, Math.max(0, attempts - 1), 0, Spent.NOTHING.usage(), 0)
            : new Spent(attempts, Math.max(0, attempts - 1), 0, last.usage(), dollars);
    record.end(ending, spent, waited, Duration.ofNanos(time.nanos() - begun));
  }
}
