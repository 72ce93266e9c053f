package dev.belay.ledger;

import static dev.belay.Verdict.SUCCESS;

import dev.belay.Attempt;
import dev.belay.Blame;
import dev.belay.BreakerEvent;
import dev.belay.BreakerState;
import dev.belay.Call;
import dev.belay.CallReport;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.ErrorClass;
import dev.belay.StopReason;
import dev.belay.Time;
import dev.belay.Verdict;
import java.time.Duration;
import java.util.List;

/** Tells a ledger of attempts. */
final class Story {
  static final Verdict TIMEOUT = Verdict.retry(ErrorClass.TIMEOUT, Blame.ENDPOINT);
  static final Duration MILLI = Duration.ofMillis(1);

  private final AttemptLedger ledger;
  private final Time time;

  Story(AttemptLedger ledger, Time time) {
    this.ledger = ledger;
    this.time = time;
  }

  Attempt<Endpoint> attempt(String endpoint, int number, Duration waited) {
    return EndpointHistory.attempt(EndpointHistory.endpoint(endpoint, time), number, waited, time);
  }

  /** Attempts at {@code proxy} for {@code host} under {@code default}, 1 ms each. */
  void attempts(int count, int number, Verdict verdict) {
    for (int i = 0; i < count; i++) {
      attempted("host", "default", "proxy", number, verdict);
    }
  }

  void attempted(String host, String policy, String endpoint, int number, Verdict verdict) {
    ledger.attempted(
        Call.DEFAULT.withTarget(host),
        policy,
        attempt(endpoint, number, Duration.ZERO),
        verdict,
        MILLI.toNanos());
  }

  void success() {
    attempts(1, 1, SUCCESS);
  }

  void tooks(Duration took, int count) {
    for (int i = 0; i < count; i++) {
      ledger.attempted(
          Call.DEFAULT, "default", attempt("proxy", 1, Duration.ZERO), SUCCESS, took.toNanos());
    }
  }

  void finished(String host, String policy, StopReason reason, int count) {
    var report = new CallReport(policy, host, List.of(), reason, MILLI, Duration.ZERO);
    for (int i = 0; i < count; i++) {
      ledger.finished(Call.DEFAULT.withTarget(host), report);
    }
  }

  void edge(String breaker, BreakerState from, BreakerState to) {
    ledger.onBreakerEvent(new BreakerEvent(breaker, from, to, time.instant(), 5, "failures"));
  }
}
