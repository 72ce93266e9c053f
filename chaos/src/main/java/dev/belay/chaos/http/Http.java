package dev.belay.chaos.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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
    HttpResponse<byte[]> response =
        within(timeout, client.sendAsync(request.build(), info -> new Beginning(MOST_BYTES)));
    return new Got(response.statusCode(), new String(response.body(), StandardCharsets.UTF_8));
  }

  /**
   * The timeout of a request ends with the head of its answer; this one holds for the body, too.
   */
  private static <T> T within(Duration timeout, CompletableFuture<T> answer)
      throws IOException, InterruptedException {
    try {
      return answer.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new HttpTimeoutException("no whole answer in " + timeout);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof IOException broken) {
        throw broken;
      }
      throw new IOException(failed.getCause());
    } finally {
      answer.cancel(true); // closes the connection of one that has not come
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
