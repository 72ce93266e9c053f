package dev.belay.llm.transcript.replay;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.form.Redaction;
import dev.belay.llm.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * One call under other rules. Waits and checks are replayed apart: each with all else as it was.
 * Immutable.
 *
 * @param id of the transcript
 * @param route that was asked for
 * @param at when the call began
 * @param outcome how it ended: {@code answered}, the class of the failure, or {@code unknown}
 * @param waits empty if they stayed as they were
 * @param checks empty if they stayed as they were
 */
public record ReplayReport(
    String id,
    String route,
    Instant at,
    String outcome,
    Optional<WaitsReport> waits,
    Optional<ChecksReport> checks) {
  /** Rejects null. */
  public ReplayReport {
    requireNonNull(id, "id");
    requireNonNull(route, "route");
    requireNonNull(at, "at");
    requireNonNull(outcome, "outcome");
    requireNonNull(waits, "waits");
    requireNonNull(checks, "checks");
  }

  /** Whether anything would have been decided differently. */
  public boolean changed() {
    return waits.map(WaitsReport::changed).orElse(false)
        || checks.map(ChecksReport::changed).orElse(false);
  }

  /** Whether something cannot be known. */
  public boolean isUnknown() {
    return waits.map(report -> report.fate() == WaitsReport.Fate.UNKNOWN).orElse(false)
        || checks.map(report -> report.fate() == ChecksReport.Fate.UNKNOWN).orElse(false);
  }

  /** All of it, without secrets; the same bytes for the same transcript, rules and seed. */
  public Json.Obj json() {
    Json.Obj json =
        Json.EMPTY
            .with("id", Json.of(Redaction.text(id)))
            .with("route", Json.of(Redaction.text(route)))
            .with("at", Json.of(at.toString()))
            .with("outcome", Json.of(Redaction.text(outcome)))
            .with("changed", Json.of(changed()));
    if (waits.isPresent()) {
      json = json.with("waits", waits.get().json());
    }
    return checks.isPresent() ? json.with("checks", checks.get().json()) : json;
  }
}
