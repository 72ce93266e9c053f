package dev.belay.bench.criteria;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/**
 * A mean with its 95 % confidence interval over independent runs, by Student's t.
 *
 * @param mean of the runs
 * @param half of the width of the interval
 */
record Interval(double mean, double half) {

  /** Of at least two runs. */
  static Interval of(List<Double> runs) {
    SummaryStatistics statistics = new SummaryStatistics();
    runs.forEach(statistics::addValue);
    double t = new TDistribution(runs.size() - 1.0).inverseCumulativeProbability(0.975);
    return new Interval(
        statistics.getMean(), t * statistics.getStandardDeviation() / Math.sqrt(runs.size()));
  }

  double low() {
    return mean - half;
  }

  double high() {
    return mean + half;
  }

  @Override
  public String toString() {
    return "%.1f [%.1f, %.1f]".formatted(mean, low(), high());
  }
}
