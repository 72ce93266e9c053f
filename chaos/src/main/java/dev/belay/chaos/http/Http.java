package dev.belay.chaos.http;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** Sends requests, and reads what comes back up to a limit. */
final class Http {
  private static final int MOST_BYTES = 1 << 20;

  private final HttpClient client;

  Http(HttpClient client) {
    this.client = client;
  }

  /** An answer, with the beginning of its body. */
  record Got(int status, String body) {}

  Got send(HttpAsk ask, Map<String, String> more, Duration timeout)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(ask.uri())
            .timeout(timeout)
            .method(
                ask.method(),
                ask.body()
                    .map(HttpRequest.BodyPublishers::ofString)
                    .orElseGet(HttpRequest.BodyPublishers::noBody));
    ask.headers().forEach(request::setHeader);
    more.forEach(request::setHeader);
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(MOST_BYTES);
      return new Got(response.statusCode(), new String(body, StandardCharsets.UTF_8));
    }
  }

  /** What broke, in one word. */
  static String reason(IOException failure) {
    if (failure instanceof HttpTimeoutException) {
      return "timeout";
    }
    if (failure instanceof ConnectException) {
      return "refused";
    }
    return "reset";
  }
}
