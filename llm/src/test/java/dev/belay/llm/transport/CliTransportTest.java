package dev.belay.llm.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.ProviderError;
import dev.belay.llm.ProviderException;
import dev.belay.llm.ResponseFormat;
import dev.belay.llm.StreamEvent;
import dev.belay.llm.Usage;
import dev.belay.llm.provider.Backend;
import dev.belay.llm.provider.Backend.Cli.Output;
import dev.belay.llm.provider.ErrorReader;
import dev.belay.llm.provider.LlmEndpoint;
import dev.belay.llm.provider.Secret;
import dev.belay.llm.provider.UnsupportedToolStage;
import dev.belay.llm.provider.WriteOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CliTransportTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final LlmRequest HELLO = LlmRequest.of("route", "hello");

  private final CliTransport transport =
      new CliTransport(
          Time.system(),
          ErrorReader.byStatus(),
          WriteOptions.WHOLE.withEnvironment(name -> Optional.of("canary")));

  private static LlmEndpoint program(Output output, String... command) {
    return LlmEndpoint.of("cli", "model-x")
        .backend(
            new Backend.Cli(
                List.of(command),
                output,
                Map.of("BELAY_TEST_KEY", Secret.of("sk-canary")),
                Duration.ofMillis(200)))
        .build();
  }

  private static LlmEndpoint shell(Output output, String script) {
    return program(output, "/bin/sh", "-c", script);
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private static ProviderError error(CompletionStage<?> stage) {
    try {
      Object answer = get(stage);
      throw new AssertionError("no error but " + answer);
    } catch (ExecutionException failure) {
      if (failure.getCause() instanceof ProviderException told) {
        return told.error();
      }
      throw new AssertionError("no error of a provider but", failure);
    } catch (Exception other) {
      throw new AssertionError("no error of a provider but", other);
    }
  }

  @Test
  void thePromptGoesInAndTheAnswerComesOut() throws Exception {
    LlmResponse answer = get(transport.send(shell(Output.TEXT, "cat; echo"), HELLO, Terms.DEFAULT));

    assertThat(answer.text()).isEqualTo("hello");
    assertThat(answer.model()).isEqualTo("model-x");
  }

  @Test
  void placesInTheCommandAreFilled() throws Exception {
    LlmRequest request =
        LlmRequest.to("route")
            .messages(List.of(Message.system("Be brief."), Message.user("a b; $c")))
            .build();
    LlmEndpoint echo =
        program(
            Output.TEXT,
            "/bin/sh",
            "-c",
            "printf '%s|' \"$@\" \"$BELAY_TEST_KEY\"",
            "echo",
            "--model={model}",
            "{system}",
            "{prompt}");

    assertThat(get(transport.send(echo, request, Terms.DEFAULT)).text())
        .isEqualTo("--model=model-x|Be brief.|a b; $c|sk-canary|");
  }

  @Test
  void aConversationIsToldAsOne() throws Exception {
    LlmRequest request =
        LlmRequest.to("route")
            .messages(
                List.of(
                    Message.system("Be brief."),
                    Message.user("a"),
                    Message.assistant("b"),
                    Message.user("c")))
            .format(
                new ResponseFormat.JsonSchema(
                    "x",
                    (dev.belay.llm.json.Json.Obj)
                        dev.belay.llm.json.Json.parse("{\"type\":\"object\"}"),
                    true))
            .build();

    assertThat(get(transport.send(shell(Output.TEXT, "cat"), request, Terms.DEFAULT)).text())
        .startsWith("Be brief.")
        .contains("valid JSON object", "{\"type\":\"object\"}")
        .endsWith("User: a\n\nAssistant: b\n\nUser: c");
  }

  @Test
  void aJsonObjectIsLookedInto() throws Exception {
    String result =
        "{\"type\":\"result\",\"subtype\":\"success\",\"is_error\":false,\"result\":\"hi\",\"session_id\":\"s1\",\"usage\":{\"input_tokens\":3,\"cache_read_input_tokens\":5,\"output_tokens\":2}}";
    LlmResponse answer =
        get(
            transport.send(
                shell(Output.JSON, "cat >/dev/null; echo '" + result + "'"), HELLO, Terms.DEFAULT));

    assertThat(answer.text()).isEqualTo("hi");
    assertThat(answer.id()).isEqualTo("s1");
    assertThat(answer.usage()).isEqualTo(new Usage(8, 2, 5));
    assertThat(
            get(transport.send(
                    shell(Output.JSON, "echo '{\"response\":\"yo\"}'"), HELLO, Terms.DEFAULT))
                .text())
        .isEqualTo("yo");
  }

  @Test
  void linesOfJsonAreAStream() throws Exception {
    String lines =
        """
        echo 'a note for people'
        echo '{"type":"system","subtype":"init","session_id":"s1","model":"claude-x"}'
        echo '{"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"hmm"}}}'
        echo '{"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"text_delta","text":"Grü"}}}'
        echo '{"type":"stream_event","event":{"type":"content_block_delta","delta":{"type":"text_delta","text":"ße"}}}'
        echo '{"type":"assistant","message":{"content":[{"type":"text","text":"Grüße"}]}}'
        printf '{"type":"result","result":"Grüße","usage":{"input_tokens":3,"output_tokens":2}}'
        """;
    List<StreamEvent> events = new CopyOnWriteArrayList<>();
    LlmResponse answer =
        get(
            transport.stream(
                shell(Output.STREAM_JSON, lines),
                HELLO,
                Terms.DEFAULT,
                event -> {
                  events.add(event);
                  return StreamSink.READY;
                }));

    assertThat(answer.text()).isEqualTo("Grüße");
    assertThat(answer.model()).isEqualTo("claude-x");
    assertThat(events)
        .containsExactly(
            new StreamEvent.Reasoning("hmm"),
            new StreamEvent.Text("Grü"),
            new StreamEvent.Text("ße"),
            new StreamEvent.End(answer));
  }

  @Test
  void otherAgentsSpeakInLinesToo() throws Exception {
    String codex =
        """
        echo '{"type":"thread.started","thread_id":"t1"}'
        echo '{"type":"item.completed","item":{"type":"reasoning","text":"hmm"}}'
        echo '{"type":"item.completed","item":{"type":"agent_message","text":"hi"}}'
        echo '{"type":"turn.completed","usage":{"input_tokens":8,"cached_input_tokens":5,"output_tokens":2}}'
        """;
    String gemini =
        """
        echo '{"type":"init","session_id":"g1","model":"gemini-x"}'
        echo '{"type":"message","role":"user","content":"hello"}'
        echo '{"type":"message","role":"assistant","content":"hi","delta":true}'
        echo '{"type":"result","status":"success"}'
        """;
    String failed =
        "echo '{\"type\":\"turn.failed\",\"error\":{\"message\":\"usage limit reached\"}}'";

    LlmResponse answer =
        get(transport.send(shell(Output.STREAM_JSON, codex), HELLO, Terms.DEFAULT));
    assertThat(answer.text()).isEqualTo("hi");
    assertThat(answer.id()).isEqualTo("t1");
    assertThat(answer.usage()).isEqualTo(new Usage(8, 2, 5));
    assertThat(get(transport.send(shell(Output.STREAM_JSON, gemini), HELLO, Terms.DEFAULT)).text())
        .isEqualTo("hi");
    assertThat(
            error(transport.send(shell(Output.STREAM_JSON, failed), HELLO, Terms.DEFAULT))
                .message())
        .isEqualTo("usage limit reached");
  }

  @Test
  void textStreamsWithoutTheBlanksAtItsEnds() throws Exception {
    StringBuilder heard = new StringBuilder();
    LlmResponse answer =
        get(
            transport.stream(
                shell(Output.TEXT, "echo; echo one; sleep 0.05; echo two; echo"),
                HELLO,
                Terms.DEFAULT,
                event -> {
                  heard.append(event instanceof StreamEvent.Text text ? text.delta() : "");
                  return StreamSink.READY;
                }));

    assertThat(answer.text()).isEqualTo("one\ntwo").isEqualTo(heard.toString());
  }

  @Test
  void aProgramThatFailsSaysWhy() {
    ProviderError error =
        error(
            transport.send(
                shell(Output.TEXT, "echo part; echo 'no login' >&2; exit 3"),
                HELLO,
                Terms.DEFAULT));

    assertThat(error.code()).isEqualTo("exit_3");
    assertThat(error.message()).isEqualTo("the program ended with 3: 'no login'");
    assertThat(
            error(
                    transport.send(
                        shell(
                            Output.JSON,
                            "echo '{\"is_error\":true,\"subtype\":\"error_max_turns\",\"result\":\"too long\"}'"),
                        HELLO,
                        Terms.DEFAULT))
                .message())
        .isEqualTo("too long");
  }

  @Test
  void noAnswerIsGarbage() {
    for (Output output : Output.values()) {
      assertThat(error(transport.send(shell(output, "true"), HELLO, Terms.DEFAULT)).kind())
          .isEqualTo(ErrorKind.GARBAGE);
    }
    assertThat(
            error(transport.send(shell(Output.JSON, "echo 'Usage: x'"), HELLO, Terms.DEFAULT))
                .message())
        .contains("'Usage: x'");
    assertThat(
            error(
                    transport.send(
                        shell(Output.TEXT, "yes"),
                        HELLO,
                        Terms.DEFAULT.withLimits(Limits.DEFAULT.withBody(100_000))))
                .kind())
        .isEqualTo(ErrorKind.GARBAGE);
  }

  @Test
  void aProgramThatIsNotThereIsToldSo() {
    ProviderError error =
        error(transport.send(program(Output.TEXT, "/no/such/program"), HELLO, Terms.DEFAULT));

    assertThat(error.kind()).isEqualTo(ErrorKind.NETWORK);
    assertThat(error.message()).contains("/no/such/program cannot be run");
  }

  @Test
  void muchOnBothPipesStopsNobody() throws Exception {
    String noisy = "head -c 300000 /dev/zero | tr '\\0' e >&2; cat | wc -c";
    LlmRequest large = LlmRequest.of("route", "x".repeat(500_000));

    assertThat(get(transport.send(shell(Output.TEXT, noisy), large, Terms.DEFAULT)).text().strip())
        .isEqualTo("500000");
  }

  @Test
  void limitsKillTheWholeTree(@TempDir Path directory) throws Exception {
    Path pids = directory.resolve("pids");
    String tree =
        "trap '' TERM; echo $$ >> %1$s; (trap '' TERM; sh -c 'echo $$ >> %1$s; sleep 600') & echo ready; wait"
            .formatted(pids);
    Terms quick = Terms.DEFAULT.withLimits(Limits.DEFAULT.withTotal(Duration.ofSeconds(1)));

    assertThat(error(transport.send(shell(Output.TEXT, tree), HELLO, quick)).code())
        .isEqualTo("total_timeout");
    assertThat(Files.readAllLines(pids)).hasSizeGreaterThan(1);
    for (String pid : Files.readAllLines(pids)) {
      Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(pid));
      if (process.isPresent()) {
        var unused = process.get().onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void cancellingKillsTheProgram(@TempDir Path directory) throws Exception {
    Path pid = directory.resolve("pid");
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<LlmResponse> call =
        transport.stream(
                shell(Output.TEXT, "echo $$ > " + pid + "; echo ready; sleep 600"),
                HELLO,
                Terms.DEFAULT,
                event -> {
                  begun.countDown();
                  return StreamSink.READY;
                })
            .toCompletableFuture();
    assertThat(begun.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();

    call.cancel(true);

    assertThatThrownBy(call::join).isInstanceOf(CancellationException.class);
    Optional<ProcessHandle> process =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
    if (process.isPresent()) {
      var unused = process.get().onExit().get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
  }

  @Test
  void limitsOfAStreamAreToldApart() {
    Limits limits = Limits.DEFAULT;
    Duration soon = Duration.ofMillis(200);
    assertThat(
            error(
                    transport.stream(
                        shell(Output.TEXT, "sleep 600"),
                        HELLO,
                        Terms.DEFAULT.withLimits(limits.withFirst(soon)),
                        event -> StreamSink.READY))
                .code())
        .isEqualTo("first_token_timeout");
    assertThat(
            error(
                    transport.stream(
                        shell(Output.TEXT, "echo x; sleep 600"),
                        HELLO,
                        Terms.DEFAULT.withLimits(limits.withIdle(soon)),
                        event -> StreamSink.READY))
                .code())
        .isEqualTo("idle_timeout");
  }

  @Test
  void aChildThatKeepsThePipeOpenHoldsNobodyUp() throws Exception {
    assertThat(
            get(transport.send(shell(Output.TEXT, "sleep 20 & echo done"), HELLO, Terms.DEFAULT))
                .text())
        .isEqualTo("done");
  }

  @Test
  void aSinkThatRefusesEndsTheProgram() {
    assertThatThrownBy(() ->
            get(
                transport.stream(
                    shell(Output.TEXT, "echo x; sleep 600"),
                    HELLO,
                    Terms.DEFAULT,
                    event -> CompletableFuture.failedFuture(new IllegalStateException("enough")))))
        .hasRootCauseMessage("enough");
  }

  @Test
  void serversOfToolsGoIntoAFileOfTheirOwn(@TempDir Path directory) throws Exception {
    LlmRequest request =
        HELLO.toBuilder()
            .mcpServers(
                List.of(
                    new McpServer.Stdio("a", "run", List.of("-x"), Map.of("KEY", "${TOKEN}")),
                    new McpServer.Remote(
                        "b", "sse", "http://b", Map.of("h", "${TOKEN}"), List.of())))
            .build();
    LlmEndpoint endpoint =
        program(
            Output.TEXT,
            "/bin/sh",
            "-c",
            "echo \"$1\" >> " + directory.resolve("names") + "; cat \"$1\"",
            "sh",
            "{mcp_config}");
    List<CompletionStage<LlmResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      calls.add(transport.send(endpoint, request, Terms.DEFAULT));
    }
    for (CompletionStage<LlmResponse> call : calls) {
      assertThat(get(call).text())
          .isEqualTo(
              "{\"mcpServers\":{\"a\":{\"command\":\"run\",\"args\":[\"-x\"],\"env\":{\"KEY\":\"canary\"}},"
                  + "\"b\":{\"type\":\"sse\",\"url\":\"http://b\",\"headers\":{\"h\":\"canary\"}}}}");
    }
    List<String> files = Files.readAllLines(directory.resolve("names"));
    assertThat(files).doesNotHaveDuplicates().hasSize(4);
    assertThat(files).allSatisfy(file -> assertThat(Path.of(file)).doesNotExist());
    assertThatThrownBy(() -> get(transport.send(shell(Output.TEXT, "cat"), request, Terms.DEFAULT)))
        .hasCauseInstanceOf(UnsupportedToolStage.class);
  }

  @Test
  void eachEndpointGoesItsOwnWay() throws Exception {
    try (HttpTransport http = HttpTransport.builder().build()) {
      BackendTransport both = new BackendTransport(http, transport);
      LlmEndpoint cat = shell(Output.TEXT, "cat");

      assertThat(get(both.send(cat, HELLO, Terms.DEFAULT)).text()).isEqualTo("hello");
      assertThat(get(both.stream(cat, HELLO, Terms.DEFAULT, e -> StreamSink.READY)).text())
          .isEqualTo("hello");
      assertThatThrownBy(() -> http.send(cat, HELLO, Terms.DEFAULT))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
