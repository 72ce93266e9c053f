package dev.belay.testkit.llm;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A plain client of a provider, as strict as a test wants it. */
final class Client implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final FaultyProvider provider;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  Client(FaultyProvider provider) {
    this.provider = provider;
  }

  /** What came: the head, and the body as text. */
  record Got(int status, HttpResponse<?> response, String body) {
    JsonNode json() {
      return MAPPER.readTree(body);
    }

    String at(String pointer) {
      return json().at(pointer).asString("?");
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The data of all events. */
    List<JsonNode> events() {
      return data().filter(line -> !line.equals("[DONE]")).map(MAPPER::readTree).toList();
    }

    Stream<String> data() {
      return body.lines().filter(line -> line.startsWith("data: ")).map(line -> line.substring(6));
    }
  }

  HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(provider.uri(path))
        .timeout(PATIENCE)
        .header("Content-Type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  Got send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    return new Got(response.statusCode(), response, response.body());
  }

  /**
   * Reads lines until the stream ends or breaks. They are taken as they come: a body that is read
   * later loses what it had got when its connection broke.
   */
  List<String> linesUntilBroken(HttpRequest.Builder request) throws InterruptedException {
    Lines lines = new Lines();
    try {
      var unused = http.send(request.build(), BodyHandlers.fromLineSubscriber(lines));
    } catch (IOException broken) {
      lines.all.add("BROKEN");
    }
    return lines.all;
  }

  private static final class Lines implements Flow.Subscriber<String> {
    private final List<String> all = new CopyOnWriteArrayList<>();

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(String line) {
      all.add(line);
    }

    @Override
    public void onError(Throwable failure) {
      // whoever sent the request hears of it too
    }

    @Override
    public void onComplete() {
      all.add("END");
    }
  }

  HttpClient http() {
    return http;
  }

  URI uri(String path) {
    return provider.uri(path);
  }

  HttpRequest.Builder chat(String more) {
    return request(
            "/v1/chat/completions",
            """
            {"model":"gpt-test","messages":[{"role":"user","content":"hi"}]%s}\
            """
                .formatted(more))
        .header("Authorization", "Bearer sk-test");
  }

  HttpRequest.Builder responses(String more) {
    return request(
            "/v1/responses",
            """
            {"model":"gpt-test","input":"hi"%s}\
            """
                .formatted(more))
        .header("Authorization", "Bearer sk-test");
  }

  HttpRequest.Builder messages(String more) {
    return request(
            "/v1/messages",
            """
            {"model":"claude-test","max_tokens":100,"messages":[{"role":"user","content":"hi"}]%s}\
            """
                .formatted(more))
        .header("x-api-key", "sk-test")
        .header("anthropic-version", "2023-06-01");
  }

  HttpRequest.Builder gemini(String method) {
    return request(
            "/v1beta/models/gemini-test:" + method,
            """
            {"contents":[{"role":"user","parts":[{"text":"hi"}]}]}\
            """)
        .header("x-goog-api-key", "sk-test");
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
