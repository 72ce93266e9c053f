package dev.belay.testkit.agent;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Whose manner of speaking a fake agent has. */
public enum Tongue {
  /** {@code claude -p --output-format stream-json}. */
  CLAUDE,
  /** {@code codex exec --json}. */
  CODEX,
  /** {@code goose run --output-format json}. */
  GOOSE,
  /** Any other program: text on standard output, trouble on standard error. */
  PLAIN;

  /** Where a session belongs that is known only when the program runs. */
  static final String SESSION = "@SESSION@";

  String program() {
    return this == PLAIN ? "agent" : Shell.lower(name());
  }

  /** Said once, before anything else. */
  String opening() {
    return switch (this) {
      case CLAUDE -> Shell.json(Map.of("type", "system", "subtype", "init", "session_id", SESSION));
      case CODEX ->
          Shell.json(Map.of("type", "thread.started", "thread_id", SESSION))
              + Shell.json(Map.of("type", "turn.started"));
      case GOOSE, PLAIN -> "";
    };
  }

  String say(String text) {
    return switch (this) {
      case CLAUDE -> Shell.json(Map.of("type", "assistant", "message", message(text)));
      case CODEX ->
          Shell.json(
              Map.of(
                  "type", "item.completed", "item", Map.of("type", "agent_message", "text", text)));
      case GOOSE -> "";
      case PLAIN -> Shell.line(text);
    };
  }

  String answer(String text, double cost, long in, long out) {
    return switch (this) {
      case CLAUDE -> say(text) + result("success", false, text, cost, in, out);
      case CODEX ->
          say(text)
              + Shell.json(
                  Map.of(
                      "type",
                      "turn.completed",
                      "usage",
                      Map.of("input_tokens", in, "output_tokens", out)));
      case GOOSE ->
          Shell.json(
              Map.of(
                  "messages",
                  List.of(message(text)),
                  "metadata",
                  Map.of("total_tokens", in + out, "status", "completed")));
      case PLAIN -> Shell.line(text);
    };
  }

  /** Says that it could not do it, and ends. */
  String fail(String text) {
    return switch (this) {
      case CLAUDE -> result("error_during_execution", true, text, 0, 0, 0) + "exit 1\n";
      case CODEX ->
          Shell.json(Map.of("type", "turn.failed", "error", Map.of("message", text))) + "exit 1\n";
      case GOOSE, PLAIN -> Shell.complain(text) + "exit 1\n";
    };
  }

  /** Has used up what it may, and says so in a field made for it. */
  String limit(Instant until) {
    Map<String, Object> error =
        Map.of("type", "usage_limit_reached", "resets_at", until.getEpochSecond());
    return switch (this) {
      case CLAUDE ->
          Shell.json(
                  Map.of(
                      "type",
                      "rate_limit_event",
                      "rate_limit_info",
                      Map.of(
                          "status",
                          "rejected",
                          "resetsAt",
                          until.getEpochSecond(),
                          "rateLimitType",
                          "five_hour")))
              + limit("You've hit your limit");
      case CODEX ->
          fail("unexpected status 429 Too Many Requests: " + Shell.text(Map.of("error", error)));
      case GOOSE, PLAIN ->
          Shell.complain("status 429: " + Shell.text(Map.of("error", error))) + "exit 1\n";
    };
  }

  /** The same in a sentence for people. */
  String limit(String sentence) {
    return this == CLAUDE
        ? result("success", true, sentence, 0, 0, 0) + "exit 1\n"
        : fail(sentence);
  }

  String sessionInUse() {
    return Shell.complain("Error: Session ID " + SESSION + " is already in use.") + "exit 1\n";
  }

  String noSuchSession() {
    String words =
        switch (this) {
          case CLAUDE -> "No conversation found with session ID: ";
          case CODEX -> "Error: thread/resume failed: no rollout found for thread id ";
          case GOOSE, PLAIN -> "Error: No session found with name ";
        };
    return Shell.complain(words + SESSION) + "exit 1\n";
  }

  String unknownFlag(String flag) {
    String words =
        switch (this) {
          case CLAUDE -> "error: unknown option '" + flag + "'";
          case CODEX, GOOSE -> "error: unexpected argument '" + flag + "' found";
          case PLAIN -> "unrecognized option: " + flag;
        };
    return Shell.complain(words) + "exit " + (this == CLAUDE ? 1 : 2) + "\n";
  }

  private static Map<String, Object> message(String text) {
    return Map.of("role", "assistant", "content", List.of(Map.of("type", "text", "text", text)));
  }

  private static String result(
      String subtype, boolean failed, String text, double cost, long in, long out) {
    return Shell.json(
        Map.of(
            "type",
            "result",
            "subtype",
            subtype,
            "is_error",
            failed,
            "result",
            text,
            "session_id",
            SESSION,
            "total_cost_usd",
            cost,
            "usage",
            Map.of("input_tokens", in, "output_tokens", out)));
  }
}
