package dev.belay.bench.report;

import dev.belay.bench.report.Findings.Measured;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Tool;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmClient;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.call.ProviderFailed;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.Anthropic;
import dev.belay.llm.provider.Dialect;
import dev.belay.llm.provider.Gemini;
import dev.belay.llm.provider.OpenAiChat;
import dev.belay.llm.provider.OpenAiResponses;
import dev.belay.llm.transport.StreamSink;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.Fault;
import dev.belay.testkit.llm.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What works with which protocol. */
final class IntegrationScenarios {
  private static final String WORDS = "one two three four five six";
  private static final Tool LOOK =
      new Tool("look", "looks it up", (Json.Obj) Json.parse("{\"type\": \"object\"}"));

  private final Findings findings = new Findings();

  /** A protocol by the name that people know it by. */
  private record Speech(String name, Dialect dialect) {}

  Report run() throws InterruptedException {
    List<Speech> all =
        List.of(
            new Speech("OpenAI chat", OpenAiChat.openAi()),
            new Speech("OpenAI responses", OpenAiResponses.openAi()),
            new Speech("Anthropic", Anthropic.messages()),
            new Speech("Gemini", Gemini.generateContent()),
            new Speech("OpenAI-compatible", OpenAiChat.compatible()));
    for (Speech speech : all) {
      chat(speech);
      stream(speech);
      tools(speech);
      limit(speech);
      error(speech, "a key that is refused", Trouble.AUTH, ErrorKind.AUTH);
      error(speech, "a model that is not there", Trouble.NOT_FOUND, ErrorKind.INVALID_REQUEST);
      cut(speech);
    }
    return findings.report(
        "integration",
        "Providers",
        "`LlmClient` over real sockets. The same through the gateway, with the clients that the"
            + " providers publish, unmodified: `OfficialJavaClientsTest` (openai-java,"
            + " anthropic-java) and `OfficialClientsTest` (openai and @anthropic-ai/sdk for Node)"
            + " in `server/src/test`, with every build.");
  }

  private void chat(Speech speech) throws InterruptedException {
    findings.expect(
        speech.name + ", question",
        "the answer and its tokens",
        () -> {
          try (Scene scene = Scene.of(speech.dialect, Answer.text("good").usage(12, 3))) {
            LlmResult result = scene.client().call(Scene.HELLO);
            findings.log(speech.name + ": " + scene.log().getFirst());
            return new Measured(
                "'%s', %d tokens".formatted(result.text(), result.usage().total()),
                result.text().equals("good") && result.usage().total() == 15);
          }
        });
  }

  private void stream(Speech speech) throws InterruptedException {
    findings.expect(
        speech.name + ", stream",
        "the same words in several pieces, then an end",
        () -> {
          List<StreamEvent> events = new CopyOnWriteArrayList<>();
          try (Scene scene =
              Scene.of(speech.dialect, Answer.text(WORDS).chunks(4, Duration.ZERO))) {
            LlmResult unused =
                scene.client().stream(Scene.HELLO, into(events)).get(1, TimeUnit.MINUTES);
          }
          boolean ended = events.getLast() instanceof StreamEvent.End;
          return new Measured(
              "'%s' in %d events%s"
                  .formatted(text(events), events.size(), ended ? ", the last an end" : ""),
              text(events).equals(WORDS) && ended && events.size() > 3);
        });
  }

  private static StreamSink into(List<StreamEvent> events) {
    return event -> {
      events.add(event);
      return StreamSink.READY;
    };
  }

  private static String text(List<StreamEvent> events) {
    return events.stream()
        .map(event -> event instanceof StreamEvent.Text more ? more.delta() : "")
        .collect(Collectors.joining());
  }

  private void tools(Speech speech) throws InterruptedException {
    findings.expect(
        speech.name + ", tool",
        "the tool is offered, its call and arguments come back",
        () -> {
          try (Scene scene = Scene.of(speech.dialect, Answer.toolCall("look", "{\"q\":1}"))) {
            LlmRequest request =
                LlmRequest.to("smart")
                    .messages(List.of(Message.user("what is it?")))
                    .tools(List.of(LOOK))
                    .build();
            LlmResult result = scene.client().call(LlmCall.of(request));
            Part.ToolCall call = result.response().toolCalls().getFirst();
            String offered = scene.provider().requests().getFirst().tools().getFirst().name();
            return new Measured(
                "%s offered, %s(%s) called".formatted(offered, call.name(), call.arguments()),
                offered.equals("look")
                    && call.name().equals("look")
                    && call.arguments().toString().replace(" ", "").equals("{\"q\":1}"));
          }
        });
  }

  private void limit(Speech speech) throws InterruptedException {
    findings.expect(
        speech.name + ", 429 that says 90 s",
        "RATE_LIMIT, to come back in 90 s",
        () -> {
          ProviderFailed failed =
              failure(speech, Answer.from(request -> Fault.rateLimited(Duration.ofSeconds(90))));
          long seconds = failed.retryAfter().toSeconds();
          return new Measured(
              "%s, to come back in %d s".formatted(failed.error().kind(), seconds),
              failed.error().kind() == ErrorKind.RATE_LIMIT && seconds >= 85 && seconds <= 100);
        });
  }

  private void error(Speech speech, String name, Trouble trouble, ErrorKind kind)
      throws InterruptedException {
    findings.expect(
        "%s, %s".formatted(speech.name, name),
        kind.toString(),
        () -> {
          ProviderFailed failed = failure(speech, Fault.of(trouble));
          return new Measured(
              "%s, status %d".formatted(failed.error().kind(), failed.error().status()),
              failed.error().kind() == kind);
        });
  }

  private static ProviderFailed failure(Speech speech, Answer answer) throws InterruptedException {
    try (Scene scene = Scene.of(speech.dialect, answer)) {
      throw new IllegalStateException("answered " + scene.client().call(Scene.HELLO).text());
    } catch (ProviderFailed failed) {
      return failed;
    }
  }

  private void cut(Speech speech) throws InterruptedException {
    findings.expect(
        speech.name + ", stream that is cut",
        "a failure, and no end",
        () -> {
          List<StreamEvent> events = new CopyOnWriteArrayList<>();
          Script<dev.belay.testkit.llm.LlmRequest, Answer> script =
              Script.of(Answer.text(WORDS).chunks(4, Duration.ZERO).cutAfter(3));
          try (Scene scene = Scene.of(LlmClient.builder(), speech.dialect, script)) {
            LlmResult result =
                scene.client().stream(Scene.HELLO, into(events)).get(1, TimeUnit.MINUTES);
            return new Measured("taken for whole: " + result.text(), false);
          } catch (ExecutionException broken) {
            boolean ended = events.stream().anyMatch(StreamEvent.End.class::isInstance);
            return new Measured(
                "%s after '%s'"
                    .formatted(
                        broken.getCause() instanceof ProviderFailed failed
                            ? failed.error().kind()
                            : broken.getCause(),
                        text(events)),
                broken.getCause() instanceof ProviderFailed && !ended);
          }
        });
  }
}
