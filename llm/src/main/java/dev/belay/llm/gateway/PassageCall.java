package dev.belay.llm.gateway;

import dev.belay.AsyncOperation;
import dev.belay.Attempt;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.call.RouteListener;
import dev.belay.llm.front.GatewayError;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.Reading;
import dev.belay.llm.provider.WireError;
import dev.belay.llm.provider.WireResponse;
import dev.belay.llm.transcript.CallRecord;
import dev.belay.llm.transcript.Ending;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.RawAnswer;
import dev.belay.llm.transport.RawRequest;
import dev.belay.llm.transport.StreamSink;
import dev.belay.llm.transport.Terms;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One request that is passed on as it is, with all its attempts: what goes out to a provider, and
 * what is made of what comes back. For one event loop.
 */
final class PassageCall {
  private static final int LONGEST_ERROR = 64 * 1024;

  private final HttpTransport transport;
  private final GatewayRoute route;
  private final Client client;
  private final ModelField model;
  private final Supplier<Instant> clock;
  private final PassageLog log;
  private int attempts;
  private Duration waited = Duration.ZERO;
  private @Nullable Passed lastError;

  PassageCall(
      HttpTransport transport,
      GatewayRoute route,
      Client client,
      ModelField model,
      PassageLog log,
      Supplier<Instant> clock) {
    this.transport = transport;
    this.route = route;
    this.client = client;
    this.model = model;
    this.log = log;
    this.clock = clock;
  }

  GatewayRoute route() {
    return route;
  }

  Client client() {
    return client;
  }

  /** All attempts together, as far as they have come. */
  int attempts() {
    return attempts;
  }

  Duration waited() {
    return waited;
  }

  /** Makes the attempts, by the rules of the route. */
  <T> CompletableFuture<T> start(AsyncOperation<LlmEndpoint, T> attempts, Executor loop) {
    return route.models().callAsync(client.caller(), attempts, new Listening(), loop);
  }

  private final class Listening implements RouteListener {
    @Override
    public void waited(Duration time) {
      waited = waited.plus(time);
    }

    @Override
    public CallRecord record() {
      return log.record();
    }
  }

  /** Is over; only the first word counts. */
  void end(Ending ending) {
    log.end(ending, attempts, waited);
  }

  /** Where it is written down. */
  PassageLog log() {
    return log;
  }

  /** What the last provider said instead of an answer, if it was an HTTP answer at all. */
  @Nullable Passed lastError() {
    return lastError;
  }

  /** Sends one attempt; the head of a bad answer fails it. */
  CompletableFuture<RawAnswer> send(Attempt<LlmEndpoint> attempt) {
    attempts = Math.max(attempts, attempt.number());
    log.sent();
    waited = waited.plus(attempt.waited());
    lastError = null;
    LlmEndpoint endpoint = attempt.endpoint();
    RawRequest request =
        new RawRequest(
            "POST",
            client.front().pathBelowBase(),
            client.headers(),
            model.bodyFor(endpoint.model()));
    Terms terms = new Terms(route.limits(), attempt.deadline(), "");
    CompletableFuture<RawAnswer> sent =
        transport.raw(endpoint, request, terms).toCompletableFuture();
    CompletableFuture<RawAnswer> result = new CompletableFuture<>();
    Later.cancelWith(result, sent);
    Later.then(
        sent,
        result,
        answer -> {
          Later.onCancel(result, answer::cancel);
          if (answer.status() < 400) {
            result.complete(answer);
          } else {
            refuse(attempt, answer, result);
          }
        });
    return result;
  }

  private void refuse(
      Attempt<LlmEndpoint> attempt, RawAnswer answer, CompletableFuture<RawAnswer> result) {
    Later.then(
        whole(answer, LONGEST_ERROR),
        result,
        body -> {
          lastError = new Passed(attempt, answer.status(), answer.headers(), body);
          result.completeExceptionally(new ProviderException(error(attempt, lastError)));
        });
  }

  /** All of a body, up to a limit. */
  static CompletableFuture<Buffer> whole(RawAnswer answer, int most) {
    Buffer body = Buffer.buffer();
    CompletableFuture<Buffer> result = new CompletableFuture<>();
    CompletableFuture<Void> drained =
        answer
            .drainTo(chunk -> {
              if (body.length() + chunk.length > most) {
                answer.cancel();
                result.completeExceptionally(
                    new ProviderException(
                        ProviderError.of(
                            ErrorKind.GARBAGE,
                            "the answer is larger than %d bytes".formatted(most))));
              } else {
                body.appendBytes(chunk);
              }
              return StreamSink.READY;
            })
            .toCompletableFuture();
    Later.cancelWith(result, drained);
    Later.then(drained, result, none -> result.complete(body));
    return result;
  }

  static Dialect dialect(LlmEndpoint endpoint) {
    if (endpoint.backend() instanceof Backend.Http http) {
      return http.dialect();
    }
    throw new IllegalStateException(endpoint + " is not reached by HTTP");
  }

  /** What a bad answer comes down to. */
  private ProviderError error(Attempt<LlmEndpoint> attempt, Passed passed) {
    WireResponse wire =
        new WireResponse(
            passed.status(), passed.headers(), passed.body().toString(StandardCharsets.UTF_8));
    return switch (dialect(attempt.endpoint()).read(wire)) {
      case Reading.Refused refused -> judge(attempt.endpoint(), refused.error());
      case Reading.Garbled garbled ->
          judge(
              attempt.endpoint(),
              new WireError(
                  passed.status(),
                  "",
                  "",
                  garbled.why(),
                  "",
                  passed.headers(),
                  WireError.Quota.NONE));
      case Reading.Answered odd ->
          ProviderError.of(ErrorKind.GARBAGE, "an answer came with status " + passed.status());
    };
  }

  /** What the client is told in a stream that breaks off. */
  String brokenOff(GatewayError error) {
    return client.front().brokenOff(error);
  }

  ProviderError judge(LlmEndpoint endpoint, WireError error) {
    return route.errors().read(endpoint.provider(), error, clock.get());
  }
}
