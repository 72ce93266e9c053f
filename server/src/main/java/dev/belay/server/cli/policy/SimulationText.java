package dev.belay.server.cli.policy;

import dev.belay.StopReason;
import dev.belay.server.cli.shared.Chart;
import dev.belay.server.cli.shared.Terminal;
import dev.belay.settings.DurationText;
import dev.belay.simulate.Result;
import dev.belay.simulate.Timeline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** Prints simulations for people, side by side. */
final class SimulationText {
  private static final int MOST_ENDPOINTS = 8;
  private static final int LEAST_WIDTH = 16;

  private final Terminal terminal;
  private final Chart chart;
  private int width;

  SimulationText(Terminal terminal) {
    this.terminal = terminal;
    this.chart = new Chart(terminal.speaksUnicode());
  }

  void print(Map<String, Result> results) {
    Result first = results.values().iterator().next();
    line(
        "%s: %d %s, %s calls/s for %s, seed %d"
            .formatted(
                bold(first.scenario().name()),
                first.scenario().endpoints().size(),
                first.scenario().endpoints().size() == 1 ? "endpoint" : "endpoints",
                number(first.scenario().load().perSecond()),
                DurationText.of(first.scenario().load().length()),
                first.seed()));
    line(first.scenario().story());
    line("");
    table(results);
    double top = results.values().stream().mapToDouble(SimulationText::highest).max().orElse(0);
    results.forEach((name, result) -> charts(name, result, top));
  }

  private void table(Map<String, Result> results) {
    Collection<Result> all = results.values();
    width = results.keySet().stream().mapToInt(name -> name.length() + 2).max().orElse(0);
    width = Math.max(LEAST_WIDTH, width);
    row("", results.keySet());
    row("calls", each(all, result -> String.valueOf(result.calls().offered())));
    row("success rate", each(all, result -> percent(result.calls().successRate())));
    row("attempts for each call", each(all, result -> times(result.amplification())));
    row("the same at its worst", each(all, result -> times(result.peakAmplification())));
    row("p50 of good calls", each(all, result -> millis(result.calls().tookWell().p50())));
    row("p95", each(all, result -> millis(result.calls().tookWell().p95())));
    row("p99", each(all, result -> millis(result.calls().tookWell().p99())));
    row("p95 of those retried", each(all, result -> millis(result.calls().tookWithRetry().p95())));
    row("waits", each(all, result -> String.valueOf(result.waits().count())));
    row("wait, p50", each(all, result -> millis(result.waits().each().p50())));
    row("wait, longest", each(all, result -> millis(result.waits().each().longest())));
    row("wasted attempts", each(all, result -> String.valueOf(result.attempts().wasted())));
    row("breaker edges", each(all, result -> String.valueOf(result.breakers().count())));
    row(
        "refused by the budget",
        each(all, result -> String.valueOf(result.waits().budgetRefusals())));
    for (StopReason reason : StopReason.values()) {
      if (reason != StopReason.SUCCESS
          && all.stream().anyMatch(result -> result.calls().ended(reason) > 0)) {
        row(
            "ended: " + reason.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            each(all, result -> String.valueOf(result.calls().ended(reason))));
      }
    }
  }

  private static List<String> each(Collection<Result> results, Function<Result, String> value) {
    return results.stream().map(value).toList();
  }

  private void row(String name, Collection<String> values) {
    String cells =
        values.stream().map(("%" + width + "s")::formatted).collect(Collectors.joining());
    line("%-26s%s".formatted(name, cells).stripTrailing());
  }

  private static double highest(Result result) {
    double highest = 0;
    for (ToLongFunction<Timeline.Slice> what :
        List.<ToLongFunction<Timeline.Slice>>of(
            Timeline.Slice::offered, Timeline.Slice::attempts, Timeline.Slice::successes)) {
      for (double value : Chart.squeezed(rates(result.timeline(), what))) {
        highest = Math.max(highest, value);
      }
    }
    return highest;
  }

  private static List<Double> rates(Timeline timeline, ToLongFunction<Timeline.Slice> what) {
    List<Double> rates = new ArrayList<>();
    timeline.slices().forEach(one -> rates.add(timeline.perSecond(what.applyAsLong(one))));
    return rates;
  }

  private void charts(String name, Result result, double top) {
    Timeline timeline = result.timeline();
    Duration length = timeline.slice().multipliedBy(timeline.slices().size());
    line("");
    line(
        "%s, 0s to %s, each row up to %s/s"
            .formatted(bold(name), DurationText.of(length), number(top)));
    bars("offered", "blue", rates(timeline, Timeline.Slice::offered), top);
    bars("attempts", "yellow", rates(timeline, Timeline.Slice::attempts), top);
    bars("successes", "green", rates(timeline, Timeline.Slice::successes), top);
    if (timeline.endpoints().size() > 1 && timeline.endpoints().size() <= MOST_ENDPOINTS) {
      timeline.endpoints().forEach(one -> bars(one, "faint", timeline.load(one), top));
    }
  }

  private void bars(String name, String colour, List<Double> rates, double top) {
    String bars = chart.row(Chart.squeezed(rates), top);
    double peak = Chart.squeezed(rates).stream().mapToDouble(Double::doubleValue).max().orElse(0);
    line(
        "  %-12s |%s| at most %s/s"
            .formatted(name, terminal.styled("@|" + colour + " " + bars + "|@"), number(peak)));
  }

  private String bold(String text) {
    return terminal.styled("@|bold " + text + "|@");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String times(double factor) {
    return String.format(Locale.ROOT, "%.2f", factor);
  }

  private static String millis(Duration length) {
    return String.format(Locale.ROOT, "%.0f ms", length.toNanos() / 1e6);
  }

  private static String number(double value) {
    return value == Math.rint(value)
        ? String.format(Locale.ROOT, "%.0f", value)
        : String.format(Locale.ROOT, "%.1f", value);
  }

  private void line(String line) {
    terminal.out().println(line);
  }
}
