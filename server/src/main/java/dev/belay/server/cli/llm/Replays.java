package dev.belay.server.cli.llm;

import dev.belay.llm.json.Json;
import dev.belay.llm.transcript.Amounts;
import dev.belay.llm.transcript.replay.ChecksReport;
import dev.belay.llm.transcript.replay.ReplayReport;
import dev.belay.llm.transcript.replay.Totals;
import dev.belay.llm.transcript.replay.WaitsReport;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * What replays of several files came to. Immutable.
 *
 * @param files that were read
 * @param cutOff of these, those whose last line is only the beginning of one
 * @param calls in the order of the files
 */
record Replays(int files, int cutOff, List<Replayed> calls) {
  /** One call, and where it stands. */
  record Replayed(Path file, ReplayReport report) {}

  Replays {
    calls = List.copyOf(calls);
  }

  /** Calls in which something would have been decided differently. */
  long changed() {
    return calls.stream().filter(one -> one.report().changed()).count();
  }

  /** Calls of which something cannot be known. */
  long unknown() {
    return calls.stream().filter(one -> one.report().isUnknown()).count();
  }

  boolean hasWaits() {
    return calls.stream().anyMatch(one -> one.report().waits().isPresent());
  }

  boolean hasChecks() {
    return calls.stream().anyMatch(one -> one.report().checks().isPresent());
  }

  /** Attempts, waits and money of all calls, in the record or now. */
  Totals waits(Function<WaitsReport, Totals> side) {
    return calls.stream()
        .flatMap(one -> one.report().waits().stream())
        .map(side)
        .reduce(Totals.NOTHING, Totals::plus);
  }

  /** Answers of all calls, in the record or now. */
  int answers(ToIntFunction<ChecksReport> side) {
    return calls.stream().flatMap(one -> one.report().checks().stream()).mapToInt(side).sum();
  }

  /** What all answers cost, in the record or now. */
  double dollars(ToDoubleFunction<ChecksReport> side) {
    return calls.stream().flatMap(one -> one.report().checks().stream()).mapToDouble(side).sum();
  }

  Json.Obj json(long seed) {
    Json.Obj summary =
        Json.EMPTY
            .with("files", Json.of(files))
            .with("cut_off", Json.of(cutOff))
            .with("calls", Json.of(calls.size()))
            .with("changed", Json.of(changed()))
            .with("unknown", Json.of(unknown()));
    if (hasWaits()) {
      summary =
          summary.with("waits", sides(waits(r -> r.recorded()).json(), waits(r -> r.now()).json()));
    }
    if (hasChecks()) {
      summary =
          summary.with(
              "checks",
              sides(
                  cost(answers(r -> r.recorded().answers()), dollars(r -> r.recorded().dollars())),
                  cost(answers(r -> r.now().answers()), dollars(r -> r.now().dollars()))));
    }
    return Json.EMPTY
        .with("seed", Json.of(seed))
        .with("calls", Json.of(calls.stream().map(Replays::json).toList()))
        .with("summary", summary);
  }

  private static Json sides(Json recorded, Json now) {
    return Json.EMPTY.with("recorded", recorded).with("now", now);
  }

  private static Json cost(int answers, double dollars) {
    return Json.EMPTY.with("answers", Json.of(answers)).with("dollars", Amounts.dollars(dollars));
  }

  private static Json json(Replayed one) {
    Json.Obj json = Json.EMPTY.with("file", Json.of(one.file().toString()));
    for (var member : one.report().json().members().entrySet()) {
      json = json.with(member.getKey(), member.getValue());
    }
    return json;
  }
}
