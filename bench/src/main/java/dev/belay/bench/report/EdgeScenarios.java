package dev.belay.bench.report;

import dev.belay.Backoff;
import dev.belay.bench.report.Findings.Measured;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmException;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.call.ProviderFailed;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.correct.Escalation;
import dev.belay.llm.delay.ModelsFile;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.Secret;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.Finish;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Settings out of range, strange answers, and many at once. */
final class EdgeScenarios {
  /** Of a scenario that is looked for by name. */
  private static final String PROMPT_TOO_LARGE = "a prompt larger than the first model's window";

  private static final int AT_ONCE = 500;
  private static final Secret KEY = Secret.of("key");
  private static final Duration A_WHILE = Duration.ofMillis(50);

  private final Findings findings = new Findings();

  Report run() throws InterruptedException {
    settings();
    waits();
    answers();
    requests();
    concurrent();
    return findings.report(
        "edge-cases",
        "Edge cases",
        "What is refused is refused when it is set up, before anything is sent.");
  }

  private static Validator check(String spec) {
    return Validators.standard().from(Json.parse(spec)).getFirst();
  }

  /** Something that has to be refused. */
  private interface Refused {
    Object attempt() throws Exception;
  }

  private void refused(String what, String naming, Refused attempt) throws InterruptedException {
    findings.expect(
        what,
        "refused with a message that names '%s'".formatted(naming),
        () -> {
          try {
            return new Measured("taken: " + attempt.attempt(), false);
          } catch (IllegalArgumentException | LlmException refusal) {
            String message = String.valueOf(refusal.getMessage());
            return new Measured(message, message.contains(naming));
          }
        });
  }

  private void settings() throws InterruptedException {
    refused(
        "0 attempts",
        "max_attempts must be 1 to 100",
        () -> CorrectionPolicy.builder().maxAttempts(0).build());
    refused(
        "tool after 3, person after 3",
        "tool_after must be below human_after",
        () ->
            CorrectionPolicy.builder()
                .maxAttempts(5)
                .tool(new Escalation.ToolHelp(3, "search", "", List.of()))
                .humanAfter(3)
                .build());
    refused(
        "person after more answers than there are",
        "human_after must be at most",
        () -> CorrectionPolicy.builder().maxAttempts(3).humanAfter(4).build());
    refused(
        "a fixed delay of 0, which is said by leaving it out",
        "base_delay must be above 0",
        () -> Backoff.fixed(Duration.ZERO));
    refused("a validator that is not there", "jsn", () -> check("{\"type\": \"jsn\"}"));
    refused(
        "a parameter that is not there",
        "lenght",
        () -> check("{\"type\": \"json\", \"params\": {\"lenght\": 1}}"));
    refused(
        "models.yaml with a wrong value",
        "models.yaml:3",
        () ->
            ModelsFile.parse(
                "models.yaml",
                """
                lovable_patterns:
                  p1_dynamic_retry_delays:
                    enabled: maybe
                """));
    refused(
        "models.yaml that is no YAML",
        "models.yaml:",
        () -> ModelsFile.parse("models.yaml", "a: [1\nb: }"));
    refused(
        "a key from a variable that is not set",
        "BELAY_NO_SUCH_KEY",
        () -> keyFrom("BELAY_NO_SUCH_KEY"));
    refused(
        "a route that is not there",
        "there is no route 'wise'",
        () -> {
          try (Scene scene = Scene.of(Answer.text("good"))) {
            return scene.client().call(LlmCall.of("wise", "hello"));
          }
        });
  }

  private static LlmResult keyFrom(String variable) throws InterruptedException {
    try (FaultyProvider provider = FaultyProvider.start(Answer.text("good"));
        LlmClient client =
            LlmClient.builder()
                .route(
                    "smart",
                    Scene.endpoint(
                            "provider",
                            provider,
                            OpenAiChat.openAi(),
                            Secret.fromEnvironment(variable))
                        .build())
                .build()) {
      return client.call(Scene.HELLO);
    }
  }

  private void waits() throws InterruptedException {
    findings.expect(
        "the delay after the 5,000th failure, doubling from 1 s",
        "finite, and the cap of 60 s",
        () -> {
          Duration delay =
              Backoff.exponential(Duration.ofSeconds(1))
                  .withCap(Duration.ofSeconds(60))
                  .delay(5_000);
          return new Measured(delay.toSeconds() + " s", delay.equals(Duration.ofSeconds(60)));
        });
    findings.expect(
        "a delay of 0 between answers",
        "3 answers without a wait",
        () -> {
          try (Scene scene = Scene.of(Answer.text("a"), Answer.text("b"), Answer.text("{}"))) {
            LlmResult result =
                scene
                    .client()
                    .call(
                        Scene.HELLO
                            .checkedBy(check("\"json\""))
                            .correctedBy(
                                CorrectionPolicy.builder()
                                    .delay(Backoff.custom(failure -> Duration.ZERO))
                                    .build()));
            return new Measured(
                "%d answers, %d ms waited".formatted(result.attempts(), result.waited().toMillis()),
                result.attempts() == 3 && result.waited().isZero());
          }
        });
  }

