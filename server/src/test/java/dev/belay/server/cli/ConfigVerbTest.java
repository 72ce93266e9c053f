package dev.belay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.config.ConfigSchema;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ConfigVerbTest {
  private static final String CANARY = "CANARY+/7";
  private static final String GOOD =
      """
      control: {host: "::1", port: 0, token: "${TOKEN}"}
      store: {url: "postgresql://belay:CANARY+/7@db/belay"}
      policies: {patient: {max_attempts: 5}}
      proxy:
        users: {alice: "CANARY+/7"}
        pool: [{url: "http://user:CANARY+/7@proxy:3128"}]
      """;

  @TempDir private Path directory = Path.of(".");
  private final Shell shell = new Shell().with("TOKEN", CANARY);

  @Test
  void saysOkAndWhatIsInIt() {
    Path file = Shell.file(directory, GOOD);

    assertThat(shell.run("config", "check", "-c", file.toString())).isZero();

    assertThat(shell.out())
        .startsWith(file + ": ok")
        .contains("[::1]:0", "postgresql", "patient", "127.0.0.1:8118", "127.0.0.1:8119")
        .doesNotContain(CANARY);
    assertThat(shell.err()).isEmpty();
  }

  @Test
  void saysItToPrograms() {
    Path file = Shell.file(directory, GOOD);

    assertThat(shell.run("config", "check", "--json", "--config=" + file)).isZero();

    JsonNode answer = new JsonMapper().readTree(shell.out());
    assertThat(answer.get("ok").asBoolean()).isTrue();
    assertThat(answer.get("pool").asInt()).isEqualTo(1);
    assertThat(answer.get("control_token").asBoolean()).isTrue();
    assertThat(shell.out()).doesNotContain(CANARY);
  }

  @Test
  void tellsEveryProblem() {
    Path file = Shell.file(directory, "control: {prot: 1}\nretry: {max_attempts: 11}\n");

    assertThat(shell.run("config", "check", "-c", file.toString())).isEqualTo(2);

    assertThat(shell.out()).isEmpty();
    assertThat(shell.err().lines())
        .containsExactly(
            "belay: "
                + file
                + ":1: control.prot: unknown key; did you mean port? known here: host, port, token,"
                + " strict_status_codes",
            "belay: " + file + ":2: retry.max_attempts: must be a whole number, 1 to 10; was 11");
  }

  @Test
  void tellsProgramsEveryProblem() {
    Path file = Shell.file(directory, "a: 1\n\nretry: {max_attempts: 11}\n");

    assertThat(shell.run("--json", "config", "check", "-c", file.toString())).isEqualTo(2);

    JsonNode problem = new JsonMapper().readTree(shell.out()).at("/problems/1");
    assertThat(problem.get("line").asInt()).isEqualTo(3);
    assertThat(problem.get("path").asString()).isEqualTo("retry.max_attempts");
    assertThat(problem.get("message").asString()).contains("1 to 10");
  }

  @Test
  void aMissingFileIsABadConfiguration() {
    Path file = directory.resolve("none.yaml");

    assertThat(shell.run("config", "check", "-c", file.toString())).isEqualTo(2);

    assertThat(shell.err()).isEqualToIgnoringNewLines("belay: " + file + ": there is no such file");
  }

  @Test
  void printsTheSchema() {
    assertThat(shell.run("config", "schema")).isZero();
    assertThat(shell.out()).isEqualTo(ConfigSchema.text());
  }
}
