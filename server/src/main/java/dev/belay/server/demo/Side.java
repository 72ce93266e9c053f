package dev.belay.server.demo;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One column of the table.
 *
 * @param attempts sent to any proxy
 * @param wasted sent to proxies through which more than seven in ten fail
 */
record Side(Traffic.Result result, int attempts, int wasted) {

  double attemptsPerSuccess() {
    return result.good() == 0 ? 0 : (double) attempts / result.good();
  }

  /** For programs. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("requests", result.requests());
    json.put("success_rate", rounded(result.successRate(), 10_000));
    json.put("p50_ms", rounded(result.percentileMillis(0.50), 10));
    json.put("p95_ms", rounded(result.percentileMillis(0.95), 10));
    json.put("p99_ms", rounded(result.percentileMillis(0.99), 10));
    json.put("attempts", attempts);
    json.put("wasted_attempts", wasted);
    return json;
  }

  private static double rounded(double value, double steps) {
    return Math.round(value * steps) / steps;
  }
}
