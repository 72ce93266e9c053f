package dev.belay.testkit.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultyMcpServerTest {
  private static String call(String tool) {
    return "{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"tools/call\",\"params\":{\"name\":\"%s\",\"arguments\":{\"q\":\"x\"}}}"
        .formatted(tool);
  }

  private static final String LIST = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}";

  @Test
  void theProgramAnswersLineByLineAndDiesWhenAsked() throws Exception {
    Process program =
        new ProcessBuilder(
                FaultyMcpServer.command(
                    Set.of(FaultyMcpServer.Manner.PAGED),
                    FaultyTool.answering("rain", "it rains"),
                    FaultyTool.dying("die", "alas")))
            .start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(program.getInputStream(), UTF_8))) {
      program.getOutputStream().write((LIST + "\n").getBytes(UTF_8));
      program.getOutputStream().flush();
      assertThat(out.readLine()).contains("\"rain\"", "\"nextCursor\":\"1\"");

      program.getOutputStream().write((call("rain") + "\n" + call("die") + "\n").getBytes(UTF_8));
      program.getOutputStream().flush();

      assertThat(program.waitFor()).isEqualTo(3);
      assertThat(new String(program.getErrorStream().readAllBytes(), UTF_8)).contains("alas");
    }
  }

  @Test
  void byHttpItAnswersByJsonOrByEvents() throws Exception {
    try (FaultyMcpServer plain = FaultyMcpServer.start(FaultyTool.failing("t", "no"));
        FaultyMcpServer streaming =
            FaultyMcpServer.start(
                Set.of(FaultyMcpServer.Manner.STREAMING),
                FaultyTool.doing("t", FaultyTool.Deed.ECHO));
        HttpClient client = HttpClient.newHttpClient()) {
      assertThat(post(client, plain).body()).startsWith("{").contains("\"isError\":true");
      assertThat(post(client, streaming).body())
          .startsWith("event: message\ndata: {")
          .contains("{\\\"q\\\":\\\"x\\\"}");
    }
  }

  private static HttpResponse<String> post(HttpClient client, FaultyMcpServer server)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri())
            .POST(HttpRequest.BodyPublishers.ofString(call("t")))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
