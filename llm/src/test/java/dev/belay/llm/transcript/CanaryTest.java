package dev.belay.llm.transcript;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Hint;
import dev.belay.VirtualTime;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.Finish;
import dev.belay.llm.LlmRequest;
import dev.belay.llm.LlmResponse;
import dev.belay.llm.McpServer;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.ProviderError;
import dev.belay.llm.Tool;
import dev.belay.llm.Usage;
import dev.belay.llm.budget.Spent;
import dev.belay.llm.check.Finding;
import dev.belay.llm.check.Problem;
import dev.belay.llm.check.Remedy;
import dev.belay.llm.delay.Decision;
import dev.belay.llm.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A secret that is anywhere in a call is nowhere in its transcript. */
class CanaryTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sk-canary-0123456789abcdef",
        "sk-ant-api03-canary0123456789",
        "AIzaSyCanary0123456789012345",
        "Authorization: Bearer canary.0123456789",
        "Bearer canary0123456789",
        "x-api-key: canary0123",
        "{\"password\": \"canary-pass\"}",
        "{\\\"api_key\\\":\\\"canary-pass\\\"}",
        "https://ann:canary-pass@host.example/",
        "ghp_canary0123456789012345"
      })
  void noSecretSurvives(String secret) throws Exception {
    Transcripts transcripts =
        new Transcripts(
            folder, TranscriptSettings.DEFAULT, Runnable::run, new VirtualTime(), new Random(1));
    Place place = new Place(1, 1, secret, secret);
    CallRecord call =
        transcripts.begin(
            new CallStart(
                secret,
                secret,
                secret,
                request(secret),
                List.of(secret),
                Json.of(List.of(Json.EMPTY.with("type", Json.of(secret)))),
                Sample.TERMS));

    call.attempt(place, Duration.ZERO, WaitedFor.NOTHING);
    call.failed(
        place,
        new ProviderError(
            ErrorKind.AUTH, 401, secret, secret, secret, Hint.after(Duration.ZERO, secret)),
        Duration.ZERO,
        new Decision.Park(secret, Decision.UNKNOWN));
    call.answered(place, response(secret), 0, Duration.ZERO);
    call.checked(Finding.invalid(new Problem(secret, secret, secret, List.of(secret), secret)));
    call.checked(new Finding.Inconclusive(secret, Remedy.FAIL));
    call.end(new Ending(secret, secret), Spent.NOTHING, Duration.ZERO, Duration.ZERO);

    Path file = Sample.files(folder).getFirst();
    assertThat(Files.readString(file)).doesNotContainIgnoringCase("canary");
    assertThat(TranscriptFile.read(file).transcripts().getFirst().lines()).hasSize(7);
    assertThat(transcripts.health().errors()).isZero();
  }

  private static LlmRequest request(String secret) {
    return LlmRequest.to("smart")
        .messages(
            List.of(
                Message.system(secret),
                new Message(
                    Message.Role.ASSISTANT,
                    List.of(
                        new Part.ToolCall("1", secret, "{\"authorization\":\"canary-plain\"}"))),
                new Message(Message.Role.TOOL, List.of(new Part.ToolResult("1", secret, false)))))
        .tools(List.of(new Tool("t", secret, Json.EMPTY.with("token", Json.of("canary")))))
        .mcpServers(
            List.of(
                new McpServer.Stdio("a", "run", List.of(secret), Map.of("K", "canary-1")),
                new McpServer.Remote(
                    "b", "http", "https://u:canary@b.example", Map.of("A", "canary"), List.of())))
        .extra(Json.EMPTY.with("api_key", Json.of("canary-3")).with("note", Json.of(secret)))
        .build();
  }

  private static LlmResponse response(String secret) {
    LlmResponse.Choice choice =
        new LlmResponse.Choice(
            secret, List.of(new Part.ToolCall("1", "t", secret)), secret, Finish.STOP);
    return new LlmResponse(secret, secret, List.of(choice), Usage.NONE, secret);
  }
}
