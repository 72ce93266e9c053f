package dev.belay;

import java.io.Serial;

/**
 * The call was made and gave no value. The cause is the failure of the last attempt; the report
 * tells of all of them.
 */
public final class CallFailed extends CallException {
  @Serial private static final long serialVersionUID = 1L;

  private final transient CallReport report;

  CallFailed(CallReport report, Throwable last) {
    super("%s, last: %s".formatted(summary(report), last), last);
    this.report = report;
  }

  private static String summary(CallReport report) {
    int attempts = report.attempts().size();
    return "failed after %d attempt%s (%s)"
        .formatted(attempts, attempts == 1 ? "" : "s", report.reason());
  }

  /** Each attempt, and why there was no other. */
  public CallReport report() {
    return report;
  }
}
