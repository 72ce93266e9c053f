package dev.belay.bench;

import dev.belay.Time;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How gateways behave when a provider limits, fails and breaks off: over one provider that does all
 * of that, asked by clients that try nothing again themselves.
 */
final class LlmBehaviour {
  private static final int CALLERS = 32;
  private static final int STREAMS = 40;
  private static final Duration LIMITED = Duration.ofSeconds(2);
  private static final Duration APART = Duration.ofMillis(25);
  private static final String CONFIG =
      "{\"retry\":{\"attempts\":5,\"on_status_codes\":[429,500,502,503,504],"
          + "\"use_retry_after_header\":true}}";

  private final FaultyProvider provider;
  private final HttpClient client;

  private LlmBehaviour(FaultyProvider provider, HttpClient client) {
    this.provider = provider;
    this.client = client;
  }

  /**
   * What a gateway did.
   *
   * @param answered of the callers that came while the provider was limited
   * @param wasted requests that reached the provider within the time for which it had asked to wait
   * @param recoveredMillis from the end of that time to the last answer
   * @param failover answered of the callers that came while the provider failed now and then
   * @param lookWhole of the streams that the provider cut, those that ended without an error
   */
  private record Result(
      int answered, long wasted, long recoveredMillis, int failover, int lookWhole) {}

  /**
   * Prints the address of the provider, reads {@code name=url} of each gateway from its input, and
   * prints a line for each.
   */
  static void run(InputStream in, PrintStream out) throws Exception {
    try (FaultyProvider provider = FaultyProvider.builder().lenient().start(fine());
        HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      out.println(provider.uri().getPort());
      // one line: whoever writes it may have children that hold the other end
      String line =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      LlmBehaviour behaviour = new LlmBehaviour(provider, client);
      for (String peer : String.valueOf(line).split(" ", -1)) {
        String[] parts = peer.split("=", 2);
        Result result = behaviour.measure(URI.create(parts[1] + "/v1/chat/completions"));
        out.println(
            String.format(
                Locale.ROOT,
                "behaviour %s %d/%d %d %.1f %d/%d %d/%d",
                parts[0],
                result.answered,
                CALLERS,
                result.wasted,
                result.recoveredMillis / 1e3,
                result.failover,
                CALLERS,
                result.lookWhole,
                STREAMS));
      }
    }
  }

  private static Script<LlmRequest, Answer> fine() {
    return Script.of(Answer.text("word ".repeat(20)));
  }

  private Result measure(URI gateway) throws InterruptedException, ExecutionException {
    AtomicLong end = new AtomicLong();
    provider.reset();
    provider.behave(
        Script.<LlmRequest, Answer>answering(request -> {
          long now = System.nanoTime();
          end.compareAndSet(0, now + LIMITED.toNanos());
          long left = end.get() - now;
          return left > 0
              ? Fault.rateLimited(Duration.ofNanos(left))
              : Answer.text("word ".repeat(20));
        }));
    int answered = good(all(CALLERS, gateway, false, APART));
    long recovered = Math.max(0, (System.nanoTime() - end.get()) / 1_000_000);
    long wasted = provider.wastedCalls();

    provider.reset();
    provider.behave(Script.<LlmRequest, Answer>cycling(Fault.overloaded(), Answer.text("good")));
    int failover = good(all(CALLERS, gateway, false, Duration.ZERO));

    provider.reset();
    provider.behave(
        Script.<LlmRequest, Answer>of(
            Answer.text("one two three four five six").chunks(4, Duration.ZERO).cutAfter(3)));
    int whole = good(all(STREAMS, gateway, true, Duration.ZERO));
    provider.reset();
    provider.behave(fine());
    return new Result(answered, wasted, recovered, failover, whole);
  }

  private static int good(List<Boolean> all) {
    return (int) all.stream().filter(one -> one).count();
  }

  private List<Boolean> all(int count, URI gateway, boolean stream, Duration apart)
      throws InterruptedException, ExecutionException {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        calls.add(threads.submit(() -> ask(gateway, stream)));
        Time.system().sleep(apart.toNanos());
      }
      List<Boolean> results = new ArrayList<>();
      for (Future<Boolean> call : calls) {
        results.add(call.get());
      }
      return results;
    }
  }

  /** Whether the answer came, and came to its end without a word of an error. */
  private boolean ask(URI gateway, boolean stream) throws InterruptedException {
    String body =
        "{\"model\":\"smart\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(stream);
    HttpRequest request =
        HttpRequest.newBuilder(gateway)
            .timeout(Duration.ofSeconds(60))
            .header("content-type", "application/json")
            .header("authorization", "Bearer key")
            .header("x-portkey-provider", "openai")
            .header("x-portkey-custom-host", provider.uri("/v1").toString())
            .header("x-portkey-config", CONFIG)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 && !answer.body().contains("\"error\"");
    } catch (IOException brokenOff) {
      return false;
    }
  }
}
