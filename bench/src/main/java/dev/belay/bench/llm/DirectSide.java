package dev.belay.bench.llm;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JDK's client, which sends a request that is ready, and Jackson, which takes the text out of
 * the answer: the least that a program does that calls a model by itself.
 */
final class DirectSide implements Side {
  private static final String BODY =
      """
      {"model":"m","messages":[{"role":"user","content":"%s"}]}\
      """
          .formatted(ManagedSide.QUESTION);

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final JsonMapper json = JsonMapper.shared();
  private final HttpRequest request;

  DirectSide(URI upstream) {
    request =
        HttpRequest.newBuilder(URI.create(upstream + "/chat/completions"))
            .header("authorization", "Bearer key")
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(BODY))
            .build();
  }

  @Override
  public int ask() throws IOException, InterruptedException {
    String body = client.send(request, BodyHandlers.ofString()).body();
    return json.readTree(body).at("/choices/0/message/content").stringValue().length();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
