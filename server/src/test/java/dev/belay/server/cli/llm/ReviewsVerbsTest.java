package dev.belay.server.cli.llm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.llm.review.ReviewState;
import dev.belay.server.BelayServer;
import dev.belay.server.Parked;
import dev.belay.server.cli.Shell;
import dev.belay.server.config.BelayConfig;
import dev.belay.server.store.Store;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The verbs that look at the reviews of a running server and decide them. */
@Timeout(60)
class ReviewsVerbsTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String YAML =
      "control: {port: 0, token: t0ken}\nproxy: {port: 0, socks_port: 0}\n";

  private final Store store = Store.inMemory();
  private BelayServer server;
  private Shell shell = new Shell();

  @TempDir private Path folder;

  @BeforeEach
  void serve() throws Exception {
    server = BelayServer.start(BelayConfig.parse(YAML, "test", Map.of()), store);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private String park() {
    return store.reviews().park(Parked.any(), HOUR).ticket();
  }

  private int run(String... words) {
    return typing("", words);
  }

  private int typing(String typed, String... words) {
    List<String> all = new ArrayList<>(List.of("reviews"));
    all.addAll(List.of(words));
    if (words.length > 0) {
      all.add("--url=" + server.control());
    }
    shell = new Shell().with("BELAY_TOKEN", "t0ken").typing(typed);
    return shell.run(all.toArray(String[]::new));
  }

  private JsonNode json() {
    return new JsonMapper().readTree(shell.out());
  }

  @Test
  void whatWaitsIsListedWithItsAgeAndTheTimeThatIsLeft() {
    assertThat(run("list")).isZero();
    assertThat(shell.out()).contains("No call waits for a person.");
    String ticket = park();
    store.reviews().park(Parked.of("other", "Who\u001b[2J?\nx", "me", "p".repeat(99)), HOUR);

    assertThat(run("list")).isZero();
    assertThat(shell.out().lines()).hasSize(3);
    assertThat(shell.out())
        .contains(ticket, "open", "59m ", "acme", "How old is she?", "age must be 0 or more")
        .contains("Who [2J? x", "p".repeat(45) + "...")
        .doesNotContain("\u001b");
    assertThat(run("list", "--tenant", "other")).isZero();
    assertThat(shell.out().lines()).hasSize(2);
  }

  @Test
  void theListGoesOverPagesAndCanBeCut() {
    for (int i = 0; i < 105; i++) {
      park();
    }

    assertThat(run("list", "--json", "--state", "all")).isZero();
    assertThat(json().get("reviews")).hasSize(105);
    assertThat(run("list", "--json", "--limit", "102")).isZero();
    assertThat(json().get("reviews")).hasSize(102);
    assertThat(run("list", "--state", "approved,expired")).isZero();
    assertThat(shell.out()).contains("No review is like that.");
    assertThat(run("list", "--state", "lost")).isEqualTo(1);
    assertThat(shell.err()).contains("state is not right");
  }

  @Test
  void oneIsShownWithAllThatIsNeededToDecideIt() {
    String ticket = park();

    assertThat(run("show", ticket)).isZero();
    assertThat(shell.out())
        .contains("state     open, 59m", "attempts  4", "run-1")
        .contains("Question\n  How old is she?", "Answer\n  {\"age\": -1}")
        .contains("What is wrong\n  schema: age must be 0 or more");
    assertThat(run("show", ticket, "--json")).isZero();
    assertThat(json().at("/request/model").asString()).isEqualTo("best");
    run("reject", ticket, "--reason", "nobody knows", "--reviewer", "ann");
    assertThat(run("show", ticket)).isZero();
    assertThat(shell.out()).contains("rejected by ann at 20", "Decided reason\n  nobody knows");
  }

  @Test
  void eachDecisionIsMadeByItsVerb() throws Exception {
    Path file = Files.writeString(folder.resolve("answer.txt"), "{\"age\":\n 42}\n");
    String approved = park();
    String edited = park();
    String read = park();
    String typed = park();
    String retried = park();

    assertThat(run("approve", approved)).isZero();
    assertThat(shell.out())
        .isEqualToIgnoringNewLines(
            "approved %s by %s".formatted(approved, System.getProperty("user.name")));
    assertThat(run("edit", edited, "--answer", "42", "--json", "--reviewer=ann")).isZero();
    assertThat(json().at("/decision/answer").asString()).isEqualTo("42");
    assertThat(json().get("reviewer").asString()).isEqualTo("ann");
    assertThat(run("edit", read, "--file", file.toString(), "--json")).isZero();
    assertThat(json().at("/decision/answer").asString()).isEqualTo("{\"age\":\n 42}");
    assertThat(typing("43\r\n", "edit", typed, "--file", "-", "--json")).isZero();
    assertThat(json().at("/decision/answer").asString()).isEqualTo("43");
    assertThat(run("retry", retried, "--note", "in years", "--extra=3", "--json")).isZero();
    assertThat(json().at("/decision/extra_attempts").asInt()).isEqualTo(3);
    assertThat(store.reviews().stats().byState().get(ReviewState.EDITED)).isEqualTo(3);
  }

  @Test
  void theSameTwiceIsHarmlessAndAnotherOneFails() {
    String ticket = park();
    run("approve", ticket, "--reviewer=ann");

    assertThat(run("approve", ticket, "--reviewer=bob")).isZero();
    assertThat(shell.out()).contains("by ann");
    assertThat(run("reject", ticket, "--reason=no")).isEqualTo(1);
    assertThat(shell.err()).contains("APPROVED by ann").hasLineCount(1);
    assertThat(run("approve", "rev-none")).isEqualTo(1);
    assertThat(shell.err()).contains("no such review");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | Missing verb: list, show, approve, edit, retry or reject",
        "list --limit 0 | --limit must be at least 1, was 0",
        "show | Missing required parameter: 'TICKET'",
        "edit T | Missing required argument (specify one of these): (--answer=TEXT | --file=FILE)",
        "edit T --answer x --file y | are mutually exclusive",
        "edit T --answer= | --answer must not be empty",
        "edit T --file nowhere.txt | cannot read nowhere.txt; is it there?",
        "retry T | Missing required option: '--note=TEXT'",
        "retry T --note=x --extra=21 | --extra must be 1 to 20, was 21",
        "reject T | Missing required option: '--reason=TEXT'"
      })
  void saysInOneLineWhatIsWrongWithACommand(String words, String message) {
    int code = words.isEmpty() ? run() : run(words.split(" ", -1));

    assertThat(code).isEqualTo(2);
    assertThat(shell.err().lines()).hasSize(1);
    assertThat(shell.err()).contains(message);
  }
}
