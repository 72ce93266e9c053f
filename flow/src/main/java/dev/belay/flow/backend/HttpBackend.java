package dev.belay.flow.backend;

import dev.belay.Deadline;
import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Spend;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;

/**
 * An endpoint that speaks as OpenAI's does. It answers in one piece and has no conversations; that
 * it gives no sign of life counts only from the first byte of its answer on.
 */
final class HttpBackend implements Backend {
  private static final String PLACE = "/chat/completions";

  private final BackendSettings settings;
  private final Optional<String> key;
  private final URI uri;
  private final Words words;
  private final HttpFailures failures;
  private final Time time;
  private final HttpClient client;

  HttpBackend(BackendSettings settings, Optional<String> key, Time time) {
    this.settings = settings;
    this.key = key;
    this.uri = place(settings, key);
    this.words = Words.without(key.stream().toList());
    this.failures = new HttpFailures(settings.name(), words);
    this.time = time;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  private static URI place(BackendSettings settings, Optional<String> key) {
    URI base =
        settings
            .url()
            .filter(url -> "http".equals(url.getScheme()) || "https".equals(url.getScheme()))
            .filter(url -> url.getHost() != null && url.getUserInfo() == null)
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "backend %s: url must be http://HOST or https://HOST, without a password"
                        .formatted(settings.name())));
    if (key.filter(one -> !one.matches("[\\x21-\\x7e]+")).isPresent()) {
      throw new IllegalArgumentException(
          "backend %s: key must be of letters, digits and signs, without blanks"
              .formatted(settings.name()));
    }
    String text = base.toString().replaceFirst("/+$", "");
    return URI.create(text.endsWith(PLACE) ? text : text + PLACE);
  }

  @Override
  public String name() {
    return settings.name();
  }

  @Override
  public String account() {
    return settings.account();
  }

  @Override
  public AgentReply send(AgentCall call, AgentListener listener)
      throws AgentException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    HttpResponse<String> response = exchange(request(call), call);
    if (response.statusCode() >= HttpFailures.FIRST_ERROR) {
      throw failures.of(
          response.statusCode(),
          response.headers().firstValue("Retry-After"),
          response.body(),
          time.instant());
    }
    AgentReply reply = reply(response.body());
    new Told(listener).text(reply.text());
    return reply;
  }

  private HttpRequest request(AgentCall call) throws AgentException {
    String model =
        call.model()
            .or(settings::model)
            .orElseThrow(() -> failure(OutcomeClass.CONFIG, "needs the name of a model"));
    List<Map<String, String>> messages = new ArrayList<>();
    call.system().ifPresent(system -> messages.add(message("system", system)));
    messages.add(message("user", call.prompt()));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(
                BodyPublishers.ofString(Json.write(Map.of("model", model, "messages", messages))));
    key.ifPresent(one -> request.header("Authorization", "Bearer " + one));
    return request.build();
  }

  private static Map<String, String> message(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private HttpResponse<String> exchange(HttpRequest request, AgentCall call)
      throws AgentException, InterruptedException {
    AtomicReference<CompletableFuture<HttpResponse<String>>> pending =
        new AtomicReference<>(new CompletableFuture<>());
    try (Watch watch =
        new Watch(
            call,
            Deadline.in(call.timeout(), time),
            time,
            () -> pending.get().completeExceptionally(new CancellationException()))) {
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(request, head -> new Body(watch.andIdle()::sign));
      pending.set(answer);
      try {
        return watch.late().isPresent() ? late(watch) : answer.get();
      } catch (CancellationException | ExecutionException broken) {
        if (watch.late().isPresent()) {
          return late(watch);
        }
        throw unreachable(broken);
      } finally {
        answer.cancel(true);
      }
    }
  }

  private HttpResponse<String> late(Watch watch) throws AgentException {
    throw failure(OutcomeClass.TIMEOUT, watch.late().orElse("was late") + " and was given up");
  }

  private AgentException unreachable(Exception broken) {
    Throwable cause = broken.getCause() == null ? broken : broken.getCause();
    String why = cause.getClass().getSimpleName();
    String more =
        cause instanceof IOException && cause.getMessage() != null ? cause.getMessage() : "";
    return failure(
        OutcomeClass.TRANSIENT, words.start("cannot be reached: %s %s".formatted(why, more)));
  }

  private AgentReply reply(String body) throws AgentException {
    JsonNode answer =
        Json.object(body)
            .orElseThrow(() ->
                failure(
                    OutcomeClass.TRANSIENT,
                    "gave no answer that can be read: " + words.start(body)));
    JsonNode usage = answer.path("usage");
    Spend spend =
        new Spend(0, Json.number(usage, "prompt_tokens"), Json.number(usage, "completion_tokens"));
    JsonNode message = answer.path("choices").path(0).path("message");
    String refusal = Json.text(message, "refusal");
    if (!refusal.isEmpty()) {
      throw new AgentException(
          OutcomeClass.AGENT_FAILED,
          "%s says that it will not do it: %s".formatted(settings.name(), words.start(refusal)),
          Optional.empty(),
          spend);
    }
    String text = Json.content(message.path("content"));
    if (!message.isObject() || text.isEmpty()) {
      String error = Json.text(answer.path("error"), "message");
      throw new AgentException(
          OutcomeClass.TRANSIENT,
          "%s gave no answer that can be read%s"
              .formatted(settings.name(), error.isEmpty() ? "" : ": " + words.start(error)),
          Optional.empty(),
          spend);
    }
    return new AgentReply(Answer.bounded(text), Optional.empty(), spend);
  }

  private AgentException failure(OutcomeClass outcome, String what) {
    return new AgentException(outcome, "%s %s".formatted(settings.name(), what));
  }

  @Override
  public String toString() {
    return settings.name();
  }
}
