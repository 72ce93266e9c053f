package dev.belay.proxy;

import dev.belay.Attempt;
import dev.belay.BreakerEvent;
import dev.belay.BreakerState;
import dev.belay.Call;
import dev.belay.CallObserver;
import dev.belay.CallReport;
import dev.belay.Step;
import dev.belay.StopReason;
import dev.belay.Verdict;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what goes wrong: a planned retry at info, a failed attempt and an opened breaker at
 * warn, a request without an answer at error. Names of proxies hold no passwords, and neither does
 * anything else that is written. Safe for any number of threads.
 */
public final class ProxyLog implements CallObserver {
  private static final Logger RETRY = LoggerFactory.getLogger("dev.belay.proxy.retry");
  private static final Logger BREAKER = LoggerFactory.getLogger("dev.belay.proxy.breaker");

  /** Writes through SLF4J, to {@code dev.belay.proxy.retry} and {@code .breaker}. */
  public ProxyLog() {}

  @Override
  public void attempted(
      Call call, String policy, Attempt<?> attempt, Verdict verdict, long tookNanos) {
    boolean failed =
        verdict.kind() == Verdict.Kind.RETRY || verdict.kind() == Verdict.Kind.THROTTLED;
    if (failed && RETRY.isWarnEnabled()) {
      RETRY.warn(
          "attempt {} for {} through {} failed: {} ({}) after {} ms",
          attempt.number(),
          call.target(),
          attempt.endpoint().name(),
          verdict.errorClass(),
          verdict.blame(),
          tookNanos / 1_000_000);
    }
  }

  @Override
  public void paused(Call call, String policy, Step.Pause<?> pause) {
    if (RETRY.isInfoEnabled()) {
      RETRY.info(
          "next attempt for {} in {} ms ({})",
          call.target(),
          Duration.ofNanos(pause.nanos()).toMillis(),
          pause.why());
    }
  }

  @Override
  public void finished(Call call, CallReport report) {
    boolean answered =
        report.reason() == StopReason.SUCCESS || report.reason() == StopReason.CANCELLED;
    if (!answered) {
      RETRY.error(
          "no good answer for {} after {} attempts: {}",
          call.target(),
          report.attempts().size(),
          report.reason());
    }
  }

  /** Writes down an edge of a breaker. */
  public static void edge(BreakerEvent event) {
    if (event.to() == BreakerState.OPEN) {
      BREAKER.warn(
          "{} opened ({}, {} failures)", event.breaker(), event.reason(), event.failureCount());
    } else {
      BREAKER.info("{} is {} ({})", event.breaker(), event.to(), event.reason());
    }
  }
}
