package dev.belay.llm.gateway;

import dev.belay.CallFailed;
import dev.belay.CallRefused;
import dev.belay.StopReason;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmException;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.front.BadRequest;
import dev.belay.llm.front.GatewayError;
import dev.belay.llm.review.ReviewException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** Says to clients why there is no answer. */
final class Failures {
  private Failures() {}

  static GatewayError of(@Nullable Throwable failure) {
    return switch (failure) {
      case null -> internal();
      case CompletionException wrapped when wrapped.getCause() != null -> of(wrapped.getCause());
      case BadRequest bad ->
          new GatewayError(
              400, "invalid_request", String.valueOf(bad.getMessage()), bad.field(), Duration.ZERO);
      case CallRefused refused -> unavailable(refused.retryAfter());
      case CallFailed failed -> failed(failed);
      case ProviderException provider -> of(provider.error(), Duration.ZERO);
      case LlmFailure failed -> Unanswered.of(failed);
      case ReviewException review -> Unanswered.of(review);
      case LlmException other ->
          GatewayError.of(422, "no_valid_answer", String.valueOf(other.getMessage()));
      default -> internal();
    };
  }

  private static GatewayError failed(CallFailed failed) {
    Duration retryAfter = failed.report().retryAfter();
    boolean none =
        failed.report().reason() == StopReason.REFUSED && failed.report().attempts().isEmpty();
    if (none) {
      return unavailable(retryAfter);
    }
    Optional<ProviderException> told = provider(failed);
    if (told.isPresent()) {
      return of(told.get().error(), retryAfter);
    }
    return failed.getCause() instanceof LlmException cause ? of(cause) : internal();
  }

  /** What a provider said, wherever in a failure that is. */
  static Optional<ProviderException> provider(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProviderException told) {
        return Optional.of(told);
      }
    }
    return Optional.empty();
  }

  private static GatewayError unavailable(Duration retryAfter) {
    return new GatewayError(
        503,
        "all_providers_unavailable",
        "No provider of this model takes requests now; come back later, or ask for another model.",
        "",
        retryAfter.isZero() ? Duration.ofSeconds(1) : retryAfter);
  }

  private static GatewayError internal() {
    return GatewayError.of(500, "internal_error", "Something went wrong here; the log says what.");
  }

  static GatewayError of(ProviderError error, Duration retryAfter) {
    Duration wait = retryAfter.isZero() ? error.hint().after() : retryAfter;
    return new GatewayError(status(error), code(error), error.message(), "", wait);
  }

  private static int status(ProviderError error) {
    return switch (error.kind()) {
      case RATE_LIMIT, QUOTA_EXHAUSTED -> 429;
      case OVERLOADED, CIRCUIT_OPEN -> 503;
      case TIMEOUT -> 504;
      // the key is ours: the client's own was right
      case AUTH, SERVER_ERROR, NETWORK, STREAM_BROKEN, GARBAGE -> 502;
      case CONFLICT -> error.status() == 0 ? 409 : error.status();
      case CONTEXT_OVERFLOW, INVALID_REQUEST -> error.status() >= 400 ? error.status() : 400;
      case CONTENT_BLOCKED, TRUNCATED, BAD_OUTPUT -> 422;
      case CANCELLED -> 499;
    };
  }

  private static String code(ProviderError error) {
    ErrorKind kind = error.kind();
    return error.code().isEmpty() ? kind.name().toLowerCase(Locale.ROOT) : error.code();
  }
}
