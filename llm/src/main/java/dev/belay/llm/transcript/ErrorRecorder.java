package dev.belay.llm.transcript;

import static java.util.Objects.requireNonNull;

import dev.belay.Time;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.delay.ErrorReport;
import dev.belay.llm.delay.ErrorReports;
import dev.belay.llm.delay.Situation;
import dev.belay.llm.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes an error report of each attempt that fails. Never holds up a call: what cannot be written
 * in time is counted and left out. Safe for any number of threads.
 */
public final class ErrorRecorder implements Recorder {
  private static final String COMPONENT = "llm";

  private final ErrorReports reports;
  private final Executor executor;
  private final Time time;
  private final Semaphore room;
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Writes into these reports.
   *
   * @param executor does all that touches files
   * @param mostQueued reports that wait to be written, 1 or more
   */
  public ErrorRecorder(ErrorReports reports, Executor executor, Time time, int mostQueued) {
    this.reports = requireNonNull(reports, "reports");
    this.executor = requireNonNull(executor, "executor");
    this.time = requireNonNull(time, "time");
    this.room = new Semaphore(mostQueued);
  }

  /** Errors of which there is no report: no room, or a full disk. */
  public long dropped() {
    return dropped.get();
  }

  @Override
  public CallRecord begin(CallStart start) {
    return new One(start, time.nanos());
  }

  private final class One implements CallRecord {
    private final CallStart start;
    private final long begun;

    One(CallStart start, long begun) {
      this.start = start;
      this.begun = begun;
    }

    @Override
    public void failed(Place place, ProviderError error, Duration took, Decision decision) {
      Instant now = time.instant();
      Duration spent = Duration.ofNanos(time.nanos() - begun);
      Duration left = start.terms().deadline().minus(spent);
      Situation situation =
          new Situation(place.provider(), error, 0, left.isNegative() ? Duration.ZERO : left, now);
      ErrorReport report =
          new ErrorReport(
              now,
              new ErrorReport.Origin(start.key(), "", COMPONENT, start.route()),
              new ErrorReport.Failure(error.kind().name(), error.message(), "", List.of()),
              ErrorReport.Retry.of(situation, decision, place.attempt())
                  .with("endpoint", place.endpoint()),
              Json.EMPTY
                  .with("request", Json.of(place.request()))
                  .with("took_ms", Json.of(took.toMillis()))
                  .with("tenant", Json.of(start.tenant())));
      write(report);
    }
  }

  private void write(ErrorReport report) {
    if (!room.tryAcquire()) {
      dropped.incrementAndGet();
      return;
    }
    executor.execute(() -> {
      try {
        var unused = reports.report(report);
      } catch (IOException | RuntimeException unwritten) {
        dropped.incrementAndGet();
      } finally {
        room.release();
      }
    });
  }
}
