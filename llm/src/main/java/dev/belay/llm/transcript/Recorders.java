package dev.belay.llm.transcript;

import dev.belay.llm.LlmResponse;
import dev.belay.llm.ProviderError;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Finding;
import dev.belay.llm.correct.Stage;
import dev.belay.llm.delay.Decision;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** Tells several recorders. */
record Recorders(List<Recorder> all) implements Recorder {

  @Override
  public CallRecord begin(CallStart start) {
    return new All(all.stream().map(one -> one.begin(start)).toList());
  }

  private record All(List<CallRecord> records) implements CallRecord {
    private void tell(Consumer<CallRecord> what) {
      records.forEach(what);
    }

    @Override
    public String id() {
      return records.stream()
          .map(CallRecord::id)
          .filter(id -> !id.isEmpty())
          .findFirst()
          .orElse("");
    }

    @Override
    public void attempt(Place place, Duration waited, WaitedFor waitedFor) {
      tell(one -> one.attempt(place, waited, waitedFor));
    }

    @Override
    public void failed(Place place, ProviderError error, Duration took) {
      tell(one -> one.failed(place, error, took));
    }

    @Override
    public void failed(Place place, ProviderError error, Duration took, Decision decision) {
      tell(one -> one.failed(place, error, took, decision));
    }

    @Override
    public void answered(Place place, LlmResponse response, double dollars, Duration took) {
      tell(one -> one.answered(place, response, dollars, took));
    }

    @Override
    public void checked(Finding finding) {
      tell(one -> one.checked(finding));
    }

    @Override
    public void correction(Stage stage, Duration pause, int feedbackLength) {
      tell(one -> one.correction(stage, pause, feedbackLength));
    }

    @Override
    public void end(Ending ending, Spent spent, Duration waited, Duration took) {
      tell(one -> one.end(ending, spent, waited, took));
    }
  }
}
