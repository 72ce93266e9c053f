package dev.belay.proxy.health;

import static java.util.Objects.requireNonNull;

import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.http.DialException.Reach;
import java.time.Duration;
import java.time.Instant;

/**
 * What one check of one proxy found. Immutable; holds no secret.
 *
 * @param proxy its name, without a password
 * @param checkedAt when the check began, on the wall clock
 * @param level what was checked
 * @param latency how long that took, whether it worked or not; what was asked about anonymity does
 *     not count
 * @param anonymity what it tells of us; unknown if nobody asked
 * @param reach on which side of the network it failed; where the proxy is, if it was reached
 * @param verdict what is made of it: a success, or an error and whose fault it was
 * @param message what went wrong, for people; empty if nothing did
 */
public record HealthReport(
    String proxy,
    Instant checkedAt,
    HealthLevel level,
    Duration latency,
    Anonymity anonymity,
    Reach reach,
    Verdict verdict,
    String message) {

  /** Rejects a report that leaves something out. */
  public HealthReport {
    requireNonNull(proxy, "proxy");
    requireNonNull(checkedAt, "checkedAt");
    requireNonNull(level, "level");
    requireNonNull(latency, "latency");
    requireNonNull(anonymity, "anonymity");
    requireNonNull(reach, "reach");
    requireNonNull(verdict, "verdict");
    requireNonNull(message, "message");
  }

  /** Whether the proxy did what was asked of it. */
  public boolean isWorking() {
    return verdict.kind() == Verdict.Kind.SUCCESS;
  }

  /** What kind of error it was; {@link ErrorClass#NONE} if it works. */
  public ErrorClass error() {
    return verdict.errorClass();
  }
}
