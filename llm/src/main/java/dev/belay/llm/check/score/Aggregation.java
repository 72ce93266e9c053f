package dev.belay.llm.check.score;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How scores become a decision. Immutable, safe for any number of threads.
 *
 * @param accept the score from which it is accepted, 0 to 1
 * @param review the score from which it is reviewed, 0 to {@code accept}
 * @param leastConfidence below it nobody is sure enough, and it is escalated; 0 to 1
 * @param weights by category, 0 or more; only ratios matter, and what is missing has its default
 * @param critical the categories of which one bad score rejects whatever the others say
 * @param veto below it a score of a critical category is bad, 0 to 1
 */
public record Aggregation(
    Strategy strategy,
    double accept,
    double review,
    double leastConfidence,
    Map<Category, Double> weights,
    Set<Category> critical,
    double veto) {
  private static final double ACCEPTING_SHARE = 0.8;
  private static final double REVIEWING_SHARE = 0.6;

  /** Rounding must not decide: 0.7 + 0.15 is to reach 0.85. */
  private static final double ROUNDING = 1e-9;

  /** Weighted mean; accepted from 0.85, reviewed from 0.70, confidence from 0.6, veto below 0.5. */
  public static final Aggregation DEFAULT =
      new Aggregation(
          Strategy.WEIGHTED_AVERAGE,
          0.85,
          0.70,
          0.6,
          Map.of(),
          Set.of(Category.SAFETY, Category.ACCURACY),
          0.5);

  /** Keeps copies; rejects what is out of range. */
  public Aggregation {
    requireNonNull(strategy, "strategy");
    Score.check(accept, "accept");
    Score.check(review, "review");
    Score.check(leastConfidence, "leastConfidence");
    Score.check(veto, "veto");
    if (review > accept) {
      throw new IllegalArgumentException(
          "review must be at most accept, was %s with accept %s".formatted(review, accept));
    }
    weights.forEach((category, weight) -> {
      if (!(weight >= 0 && weight <= 1_000_000)) {
        throw new IllegalArgumentException(
            "weight of %s must be 0 to 1000000, was %s".formatted(category, weight));
      }
    });
    weights = weights.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(weights));
    critical = Set.copyOf(critical);
  }

  /** The same with another strategy. */
  public Aggregation withStrategy(Strategy other) {
    return new Aggregation(other, accept, review, leastConfidence, weights, critical, veto);
  }

  /**
   * Decides. The order of the scores does not matter.
   *
   * @throws IllegalArgumentException if there is no score
   */
  public Decision of(List<Score> scores) {
    if (scores.isEmpty()) {
      throw new IllegalArgumentException("scores must hold at least 1 score, held 0");
    }
    double confidence = confidence(scores);
    double score = score(scores);
    Outcome byScore = byScore(scores, score);
    Optional<Score> bad =
        scores.stream()
            .filter(one -> critical.contains(one.category()) && one.value() < veto)
            .filter(one -> one.confidence() >= leastConfidence)
            .findFirst();
    if (bad.isPresent()) {
      return decision(
          Outcome.REJECT, score, confidence, scores, "'%s' objects".formatted(bad.get().name()));
    }
    if (confidence + ROUNDING < leastConfidence) {
      return decision(
          Outcome.ESCALATE,
          score,
          confidence,
          scores,
          String.format(Locale.ROOT, "confidence %.2f", confidence));
    }
    return decision(
        byScore, score, confidence, scores, String.format(Locale.ROOT, "score %.2f", score));
  }

  private Decision decision(
      Outcome outcome, double score, double confidence, List<Score> scores, String why) {
    Outcome reference = outcome == Outcome.ESCALATE ? alone(score) : outcome;
    List<String> dissenting =
        scores.stream()
            .filter(one -> alone(one.value()) != reference)
            .map(Score::name)
            .sorted()
            .toList();
    String said = outcome.name().toLowerCase(Locale.ROOT) + ": " + why;
    return new Decision(outcome, score, confidence, dissenting, said);
  }

  private double weight(Score score) {
    return weights.getOrDefault(score.category(), score.category().weight());
  }

  private double confidence(List<Score> scores) {
    double weights = scores.stream().mapToDouble(this::weight).sum();
    return weights == 0
        ? scores.stream().mapToDouble(Score::confidence).average().orElse(0)
        : within(
            scores.stream().mapToDouble(one -> weight(one) * one.confidence()).sum() / weights);
  }

  private double score(List<Score> scores) {
    return switch (strategy) {
      case WEIGHTED_AVERAGE, LENIENT -> weightedMean(scores);
      case CONSENSUS -> median(scores);
      case STRICT -> scores.stream().mapToDouble(Score::value).min().orElse(0);
      case HYBRID -> (weightedMean(scores) + median(scores)) / 2;
    };
  }

  /** By weight and confidence; without either, all count the same. */
  private double weightedMean(List<Score> scores) {
    double sum = 0;
    double weights = 0;
    for (Score score : scores) {
      double weight = weight(score) * score.confidence();
      sum += weight * score.value();
      weights += weight;
    }
    return weights == 0
        ? scores.stream().mapToDouble(Score::value).average().orElse(0)
        : within(sum / weights);
  }

  private static double median(List<Score> scores) {
    double[] values = scores.stream().mapToDouble(Score::value).sorted().toArray();
    int middle = values.length / 2;
    return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
  }

  private static double within(double share) {
    return Math.clamp(share, 0.0, 1.0);
  }

  private Outcome byScore(List<Score> scores, double score) {
    return switch (strategy) {
      case WEIGHTED_AVERAGE, STRICT, HYBRID -> alone(score);
      case CONSENSUS -> {
        double share =
            (double) scores.stream().filter(one -> reaches(one.value(), accept)).count()
                / scores.size();
        yield reaches(share, ACCEPTING_SHARE)
            ? Outcome.ACCEPT
            : reaches(share, REVIEWING_SHARE) ? Outcome.REVIEW : Outcome.REJECT;
      }
      case LENIENT ->
          reaches(score, review)
              ? Outcome.ACCEPT
              : scores.stream().anyMatch(one -> reaches(one.value(), accept))
                  ? Outcome.REVIEW
                  : Outcome.REJECT;
    };
  }

  private Outcome alone(double score) {
    return reaches(score, accept)
        ? Outcome.ACCEPT
        : reaches(score, review) ? Outcome.REVIEW : Outcome.REJECT;
  }

  private static boolean reaches(double value, double bar) {
    return value + ROUNDING >= bar;
  }
}
