package dev.belay.llm.gateway;

import dev.belay.llm.call.Caller;
import dev.belay.llm.call.HumanReviewNeeded;
import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.call.LlmReport;
import dev.belay.llm.delay.GateEntry;
import dev.belay.llm.front.Front;
import dev.belay.llm.front.GatewayError;
import dev.belay.llm.provider.Headers;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A request of a client and the way back to it. For its event loop. */
final class Client {
  private static final String OURS = "x-belay-";
  private static final String RUN = OURS + "run";
  private static final String REVIEW = OURS + "review";
  private static final String ATTEMPTS = OURS + "attempts";
  private static final String CORRECTIONS = OURS + "corrections";
  private static final String WAITED = OURS + "waited-ms";
  private static final Set<String> SHOWN =
      Set.of("content-type", "x-request-id", "request-id", "retry-after", "retry-after-ms");
  private static final List<String> SHOWN_PREFIXES =
      List.of("x-ratelimit-", "anthropic-ratelimit-", "openai-", "ratelimit");

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Front front;
  private final String name;
  private final List<Runnable> whenGone = new ArrayList<>();
  private final List<Runnable> whenOver = new ArrayList<>();

  Client(HttpServerRequest request, Front front, String name) {
    this.request = request;
    this.response = request.response();
    this.front = front;
    this.name = name;
    response.exceptionHandler(gone -> over());
    response.closeHandler(none -> over());
    response.endHandler(none -> over());
  }

  private void over() {
    boolean left = !response.ended();
    List<Runnable> all = List.copyOf(left ? whenGone : List.of());
    List<Runnable> more = List.copyOf(whenOver);
    whenGone.clear();
    whenOver.clear();
    all.forEach(Runnable::run);
    more.forEach(Runnable::run);
  }

  /** Runs once, when it has its answer or has left. */
  void onOver(Runnable task) {
    whenOver.add(task);
  }

  Front front() {
    return front;
  }

  /**
   * On whose behalf it asks: in turn with others who have another key, and as part of the run that
   * it names.
   */
  Caller caller() {
    String run = request.getHeader(RUN);
    return new Caller(run == null ? name : run, name, GateEntry.Priority.NORMAL);
  }

  /** The ticket under which its request was parked before. */
  Optional<String> review() {
    return Optional.ofNullable(request.getHeader(REVIEW)).filter(ticket -> !ticket.isBlank());
  }

  /** Says why there is no answer, and what was done for it. */
  void fail(Throwable failure) {
    if (failure instanceof LlmFailure told && !hasHead() && !isGone()) {
      LlmReport report = told.report();
      response
          .putHeader(ATTEMPTS, Integer.toString(report.spent().attempts()))
          .putHeader(CORRECTIONS, Integer.toString(report.spent().corrections()))
          .putHeader(WAITED, Long.toString(report.waited().toMillis()));
      if (told instanceof HumanReviewNeeded review) {
        review.ticket().ifPresent(ticket -> response.putHeader(REVIEW, ticket));
      }
    }
    send(Failures.of(failure));
  }

  /** What it says to the provider; what it says to us stays here. */
  Headers headers() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String header : request.headers().names()) {
      if (!header.regionMatches(true, 0, OURS, 0, OURS.length())) {
        all.put(header, request.headers().getAll(header));
      }
    }
    return new Headers(all);
  }

  /** Runs once it has left before its answer was whole. */
  void onGone(Runnable task) {
    whenGone.add(task);
  }

  boolean isGone() {
    return response.closed() || response.ended();
  }

  boolean hasHead() {
    return response.headWritten();
  }

  /** Says how the answer came to be; has to be called before the head goes out. */
  void tell(String endpoint, int attempts, int corrections, Duration waited) {
    response
        .putHeader(OURS + "provider", endpoint)
        .putHeader(ATTEMPTS, Integer.toString(attempts))
        .putHeader(CORRECTIONS, Integer.toString(corrections))
        .putHeader(WAITED, Long.toString(waited.toMillis()));
  }

  /** Hands on what a provider says about its answer. */
  void show(Headers headers) {
    headers.forEach((header, value) -> {
      if (SHOWN.contains(header) || SHOWN_PREFIXES.stream().anyMatch(header::startsWith)) {
        response.putHeader(header, value);
      }
    });
  }

  void send(int status, String type, Buffer body) {
    if (!isGone() && !hasHead()) {
      var unused = response.setStatusCode(status).putHeader("content-type", type).end(body);
    }
  }

  void send(int status, Buffer body) {
    send(status, "application/json", body);
  }

  void send(GatewayError error) {
    if (isGone() || hasHead()) {
      return;
    }
    comeBack(error.retryAfter());
    send(error.status(), Buffer.buffer(front.write(error)));
  }

  /** Says when to come back; nothing if that is not known. */
  void comeBack(Duration wait) {
    if (!wait.isZero()) {
      response
          .putHeader("retry-after", Long.toString(seconds(wait)))
          .putHeader("retry-after-ms", Long.toString(wait.toMillis()));
    }
  }

  private static long seconds(Duration wait) {
    return Math.max(1, wait.plusMillis(999).toSeconds());
  }

  void beginStream() {
    response
        .setStatusCode(200)
        .putHeader("content-type", "text/event-stream; charset=utf-8")
        .putHeader("cache-control", "no-cache")
        .setChunked(true);
  }

  /** Complete when it is ready for more. */
  CompletionStage<Void> write(Buffer bytes) {
    if (isGone()) {
      return CompletableFuture.failedFuture(new IllegalStateException("the client has left"));
    }
    Future<Void> written = response.write(bytes);
    return response.writeQueueFull()
        ? written.toCompletionStage()
        : CompletableFuture.completedStage(null);
  }

  void end() {
    if (!isGone()) {
      var unused = response.end();
    }
  }

  /**
   * Sends a last word and ends the connection before the body has ended, so that what came does not
   * look whole. No reset: that would take away what the client has not read yet.
   */
  void breakOff(String lastWord) {
    if (!isGone()) {
      var unused =
          response.write(Buffer.buffer(lastWord)).onComplete(sent -> request.connection().close());
    }
  }
}
