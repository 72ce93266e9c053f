package dev.belay.bench.report;

import dev.belay.bench.report.Findings.Measured;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.call.ProviderFailed;
import dev.belay.llm.delay.ClassRule;
import dev.belay.llm.delay.DelaySettings;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.LlmRequest;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** How long is waited after which failure, and by whom. */
final class RetryScenarios {
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final int CALLERS = 256;

  private final Findings findings = new Findings();

  /** Runs them; a crowd takes some seconds. */
  Report run() throws InterruptedException {
    unhinted("429", Fault.of(Trouble.RATE_LIMIT), ErrorKind.RATE_LIMIT);
    unhinted("503 of a provider without capacity", Fault.overloaded(), ErrorKind.OVERLOADED);
    unhinted("500", Fault.of(Trouble.SERVER_ERROR), ErrorKind.SERVER_ERROR);
    unhinted("409", Fault.of(Trouble.CONFLICT), ErrorKind.CONFLICT);
    unhinted("a reset connection", Answer.reset(), ErrorKind.NETWORK);
    hinted(OpenAiChat.openAi(), Duration.ofMillis(300));
    hinted(Gemini.generateContent(), Duration.ofMillis(300));
    hinted(Anthropic.messages(), Duration.ofSeconds(1));
    hopeless("400", Fault.of(Trouble.INVALID));
    hopeless("401", Fault.of(Trouble.AUTH));
    hopeless("429 because the money is used up", Fault.of(Trouble.QUOTA));
    hopeless("a prompt that is too long", Fault.of(Trouble.CONTEXT_OVERFLOW));
    tooLong();
    cancelled();
    crowd();
    return findings.report(
        "retry",
        "Waits and retries",
        "One client with default settings before one provider on 127.0.0.1 that fails as it is"
            + " told. Times are of real clocks.");
  }

  private void unhinted(String name, Answer failure, ErrorKind kind) throws InterruptedException {
    ClassRule rule = DelaySettings.DEFAULT.rule(kind, "");
    Duration most = rule.firstAtOnce() ? Duration.ZERO : rule.base();
    findings.expect(
        name + ", no hint",
        "0 to %.2f s, then asked once more".formatted(Scene.seconds(most)),
        () -> {
          try (Scene scene = Scene.of(failure, Answer.text("good"))) {
            LlmResult result = scene.client().call(Scene.HELLO);
            // pacing of a gate that has just opened comes on top
            boolean inTime = result.waited().compareTo(most.plusMillis(150)) <= 0;
            return waited(scene, result, inTime);
          }
        });
  }

  private void hinted(Dialect dialect, Duration hint) throws InterruptedException {
    Duration most = hint.multipliedBy(11).dividedBy(10).plusMillis(200);
    findings.expect(
        "429 of %s that says %.1f s".formatted(dialect.name(), Scene.seconds(hint)),
        "never less, and little more; then asked once more",
        () -> {
          try (Scene scene = Scene.of(dialect, Fault.rateLimited(hint), Answer.text("good"))) {
            LlmResult result = scene.client().call(Scene.HELLO);
            boolean inTime =
                result.waited().compareTo(hint) >= 0 && result.waited().compareTo(most) <= 0;
            return waited(scene, result, inTime && scene.provider().wastedCalls() == 0);
          }
        });
  }

  private static Measured waited(Scene scene, LlmResult result, boolean inTime) {
    return new Measured(
        "waited %.3f s, %d requests"
            .formatted(Scene.seconds(result.waited()), scene.provider().requestCount()),
        inTime && scene.provider().requestCount() == 2 && result.text().equals("good"));
  }

  private void hopeless(String name, Answer failure) throws InterruptedException {
    findings.expect(
        name,
        "fails at once, asked once",
        () -> {
          try (Scene scene = Scene.of(failure, Answer.text("good"))) {
            long start = Scene.TIME.nanos();
            ProviderFailed failed = failure(scene);
            double millis = Scene.millisSince(start);
            return new Measured(
                "%s after %.0f ms, %d request"
                    .formatted(failed.error().kind(), millis, scene.provider().requestCount()),
                millis < 1_000 && scene.provider().requestCount() == 1);
          }
        });
  }

