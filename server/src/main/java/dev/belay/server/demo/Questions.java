package dev.belay.server.demo;

import dev.belay.Time;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks models to repeat a text, at a steady pace and half of the time as a stream, and looks
 * whether they do. Knows OpenAI's chat completions just well enough for that.
 */
final class Questions implements AutoCloseable {
  private static final Pattern CONTENT = Pattern.compile("\"content\":\\s*\"([^\"]*)\"");
  private static final Duration PATIENCE = Duration.ofSeconds(15);
  private static final String TEXT = "say after me: one two three four five six seven eight nine";

  private final URI chat;
  private final String model;
  private final int retries;
  private final HttpClient client = HttpClient.newHttpClient();

  /** With so many retries, half a second before the first and a second before the next. */
  Questions(URI base, String model, int retries) {
    this.chat = URI.create(base + "/chat/completions");
    this.model = model;
    this.retries = retries;
  }

  /** Told how far it is. */
  interface Progress {
    /** {@code done} questions are answered or given up, {@code good} of them well. */
    void at(int done, int good);
  }

  /**
   * What came of all questions.
   *
   * @param nanos how long each took that was answered well, sorted
   * @param cut answers that were not whole and did not say so
   */
  record Result(int questions, List<Long> nanos, int cut) {

    Map<String, Object> json(long calls, long wasted) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("requests", questions);
      json.put("success_rate", Math.round(10_000.0 * nanos.size() / questions) / 10_000.0);
      json.put("p50_ms", millis(0.50));
      json.put("p95_ms", millis(0.95));
      json.put("calls", calls);
      json.put("wasted_calls", wasted);
      json.put("cut_answers", cut);
      return json;
    }

    private double millis(double share) {
      int at = (int) Math.min(nanos.size() - 1, Math.floor(share * nanos.size()));
      return nanos.isEmpty() ? 0 : Math.round(nanos.get(at) / 1e5) / 10.0;
    }
  }

  private enum Ending {
    GOOD,
    CUT,
    FAILED
  }

  Result ask(int all, Duration pause, Progress progress) throws InterruptedException {
    List<Long> nanos = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger done = new AtomicInteger();
    AtomicInteger cut = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < all; i++) {
        // two by two, so that a fault of every second request meets both kinds
        boolean stream = i % 4 < 2;
        threads.execute(() -> {
          long start = Time.system().nanos();
          Ending ending = ask(stream);
          if (ending == Ending.GOOD) {
            nanos.add(Time.system().nanos() - start);
          } else if (ending == Ending.CUT) {
            cut.incrementAndGet();
          }
          progress.at(done.incrementAndGet(), nanos.size());
        });
        Time.system().sleep(pause.toNanos());
      }
    }
    return new Result(all, nanos.stream().sorted().toList(), cut.get());
  }

  private Ending ask(boolean stream) {
    try {
      for (int retry = 0; retry < retries; retry++) {
        Ending ending = once(stream);
        if (ending != Ending.FAILED) {
          return ending;
        }
        Time.system().sleep(Duration.ofMillis(500L << retry).toNanos());
      }
      return once(stream);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return Ending.FAILED;
    }
  }

  private Ending once(boolean stream) throws InterruptedException {
    String body =
        "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
            .formatted(model, stream, TEXT);
    HttpRequest request =
        HttpRequest.newBuilder(chat)
            .timeout(PATIENCE)
            .header("content-type", "application/json")
            .header("authorization", "Bearer demo")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        return Ending.FAILED;
      }
      return said(response.body()).equals(TEXT) ? Ending.GOOD : Ending.CUT;
    } catch (IOException broken) {
      return Ending.FAILED;
    }
  }

  private static String said(String body) {
    StringBuilder all = new StringBuilder();
    Matcher content = CONTENT.matcher(body);
    while (content.find()) {
      all.append(content.group(1));
    }
    return all.toString();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
