package dev.belay.bench.report;

import dev.belay.Backoff;
import dev.belay.Jitter;
import dev.belay.bench.report.Findings.Measured;
import dev.belay.llm.McpServer;
import dev.belay.llm.call.HumanReviewNeeded;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmFailure;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.call.ValidationExhausted;
import dev.belay.llm.check.Validator;
import dev.belay.llm.check.Validators;
import dev.belay.llm.correct.CorrectionPolicy;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Which help comes after how many failed answers. */
final class EscalationScenarios {
  private static final McpServer SEARCH =
      new McpServer.Remote("search", "http", "https://tools.example/mcp", Map.of(), List.of());
  private static final List<Validator> CHECKS =
      Validators.standard().from(Json.parse("{\"type\": \"json\"}"));
  private static final String TOLD = "USE THIS TOOL NOW: search";

  private final Findings findings = new Findings();

  Report run() throws InterruptedException {
    for (int after = 1; after <= 3; after++) {
      tool(Anthropic.messages(), "/mcp_servers/0/name", after);
    }
    tool(OpenAiResponses.openAi(), "/tools/0/server_label", 2);
    model();
    for (int after = 1; after <= 3; after++) {
      person(after);
    }
    off();
    return findings.report(
        "escalation",
        "Escalation",
        "A model on 127.0.0.1 answers what is not JSON, however often it is corrected. What comes"
            + " after N failed answers comes with request N + 1; requests are counted from 1.");
  }

  private static LlmCall call(CorrectionPolicy.Builder policy) {
    return LlmCall.of("smart", "Name a river, as JSON")
        .checkedBy(CHECKS)
        .correctedBy(policy.sameAnswers(0).build());
  }

  private static LlmFailure failure(LlmClient client, LlmCall call) throws InterruptedException {
    try {
      throw new IllegalStateException("answered " + client.call(call).text());
    } catch (LlmFailure failure) {
      return failure;
    }
  }

  /** Numbers of the requests of which it holds. */
  private static List<Integer> numbers(List<LlmRequest> requests, Predicate<LlmRequest> what) {
    return IntStream.range(0, requests.size())
        .filter(i -> what.test(requests.get(i)))
        .mapToObj(i -> i + 1)
        .toList();
  }

  private void tool(Dialect dialect, String pointer, int after) throws InterruptedException {
    List<Integer> from = List.of(after + 1, after + 2);
    findings.expect(
        "tool_after %d, %s".formatted(after, dialect.name()),
        "named in requests %s and its server sent with the same ones, with none before"
            .formatted(from),
        () -> {
          try (Scene scene = Scene.of(dialect, Answer.text("the Rhine"))) {
            LlmFailure unused =
                failure(
                    scene.client(),
                    call(
                        CorrectionPolicy.builder()
                            .maxAttempts(after + 2)
                            .toolAfter(after, SEARCH)));
            List<LlmRequest> requests = scene.provider().requests();
            List<Integer> sent = numbers(requests, one -> one.at(pointer).isPresent());
            List<Integer> named = numbers(requests, one -> one.lastUserText().contains(TOLD));
            if (after == 2) {
              show(dialect, requests);
            }
            return new Measured(
                "named in %s, sent with %s of %d".formatted(named, sent, requests.size()),
                sent.equals(from) && named.equals(from));
          }
        });
  }

  private void show(Dialect dialect, List<LlmRequest> requests) {
    for (int i = 0; i < requests.size(); i++) {
      LlmRequest one = requests.get(i);
      String told =
          one.lastUserText().lines().filter(line -> line.contains(TOLD)).findFirst().orElse("-");
      String servers = one.at("/mcp_servers").or(() -> one.at("/tools")).orElse("none");
      findings.log(
          "%s, request %d: servers %s; beta %s; told: %s"
              .formatted(
                  dialect.name(),
                  i + 1,
                  servers,
                  one.header("anthropic-beta").orElse("-"),
                  told.strip()));
    }
  }

  private void model() throws InterruptedException {
    findings.expect(
        "model_after 2",
        "the first model is asked twice, the other one answers",
        () -> {
          try (FaultyProvider small = FaultyProvider.start(Answer.text("the Rhine"));
              FaultyProvider big = FaultyProvider.start(Answer.text("{\"river\": \"Rhine\"}"));
              LlmClient client =
                  LlmClient.builder()
                      .route("smart", Scene.endpoint(small, OpenAiChat.openAi()))
                      .route("smarter", Scene.endpoint(big, OpenAiChat.openAi()))
                      .build()) {
            LlmResult result =
                client.call(
                    call(
                        CorrectionPolicy.builder()
                            .maxAttempts(4)
                            .modelAfter(2, "smarter")
                            .humanAfter(4)));
            return new Measured(
                "%d and %d requests, answer %s"
                    .formatted(small.requestCount(), big.requestCount(), result.text()),
                small.requestCount() == 2 && big.requestCount() == 1);
          }
        });
  }

  private void person(int after) throws InterruptedException {
    Duration pause = Duration.ofMillis(200);
    Duration between = pause.multipliedBy(after - 1);
    findings.expect(
        "human_after %d, 0.2 s between answers".formatted(after),
        "requests: %d, %.1f s waited between them, none after the last"
            .formatted(after, Scene.seconds(between)),
        () -> {
          try (Scene scene = Scene.of(Answer.text("the Rhine"))) {
            LlmFailure failure =
                failure(
                    scene.client(),
                    call(
                        CorrectionPolicy.builder()
                            .maxAttempts(after + 2)
                            .humanAfter(after)
                            .delay(Backoff.fixed(pause).withJitter(Jitter.NONE))));
            double waited = Scene.seconds(failure.report().waited());
            return new Measured(
                "%s, requests: %d, %.1f s waited"
                    .formatted(
                        failure.getClass().getSimpleName(),
                        scene.provider().requestCount(),
                        waited),
                failure instanceof HumanReviewNeeded
                    && scene.provider().requestCount() == after
                    && Math.abs(waited - Scene.seconds(between)) < 0.1);
          }
        });
  }

  private void off() throws InterruptedException {
    findings.expect(
        "tool_after 0 and human_after 0, which is off",
        "5 requests, none with a server, and no person is asked",
        () -> {
          try (Scene scene = Scene.of(Anthropic.messages(), Answer.text("the Rhine"))) {
            LlmFailure failure =
                failure(
                    scene.client(),
                    call(
                        CorrectionPolicy.builder()
                            .maxAttempts(5)
                            .toolAfter(0, SEARCH)
                            .humanAfter(0)));
            List<Integer> sent =
                numbers(scene.provider().requests(), one -> one.at("/mcp_servers").isPresent());
            return new Measured(
                "%s, %d requests, servers sent with %s"
                    .formatted(
                        failure.getClass().getSimpleName(), scene.provider().requestCount(), sent),
                failure instanceof ValidationExhausted
                    && scene.provider().requestCount() == 5
                    && sent.isEmpty());
          }
        });
  }
}
