package dev.belay.chaos.report;

import dev.belay.chaos.Defect;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Score;
import dev.belay.chaos.search.PastDefects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Figures as people read them. */
final class Words {
  private static final double MILLIS = 1_000;
  private static final double MICROS_NANOS = 1_000;
  private static final double MILLIS_NANOS = 1_000_000;
  private static final double SECONDS_NANOS = 1_000_000_000;

  /** What it means that no executor said which faults struck. */
  static final String NO_RECEIPTS =
      "The executor gave no receipts, so every fault of a plan counts as having struck.";

  private Words() {}

  /** Such as {@code 1 defect} or {@code 2 defects}. */
  static String count(int number, String noun) {
    return number + " " + (number == 1 ? noun : noun + "s");
  }

  /** Such as {@code 7.3}. */
  static String score(double score) {
    return String.format(Locale.ROOT, "%.1f", score);
  }

  /** Such as {@code 7.5}, but {@code 10} rather than {@code 10.0}. */
  static String short1(double score) {
    return score == Math.rint(score) ? "%d".formatted((long) score) : score(score);
  }

  /** How bad it is what the system did by itself, and what is worst about it. */
  static String amplification(Score score) {
    return Arrays.stream(Dimension.values())
        .filter(dimension -> score.amplification(dimension).score() > 0)
        .max(Comparator.comparingDouble(dimension -> score.amplification(dimension).score()))
        .map(worst -> "%s of 10 (%s)".formatted(score(score.discovery()), worst.word()))
        .orElseGet(() -> "%s of 10".formatted(score(score.discovery())));
  }

  /** How far what was learned can be trusted, in a sentence. */
  static String influence(Influence influence) {
    String base =
        "What a forest learned of the %s score of %s. "
            .formatted(influence.target(), count(influence.trials(), "trial"));
    if (influence.parts().isEmpty()) {
      return base + "Nothing that the trials differ in changes it by itself.";
    }
    return base
        + (influence.explained() > 0
            ? "Of what differs between trials that it had not seen, it foretold %s. "
                .formatted(percent(100 * influence.explained()))
            : "It foretells trials that it had not seen no better than their mean: take it with care. ")
        + "Thick: in the mean; thin: single trials.";
  }

  /** Requests, calls and time, in a sentence. */
  static String cost(Cost cost) {
    return "%s in %s, and %s at the healthy system: %s from outside, %s between services in traces."
        .formatted(
            count(cost.trials(), "trial"),
            seconds(cost.spent()),
            count(cost.healthy(), "look"),
            count(cost.requests(), "request"),
            count(cost.calls(), "call"));
  }

  /** Such as {@code 42.9 %}. */
  static String percent(double percent) {
    return String.format(Locale.ROOT, "%.1f %%", percent);
  }

  /** Such as {@code 12.5 s}. */
  static String seconds(Duration length) {
    return String.format(Locale.ROOT, "%.1f s", length.toMillis() / MILLIS);
  }

  /** Such as {@code 1.50 s}, {@code 20.1 ms} or {@code 7 µs}. */
  static String nanos(long nanos) {
    if (nanos >= SECONDS_NANOS) {
      return String.format(Locale.ROOT, "%.2f s", nanos / SECONDS_NANOS);
    }
    if (nanos >= MILLIS_NANOS) {
      return String.format(Locale.ROOT, "%.1f ms", nanos / MILLIS_NANOS);
    }
    return String.format(Locale.ROOT, "%.0f µs", nanos / MICROS_NANOS);
  }

  /** Such as {@code 3 of 3 (at 95 %: 43.9 % to 100.0 %)}. */
  static String odds(Defect.Odds odds) {
    return "%d of %d (at 95 %%: %s to %s)"
        .formatted(odds.hits(), odds.of(), percent(100 * odds.low()), percent(100 * odds.high()));
  }

  /** What may be left, in a sentence. */
  static String risk(Coverage coverage) {
    return coverage.risk().isPresent()
        ? ("The last %s of plans drawn by chance brought no new failure: at 95 %% confidence,"
                + " at most %s of such plans show one that is not known.")
            .formatted(
                count(coverage.quiet(), "trial"), percent(100 * coverage.risk().getAsDouble()))
        : "No trial of a plan drawn by chance since the last new failure: nothing can be said of"
            + " what is left.";
  }

  /** How much was looked at, in a sentence. */
  static String coverage(Coverage coverage) {
    return "Pairs of edges that were struck together: %d of %d (%s). Pairs of faults: %d of %d (%s)."
        .formatted(
            coverage.edges().struck(),
            coverage.edges().of(),
            percent(coverage.edges().percent()),
            coverage.sites().struck(),
            coverage.sites().of(),
            percent(coverage.sites().percent()));
  }

  /** The beginning of a text, by characters as people count them. */
  static String cut(String text, int most) {
    int length = text.codePointCount(0, text.length());
    return length <= most ? text : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** What has become of defects that were known before, one each. */
  static List<String> known(PastDefects.Change known) {
    List<String> all = new ArrayList<>();
    known.still().forEach(one -> all.add("still there: " + one));
    known.gone().forEach(one -> all.add("gone: " + one));
    known.untried().forEach(one -> all.add("not looked at again: " + one));
    known.added().forEach(one -> all.add("new: " + one));
    return all;
  }
}
