package dev.belay.server.api;

import static java.util.Objects.requireNonNull;

import dev.belay.ErrorClass;
import dev.belay.StopReason;
import dev.belay.proxy.client.ProxyClientException;
import dev.belay.proxy.client.ProxyResponse;
import dev.belay.proxy.client.RequestFailed;
import dev.belay.proxy.client.RequestRefused;
import dev.belay.proxy.client.RequestRefused.Reason;
import dev.belay.proxy.client.RetriesExhausted;
import dev.belay.server.live.Jsons;
import dev.belay.server.live.Sender;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/** A request that a client of the API has sent through the pool. */
final class SendRoutes {
  /** Of an answer; what is longer is cut, and said to be. */
  static final int MOST_BYTES = 4 << 20;

  private static final Bodies BODY = new Bodies(List.of("application/json"), 3 << 19);

  /** These belong to the connection, not to the answer. */
  private static final Set<String> NOT_SHOWN =
      Set.of("connection", "keep-alive", "transfer-encoding", "upgrade", "proxy-connection");

  private final Sender sender;

  SendRoutes(Sender sender) {
    this.sender = sender;
  }

  void addTo(Routes routes) {
    routes.add(HttpMethod.POST, "/api/v1/request", this::send);
  }

  private void send(RoutingContext ctx) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    ctx.addEndHandler(ended -> reply.cancel(false));
    BODY.read(ctx.request())
        .compose(body -> begin(ctx, Ask.of(ctx, body), reply))
        .onComplete(result -> {
          if (result.succeeded()) {
            Answers.send(ctx, result.result());
          } else if (!(result.cause() instanceof CancellationException)) {
            Answers.send(ctx, Routes.problem(ctx.statusCode(), result.cause()));
          }
        });
  }

  private Future<Reply> begin(RoutingContext ctx, Ask ask, CompletableFuture<Reply> reply) {
    return ctx.vertx()
        .executeBlocking(
            () -> {
              new Query(ask).close();
              return SendFields.read(ask.fields(), sender);
            },
            false)
        .compose(request -> {
          if (reply.isDone()) {
            return Future.failedFuture(new CancellationException());
          }
          CompletableFuture<ProxyResponse> sent = sender.send(requireNonNull(request, "request"));
          // a client that leaves wants no answer: nothing goes on for it
          var unusedLeaving = reply.whenComplete((done, failure) -> sent.cancel(true));
          var unusedAnswering =
              sent.thenApply(SendRoutes::reply)
                  .whenComplete((done, failure) -> {
                    if (failure == null) {
                      reply.complete(done);
                    } else {
                      reply.completeExceptionally(problem(failure));
                    }
                  });
          return Future.fromCompletionStage(reply, ctx.vertx().getOrCreateContext());
        });
  }

  private static Reply reply(ProxyResponse response) {
    try (response) {
      InputStream stream = response.stream();
      byte[] read = stream.readNBytes(MOST_BYTES + 1);
      boolean truncated = read.length > MOST_BYTES;
      byte[] body = truncated ? Arrays.copyOf(read, MOST_BYTES) : read;
      return Reply.ok(json(response, body, truncated));
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  private static JsonObject json(ProxyResponse response, byte[] body, boolean truncated) {
    JsonObject headers = new JsonObject();
    response
        .headers()
        .map()
        .forEach((name, values) -> {
          if (!NOT_SHOWN.contains(name.toLowerCase(Locale.ROOT))) {
            headers.put(name, new JsonArray(values));
          }
        });
    String text = text(body);
    return new JsonObject()
        .put("status", response.status())
        .put("headers", headers)
        .put("body", text)
        .put("body_base64", text == null ? Base64.getEncoder().encodeToString(body) : null)
        .put("truncated", truncated)
        .put("proxy_id", response.proxyId())
        .put("proxy", response.proxy())
        .put("attempts", response.report().attempts().size())
        .put("exhausted", response.isExhausted())
        .put("elapsed", Jsons.seconds(response.report().took()));
  }

  /** The body as text; null if it is none. */
  private static @Nullable String text(byte[] body) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
    } catch (CharacterCodingException binary) {
      return null;
    }
  }

  private static Throwable problem(Throwable failure) {
    return switch (failure) {
      case CompletionException wrapped when wrapped.getCause() != null ->
          problem(wrapped.getCause());
      case UncheckedIOException broken ->
          ApiProblem.gateway(
              502,
              "REQUEST_FAILED",
              "The answer broke off; nothing of it is shown.",
              Duration.ZERO,
              new JsonObject());
      case ProxyClientException refused -> problem(refused);
      default -> failure;
    };
  }

  private static ApiProblem problem(ProxyClientException failure) {
    return switch (failure) {
      case RequestRefused refused when refused.reason() == Reason.TARGET_NOT_ALLOWED ->
          ApiProblem.privateTarget();
      case RequestRefused refused ->
          ApiProblem.gateway(
              503,
              switch (refused.reason()) {
                case NO_PROXIES -> "PROXY_POOL_EMPTY";
                case ALL_PROXIES_UNAVAILABLE, TOO_MANY_REQUESTS -> "SERVICE_UNAVAILABLE";
                case TARGET_FAILING -> "TARGET_UNREACHABLE";
                case TARGET_NOT_ALLOWED -> "TARGET_NOT_ALLOWED";
                case NETWORK_UNREACHABLE -> "NETWORK_UNREACHABLE";
              },
              message(refused),
              refused.retryAfter(),
              new JsonObject());
      case RequestFailed failed -> failed(failed);
      case RetriesExhausted exhausted ->
          ApiProblem.gateway(
              502, "PROXY_FAILOVER_EXHAUSTED", message(exhausted), Duration.ZERO, new JsonObject());
    };
  }

  private static ApiProblem failed(RequestFailed failed) {
    boolean late =
        failed.report().reason() == StopReason.DEADLINE
            || failed.errorClass() == ErrorClass.TIMEOUT
            || failed.errorClass() == ErrorClass.REJECTED;
    return ApiProblem.gateway(
        late ? 504 : 502,
        late ? "REQUEST_TIMEOUT" : "PROXY_FAILOVER_EXHAUSTED",
        message(failed),
        failed.report().retryAfter(),
        new JsonObject()
            .put("attempts", failed.report().attempts().size())
            .put("reason", failed.report().reason().name())
            .put("last_error", failed.errorClass().name()));
  }

  private static String message(ProxyClientException failure) {
    String text = String.valueOf(failure.getMessage());
    return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
  }
}
