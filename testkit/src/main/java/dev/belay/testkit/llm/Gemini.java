package dev.belay.testkit.llm;

import static dev.belay.testkit.llm.Json.object;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gemini's {@code generateContent}. */
final class Gemini implements Voice {
  private static final String TYPE = "type.googleapis.com/google.rpc.";

  @Override
  public Map<String, @Nullable Object> whole(Completion completion, Prompt prompt) {
    List<Choice> choices = completion.choices();
    List<Object> candidates = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      List<Object> parts = new ArrayList<>();
      choice.text().or(choice::refusal).ifPresent(text -> parts.add(object("text", text)));
      choice.calls().forEach(call -> parts.add(call(call)));
      candidates.add(candidate(i, parts, Optional.of(choice.finish())));
    }
    return answer(prompt, candidates, true);
  }

  private static Object call(ToolCall call) {
    return object(
        "functionCall", object("name", call.name(), "args", Json.objectOf(call.arguments())));
  }

  private static Map<String, @Nullable Object> candidate(
      int index, List<Object> parts, Optional<Finish> finish) {
    Map<String, @Nullable Object> content = object("role", "model");
    if (!parts.isEmpty()) {
      content.put("parts", parts); // a candidate without parts is what a blocked one looks like
    }
    Map<String, @Nullable Object> candidate = object("content", content, "index", index);
    finish.ifPresent(stop -> candidate.put("finishReason", word(stop)));
    return candidate;
  }

  private static Map<String, @Nullable Object> answer(
      Prompt prompt, List<Object> candidates, boolean last) {
    Map<String, @Nullable Object> usage =
        object(
            "promptTokenCount", prompt.usage().input(), "totalTokenCount", prompt.usage().total());
    if (last) {
      usage.put("candidatesTokenCount", prompt.usage().output());
    }
    return object(
        "candidates",
        candidates,
        "usageMetadata",
        usage,
        "modelVersion",
        prompt.model(),
        "responseId",
        ID);
  }

  private static String word(Finish finish) {
    return switch (finish) {
      case STOP, TOOL_CALLS -> "STOP";
      case LENGTH -> "MAX_TOKENS";
      case CONTENT_FILTER -> "SAFETY";
      case REFUSAL -> "PROHIBITED_CONTENT";
    };
  }

  @Override
  public List<Frame> frames(Completion completion, Prompt prompt) {
    List<Choice> choices = completion.choices();
    int chars = completion.parts().pace().chunkChars();
    List<Frame> frames = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      Choice choice = choices.get(i);
      for (String piece : Voice.pieces(choice.text().or(choice::refusal).orElse(""), chars)) {
        add(frames, prompt, candidate(i, List.of(object("text", piece)), Optional.empty()));
      }
      for (ToolCall call : choice.calls()) {
        add(frames, prompt, candidate(i, List.of(call(call)), Optional.empty()));
      }
    }
    List<Object> ends = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      ends.add(candidate(i, List.of(), Optional.of(choices.get(i).finish())));
    }
    frames.add(frame(frames, prompt, answer(prompt, ends, true), false));
    if (prompt.mode() == Prompt.Mode.LIST) {
      frames.add(new Frame("]", false));
    }
    return frames;
  }

  private static void add(List<Frame> frames, Prompt prompt, Object candidate) {
    frames.add(frame(frames, prompt, answer(prompt, List.of(candidate), false), true));
  }

  private static Frame frame(List<Frame> before, Prompt prompt, Object answer, boolean content) {
    return prompt.mode() == Prompt.Mode.LIST
        ? new Frame((before.isEmpty() ? "[" : ",\r\n") + Json.text(answer), content)
        : Frame.data(answer, content);
  }

  @Override
  public Wording wording(Fault fault) {
    return plain(fault.trouble()).with(fault, Dialect.GEMINI, "\nPlease retry in %s.");
  }

  private static Wording plain(Trouble trouble) {
    int status = trouble.status;
    return switch (trouble) {
      case RATE_LIMIT, SLOW_DOWN, QUOTA ->
          said(
              status,
              "RESOURCE_EXHAUSTED",
              "You exceeded your current quota, please check your plan and billing details.");
      case CREDIT ->
          said(status, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted. Add credits.");
      case OVERLOADED, UNAVAILABLE ->
          said(status, "UNAVAILABLE", "The model is overloaded. Please try again later.");
      case AUTH -> said(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.");
      case FORBIDDEN -> said(status, "PERMISSION_DENIED", "The caller does not have permission");
      case NOT_FOUND ->
          said(
              status,
              "NOT_FOUND",
              "The model is not found for API version v1beta, or is not supported for"
                  + " generateContent.");
      case METHOD -> said(status, "UNIMPLEMENTED", "Only POST requests are accepted.");
      case CONFLICT -> said(status, "ABORTED", "The operation was aborted.");
      case REQUEST_TIMEOUT, GATEWAY_TIMEOUT ->
          said(status, "DEADLINE_EXCEEDED", "Deadline expired before operation could complete.");
      case CONTEXT_OVERFLOW ->
          said(
              status,
              "INVALID_ARGUMENT",
              "The input token count (1100000) exceeds the maximum number of tokens allowed"
                  + " (1048576).");
      case INVALID, UNPROCESSABLE, TOO_LARGE, CONTENT_FILTER ->
          said(status, "INVALID_ARGUMENT", "Request contains an invalid argument.");
      case SERVER_ERROR, BAD_GATEWAY ->
          said(status, "INTERNAL", "An internal error has occurred. Please retry.");
    };
  }

  private static Wording said(int status, String name, String message) {
    return new Wording(status, name, "", message);
  }

  @Override
  public Map<String, @Nullable Object> error(Wording wording, Fault fault) {
    Map<String, @Nullable Object> error =
        object("code", wording.status(), "message", wording.message(), "status", wording.type());
    List<Object> details = details(wording, fault);
    if (!details.isEmpty()) {
      error.put("details", details);
    }
    return object("error", error);
  }

  private static List<Object> details(Wording wording, Fault fault) {
    List<Object> details = new ArrayList<>();
    switch (fault.trouble()) {
      case RATE_LIMIT, SLOW_DOWN ->
          quota(details, "RATE_LIMIT_EXCEEDED", "GenerateRequestsPerMinutePerProjectPerModel");
      case QUOTA ->
          quota(details, "RATE_LIMIT_EXCEEDED", "GenerateRequestsPerDayPerProjectPerModel");
      case CREDIT -> details.add(info("QUOTA_EXHAUSTED", object()));
      case AUTH -> details.add(info("API_KEY_INVALID", object()));
      default -> {
        if (!wording.code().isEmpty()) {
          details.add(info(wording.code(), object()));
        }
      }
    }
    fault
        .hint()
        .filter(hint -> Hints.says(hint, HintForm.RETRY_INFO, Dialect.GEMINI))
        .ifPresent(hint ->
            details.add(
                object(
                    "@type",
                    TYPE + "RetryInfo",
                    "retryDelay",
                    Lengths.seconds(hint.after()) + "s")));
    return details;
  }

  private static void quota(List<Object> details, String reason, String quota) {
    details.add(
        object(
            "@type",
            TYPE + "QuotaFailure",
            "violations",
            List.of(
                object(
                    "quotaMetric",
                    "generativelanguage.googleapis.com/generate_content_free_tier_requests",
                    "quotaId",
                    quota + "-FreeTier",
                    "quotaValue",
                    "10"))));
    details.add(info(reason, object("quota_limit", quota)));
  }

  private static Object info(String reason, Object metadata) {
    return object(
        "@type",
        TYPE + "ErrorInfo",
        "reason",
        reason,
        "domain",
        "googleapis.com",
        "metadata",
        metadata);
  }

  @Override
  public List<Frame> errorFrames(Wording wording, Fault fault, Prompt prompt, int before) {
    return List.of(
        prompt.mode() == Prompt.Mode.LIST
            ? new Frame(",\r\n" + Json.text(error(wording, fault)) + "]", false)
            : Frame.data(error(wording, fault), false));
  }

  @Override
  public Optional<Fault> objection(LlmRequest request, JsonNode body) {
    return GeminiRules.objection(body);
  }

  @Override
  public Fault unauthorized(boolean missing) {
    return missing
        ? Fault.of(Trouble.FORBIDDEN)
            .message(
                "Method doesn't allow unregistered callers. Please use API Key or other form of API"
                    + " consumer identity to call this API.")
        : Fault.of(Trouble.AUTH);
  }
}