  /** What comes of a call whose answers are these, and how often is asked. */
  private void outcome(String what, String expected, int requests, LlmCall call, Answer... answers)
      throws InterruptedException {
    findings.expect(
        what,
        "%s; requests: %d".formatted(expected, requests),
        () -> {
          try (Scene scene =
              Scene.of(
                  LlmClient.builder(),
                  OpenAiChat.openAi(),
                  Script.of(
                      answers[0],
                      List.of(answers).subList(1, answers.length).toArray(Answer[]::new)))) {
            String seen;
            try {
              LlmResult result = scene.client().call(call);
              seen = "answer '%s'".formatted(result.text());
            } catch (LlmException failure) {
              seen = failure.getClass().getSimpleName() + ": " + failure.getMessage();
            }
            findings.log("%s: %s".formatted(what, String.join("; ", scene.log())));
            return new Measured(
                "%s; requests: %d".formatted(seen, scene.provider().requestCount()),
                seen.startsWith(expected) && scene.provider().requestCount() == requests);
          }
        });
  }

  private void answers() throws InterruptedException {
    LlmCall filled = Scene.HELLO.checkedBy(check("\"response_not_empty\""));
    LlmCall json = Scene.HELLO.checkedBy(check("\"json\""));
    outcome("content null, not checked", "answer ''", 1, Scene.HELLO, Answer.nothing());
    outcome(
        "content null, then text",
        "answer 'good'",
        2,
        filled,
        Answer.nothing(),
        Answer.text("good"));
    outcome("empty text each time", "NoProgress", 2, filled, Answer.text(""));
    outcome(
        "cut at its limit of tokens, then whole",
        "answer '{}'",
        2,
        json,
        Answer.text("{\"a\": ").finish(Finish.LENGTH).usage(5, 100),
        Answer.text("{}"));
    outcome(
        "cut each time", "AnswerTruncated", 2, json, Answer.text("{\"a\": ").finish(Finish.LENGTH));
    outcome("a refusal", "ContentBlocked", 1, json, Answer.refusal("I would rather not"));
    outcome(
        "a prompt that the provider's filter refuses",
        "ProviderFailed",
        1,
        json,
        Fault.of(Trouble.CONTENT_FILTER));
    outcome(
        "half of a JSON document as the answer, then a whole one",
        "answer 'good'",
        2,
        Scene.HELLO,
        Answer.text("bad").truncatedJson(),
        Answer.text("good"));
    outcome(
        "a page in HTML instead of an answer, then one",
        "answer 'good'",
        2,
        Scene.HELLO,
        Answer.html(502),
        Answer.text("good"));
  }

  private void requests() throws InterruptedException {
    findings.expect(
        "a model that the provider does not have",
        "INVALID_REQUEST; requests: 1",
        () -> {
          try (FaultyProvider provider =
                  FaultyProvider.builder()
                      .models(List.of("other"))
                      .start(
                          Script.<dev.belay.testkit.llm.LlmRequest, Answer>of(
                              Answer.text("good")));
              LlmClient client =
                  LlmClient.builder()
                      .route("smart", Scene.endpoint(provider, OpenAiChat.openAi()))
                      .build()) {
            try {
              return new Measured("answered " + client.call(Scene.HELLO).text(), false);
            } catch (ProviderFailed failed) {
              return new Measured(
                  "%s after %d request: %s"
                      .formatted(
                          failed.error().kind(), provider.requestCount(), failed.error().message()),
                  failed.error().kind() == ErrorKind.INVALID_REQUEST
                      && provider.requestCount() == 1);
            }
          }
        });
    elsewhere(PROMPT_TOO_LARGE, Trouble.CONTEXT_OVERFLOW);
    elsewhere("a key that the first provider refuses", Trouble.AUTH);
    elsewhere("an account whose money is used up", Trouble.QUOTA);
  }

  private void elsewhere(String what, Trouble trouble) throws InterruptedException {
    findings.expect(
        what + ", and another provider",
        "the other one answers; requests: 1 and 1",
        () -> {
          try (FaultyProvider first = FaultyProvider.start(Fault.of(trouble));
              FaultyProvider other = FaultyProvider.start(Answer.text("good"));
              LlmClient client =
                  LlmClient.builder()
                      .route(
                          "smart",
                          Scene.endpoint("first", first, OpenAiChat.openAi(), KEY).build(),
                          Scene.endpoint("other", other, OpenAiChat.openAi(), KEY).build())
                      .build()) {
            String seen;
            try {
              seen = "'%s'".formatted(client.call(Scene.HELLO).text());
            } catch (ProviderFailed failed) {
              seen = String.valueOf(failed.getMessage());
            }
            return new Measured(
                "%s; requests: %d and %d"
                    .formatted(seen, first.requestCount(), other.requestCount()),
                first.requestCount() == 1 && other.requestCount() == 1);
          }
        });
  }

  private void concurrent() throws InterruptedException {
    findings.expect(
        AT_ONCE + " calls at once through one client",
        "each gets the answer to its own question",
        () -> {
          try (Scene scene =
              Scene.of(
                  Answer.from(
                      asked -> Answer.text(asked.lastUserText()).firstByteAfter(A_WHILE)))) {
            List<CompletableFuture<LlmResult>> calls = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
              calls.add(scene.client().callAsync(LlmCall.of("smart", "question " + i)));
            }
            int own = 0;
            for (int i = 0; i < AT_ONCE; i++) {
              own += calls.get(i).get(1, TimeUnit.MINUTES).text().equals("question " + i) ? 1 : 0;
            }
            return new Measured(
                "%d of %d, at most %d under way at the provider"
                    .formatted(own, AT_ONCE, scene.provider().peakConcurrency()),
                own == AT_ONCE);
          }
        });
  }
}
