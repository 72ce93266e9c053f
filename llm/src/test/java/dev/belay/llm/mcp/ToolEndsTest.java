package dev.belay.llm.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Tool;
import dev.belay.llm.call.LlmCall;
import dev.belay.llm.call.LlmResult;
import dev.belay.llm.json.Json;
import dev.belay.llm.provider.WriteOptions;
import dev.belay.llm.transport.HttpTransport;
import dev.belay.llm.transport.StreamSink;
import dev.belay.llm.transport.Terms;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.Finish;
import dev.belay.testkit.mcp.FaultyMcpServer;
import dev.belay.testkit.mcp.FaultyTool;
import dev.belay.testkit.mcp.FaultyTool.Deed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** How runs of tools are shown while they last, and what is left of them: nothing. */
class ToolEndsTest extends ToolsHarness {
  private static StreamSink into(List<StreamEvent> events) {
    return event -> {
      events.add(event);
      return StreamSink.READY;
    };
  }

  private static String text(List<StreamEvent> events) {
    return events.stream()
        .filter(StreamEvent.Text.class::isInstance)
        .map(event -> ((StreamEvent.Text) event).delta())
        .collect(Collectors.joining());
  }

  @Test
  void aStreamShowsTheTextOfAllRoundsAndNoToolOfOurs() throws Exception {
    FaultyProvider model =
        model(
            Answer.text("Let me see. ")
                .andToolCall("w__rain", "{\"q\":\"Ulm\"}")
                .finish(Finish.TOOL_CALLS)
                .usage(10, 1),
            Answer.text("It will.").usage(20, 2));
    List<StreamEvent> events = new CopyOnWriteArrayList<>();

    LlmResult result =
        client(model).stream(asking(remote("w", FaultyTool.answering("rain", "wet"))), into(events))
            .get(LONG.toSeconds(), TimeUnit.SECONDS);

    assertThat(result.text()).isEqualTo("It will.");
    assertThat(text(events)).isEqualTo("Let me see. It will.");
    assertThat(events).noneMatch(StreamEvent.ToolCall.class::isInstance);
    assertThat(events).filteredOn(StreamEvent.End.class::isInstance).hasSize(1);
    LlmResponse end = ((StreamEvent.End) events.getLast()).response();
    assertThat(end.usage().total()).isEqualTo(33);
  }

  @Test
  void aStreamShowsCallsOfTheCallersOwnTools() throws Exception {
    FaultyProvider model = model(Answer.toolCall("w__rain", "{}").andToolCall("mine", "{\"a\":1}"));
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    LlmCall call =
        LlmCall.of(
            request(remote("w", FaultyTool.answering("rain", "wet")))
                .tools(
                    List.of(new Tool("mine", "Mine.", Json.EMPTY.with("type", Json.of("object")))))
                .build());

    var unused = client(model).stream(call, into(events)).get(LONG.toSeconds(), TimeUnit.SECONDS);

    List<StreamEvent> pieces =
        events.stream().filter(StreamEvent.ToolCall.class::isInstance).toList();
    assertThat(pieces).isNotEmpty().allMatch(event -> ((StreamEvent.ToolCall) event).index() == 0);
    assertThat(((StreamEvent.ToolCall) pieces.getFirst()).name()).isEqualTo("mine");
  }

  private static List<Long> processes(FaultyProvider model) {
    String[] ids = model.requests().getLast().messages().getLast().text().split(" ", -1);
    return List.of(Long.valueOf(ids[0]), Long.valueOf(ids[1]));
  }

  /** Ends as soon as none of them is there, and fails if one stays. */
  private static void awaitNone(List<Long> ids) throws Exception {
    List<CompletableFuture<ProcessHandle>> ends = new ArrayList<>();
    ids.forEach(id -> ProcessHandle.of(id).ifPresent(process -> ends.add(process.onExit())));
    CompletableFuture.allOf(ends.toArray(CompletableFuture[]::new))
        .get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void noProcessIsLeftNotEvenOneThatWasLetGoOf() throws Exception {
    FaultyProvider model = model(Answer.toolCall("w__spawn", "{}"), Answer.text("Done."));

    var unused = client(model).call(asking(program("w", FaultyTool.doing("spawn", Deed.ORPHAN))));

    awaitNone(processes(model));
  }

  @Test
  void aProgramThatDoesNotEndWhenToldToIsKilled() throws Exception {
    FaultyProvider model = model(Answer.toolCall("w__spawn", "{}"), Answer.text("Done."));
    McpServer stubborn =
        program(
            "w",
            Set.of(FaultyMcpServer.Manner.STUBBORN, FaultyMcpServer.Manner.NOISY),
            FaultyTool.doing("spawn", Deed.ORPHAN));

    var unused = client(model).call(asking(stubborn));

    awaitNone(processes(model));
  }

  @Test
  void aCancelledCallEndsAtOnceAndTakesItsProgramsAlong() throws Exception {
    FaultyProvider model =
        model(Answer.toolCall("w__spawn", "{}"), Answer.toolCall("w__slow", "{}"));
    FaultyMcpServer remote = opened(FaultyMcpServer.start(FaultyTool.hanging("slow")));
    HttpTransport http = opened(HttpTransport.builder().build());
    ToolRunningTransport tools =
        new ToolRunningTransport(http, QUICK, WriteOptions.WHOLE, Time.system());
    McpServer program =
        program("w", FaultyTool.doing("spawn", Deed.ORPHAN), FaultyTool.hanging("slow"));
    CompletableFuture<LlmResponse> run =
        tools
            .send(chat(model), request(program, remote("h", remote)).build(), Terms.DEFAULT)
            .toCompletableFuture();
    assertThat(model.awaitRequests(2, LONG)).isTrue();
    List<Long> processes = processes(model);
    long before = System.nanoTime();

    run.cancel(true);

    assertThatThrownBy(() -> run.get(1, TimeUnit.SECONDS))
        .isInstanceOf(CancellationException.class);
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(50));
    awaitNone(processes);
    assertThat(model.requestCount()).isEqualTo(2);
  }

  @Test
  void aCancelledCallEndsTheRequestToTheModel() throws Exception {
    FaultyProvider model = model(Answer.toolCall("w__rain", "{}"), Answer.hang());
    CompletableFuture<LlmResult> call =
        client(model).callAsync(asking(remote("w", FaultyTool.answering("rain", "wet"))));
    assertThat(model.awaitRequests(2, LONG)).isTrue();

    call.cancel(true);

    assertThat(model.server().awaitIdle(LONG)).isTrue();
  }
}
