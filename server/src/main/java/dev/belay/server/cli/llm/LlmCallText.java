package dev.belay.server.cli.llm;

import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.call.LlmReport;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.call.ProviderFailed;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** How an answer came about, for people and for programs. */
final class LlmCallText {
  private LlmCallText() {}

  /** One line for people. */
  static String line(LlmResult result) {
    return String.format(
        Locale.ROOT,
        "%s, %d attempt%s, %d correction%s, waited %.1f s, %d tokens in, %d out%s",
        result.endpoint(),
        result.attempts(),
        plural(result.attempts()),
        result.corrections(),
        plural(result.corrections()),
        result.waited().toMillis() / 1e3,
        result.usage().input(),
        result.usage().output(),
        result.dollars() > 0 ? String.format(Locale.ROOT, ", $%.4f", result.dollars()) : "");
  }

  private static String plural(int count) {
    return count == 1 ? "" : "s";
  }

  static Map<String, Object> json(LlmResult result) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("text", result.text());
    all.put("endpoint", result.endpoint());
    all.putAll(figures(result.report()));
    return all;
  }

  static Map<String, Object> json(Throwable failure) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("error", failure.getClass().getSimpleName());
    all.put("message", String.valueOf(failure.getMessage()));
    if (failure instanceof ProviderFailed provider && !provider.retryAt().equals(Instant.MIN)) {
      all.put("retry_at", provider.retryAt().toString());
    }
    if (failure instanceof LlmFailure told) {
      all.putAll(figures(told.report()));
    }
    return all;
  }

  private static Map<String, Object> figures(LlmReport report) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("attempts", report.spent().attempts());
    all.put("corrections", report.spent().corrections());
    all.put("waited_ms", report.waited().toMillis());
    all.put("input_tokens", report.spent().usage().input());
    all.put("output_tokens", report.spent().usage().output());
    all.put("dollars", report.spent().dollars());
    return all;
  }
}