  private static ProviderFailed failure(Scene scene) throws InterruptedException {
    try {
      LlmResult unexpected = scene.client().call(Scene.HELLO);
      throw new IllegalStateException("answered " + unexpected.text());
    } catch (ProviderFailed failed) {
      return failed;
    }
  }

  private void tooLong() throws InterruptedException {
    findings.expect(
        "429 that says 1 h, over the limit of 1 min",
        "no sleep: fails at once and says when to come back",
        () -> {
          try (Scene scene = Scene.of(Fault.rateLimited(Duration.ofHours(1)))) {
            Instant before = Scene.TIME.instant();
            long start = Scene.TIME.nanos();
            ProviderFailed failed = failure(scene);
            double millis = Scene.millisSince(start);
            Duration back = Duration.between(before, failed.retryAt());
            return new Measured(
                "failed after %.0f ms, to come back in %d min, waited %.3f s"
                    .formatted(millis, back.toMinutes(), Scene.seconds(failed.report().waited())),
                millis < 1_000 && back.compareTo(Duration.ofMinutes(59)) > 0);
          }
        });
  }

  private void cancelled() throws InterruptedException {
    findings.expect(
        "a wait of 50 s is interrupted",
        "the caller has its thread back within 100 ms",
        () -> {
          try (Scene scene = Scene.of(Fault.rateLimited(Duration.ofSeconds(50)))) {
            CompletableFuture<String> end = new CompletableFuture<>();
            Thread caller = Thread.ofVirtual().start(() -> end.complete(ending(scene)));
            scene.awaitClosedGate();
            long start = Scene.TIME.nanos();
            caller.interrupt();
            String how = end.get(1, TimeUnit.MINUTES);
            double millis = Scene.millisSince(start);
            return new Measured(
                "%s after %.1f ms".formatted(how, millis),
                how.equals("InterruptedException") && millis < 100);
          }
        });
  }

  private static String ending(Scene scene) {
    try {
      return scene.client().call(Scene.HELLO).text();
    } catch (Exception e) {
      return e.getClass().getSimpleName();
    }
  }

  private void crowd() throws InterruptedException {
    try (Scene scene = Scene.of(Fault.rateLimited(LIMIT), Answer.text("good"))) {
      List<CompletableFuture<LlmResult>> calls = new ArrayList<>();
      calls.add(scene.client().callAsync(Scene.HELLO));
      scene.awaitClosedGate();
      for (int i = 1; i < CALLERS; i++) {
        calls.add(scene.client().callAsync(Scene.HELLO));
      }
      findings.expect(
          "256 callers, the first of whom meets a 429 that says 2 s",
          "all are served, with one request each besides the first",
          () -> {
            int served = 0;
            for (CompletableFuture<LlmResult> call : calls) {
              served += call.get(1, TimeUnit.MINUTES).text().equals("good") ? 1 : 0;
            }
            long requests = scene.provider().requestCount();
            return new Measured(
                "%d served, %d requests".formatted(served, requests),
                served == CALLERS && requests == CALLERS + 1);
          });
      findings.expect(
          "of these, within the 2 s",
          "none",
          () ->
              new Measured(
                  scene.provider().wastedCalls() + " calls", scene.provider().wastedCalls() == 0));
      paced(scene);
      scene.log().stream().limit(8).forEach(findings::log);
      findings.log("... and so on, " + scene.provider().requestCount() + " requests in all");
    }
  }

  private void paced(Scene scene) throws InterruptedException {
    findings.expect(
        "of these, right after it",
        "not all at once: at most a quarter in the first second after the gate opens",
        () -> {
          List<LlmRequest> requests = scene.provider().requests();
          long opened = requests.get(1).arrivalNanos();
          long early =
              requests.stream()
                  .skip(1)
                  .filter(one -> one.arrivalNanos() - opened < 1_000_000_000L)
                  .count();
          double last = (requests.getLast().arrivalNanos() - opened) / 1e9;
          return new Measured(
              "%d in the first second, the last after %.1f s".formatted(early, last),
              early <= CALLERS / 4);
        });
  }
}
