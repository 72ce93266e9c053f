package dev.belay.testkit.llm;

import static dev.belay.testkit.llm.Json.object;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What both of OpenAI's dialects have in common: their errors. */
abstract class OpenAi implements Voice {
  private static final String INVALID = "invalid_request_error";

  @Override
  public final Wording wording(Fault fault) {
    return plain(fault.trouble()).with(fault, Dialect.OPENAI_CHAT, " Please try again in %s.");
  }

  private static Wording plain(Trouble trouble) {
    int status = trouble.status;
    return switch (trouble) {
      case RATE_LIMIT ->
          new Wording(
              status,
              "requests",
              "rate_limit_exceeded",
              "Rate limit reached for the model in organization org-test on requests per min (RPM):"
                  + " Limit 3, Used 3, Requested 1.");
      case SLOW_DOWN ->
          new Wording(
              503,
              "server_error",
              "slow_down",
              "Slow down: the rate of your requests rose too fast. Lower it, hold it for 15 minutes,"
                  + " then raise it slowly.");
      case QUOTA ->
          new Wording(
              status,
              "insufficient_quota",
              "insufficient_quota",
              "You exceeded your current quota, please check your plan and billing details.");
      case CREDIT ->
          new Wording(
              status,
              "insufficient_quota",
              "credit_balance_exhausted",
              "Your credit balance is exhausted. Add credits to go on.");
      case OVERLOADED ->
          new Wording(
              status,
              "server_error",
              "server_is_overloaded",
              "The engine is currently overloaded, please try again later.");
      case AUTH ->
          new Wording(status, INVALID, "invalid_api_key", "Incorrect API key provided: sk-***.");
      case FORBIDDEN ->
          new Wording(status, INVALID, "", "You have insufficient permissions for this operation.");
      case NOT_FOUND ->
          new Wording(
              status,
              INVALID,
              "model_not_found",
              "The model does not exist or you do not have access to it.");
      case METHOD ->
          new Wording(status, INVALID, "method_not_supported", "Only POST requests are accepted.");
      case CONTEXT_OVERFLOW ->
          new Wording(
              status,
              INVALID,
              "context_length_exceeded",
              "This model's maximum context length is 8192 tokens. However, your messages resulted"
                  + " in 9001 tokens. Please reduce the length of the messages.");
      case CONTENT_FILTER ->
          new Wording(
              status,
              INVALID,
              "content_policy_violation",
              "The request was rejected by the safety system.");
      case INVALID, UNPROCESSABLE, CONFLICT ->
          new Wording(status, INVALID, "", "The request is not valid.");
      case TOO_LARGE -> new Wording(status, INVALID, "", "The request is too large.");
      case REQUEST_TIMEOUT -> new Wording(status, "timeout", "", "The request timed out.");
      case SERVER_ERROR, BAD_GATEWAY, UNAVAILABLE, GATEWAY_TIMEOUT ->
          new Wording(
              status,
              "server_error",
              "",
              "The server had an error while processing your request. Sorry about that!");
    };
  }

  @Override
  public final Map<String, @Nullable Object> error(Wording wording, Fault fault) {
    return object(
        "error",
        object(
            "message",
            wording.message(),
            "type",
            orNull(wording.type()),
            "param",
            orNull(fault.words().get(Fault.Word.PARAM).orElse("")),
            "code",
            orNull(wording.code())));
  }

  static @Nullable String orNull(String text) {
    return text.isEmpty() ? null : text;
  }

  @Override
  public final Fault unauthorized(boolean missing) {
    Fault wrong = Fault.of(Trouble.AUTH);
    return missing
        ? wrong
            .code("")
            .message(
                "You didn't provide an API key. Provide it in an Authorization header using Bearer"
                    + " auth.")
        : wrong;
  }

  static Optional<Fault> invalid(String code, String param, String message) {
    return Optional.of(Fault.of(Trouble.INVALID).code(code).param(param).message(message));
  }

  static Optional<Fault> missing(String param) {
    return invalid(
        "missing_required_parameter", param, "Missing required parameter: '" + param + "'.");
  }
}
