package dev.belay.server.cli.proxy;

import static dev.belay.server.cli.proxy.ProxyShell.CANARY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.Shell;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The verbs that look at the pool of a running server and change it. */
@Timeout(60)
class ProxyVerbsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  @Test
  void aProxyIsAddedListedAndRemoved() throws Exception {
    try (ProxyShell belay = ProxyShell.serving("", "")) {
      String url = "socks5h://ann:%s%%40%%3A@127.0.0.1:7001".formatted(CANARY);

      assertThat(belay.run("add", url, "--region", "US-EAST", "--tag", "paid", "--tag", "fast"))
          .isZero();
      assertThat(belay.out()).startsWith("added ").contains("socks5h://127.0.0.1:7001");
      assertThat(belay.run("list")).isZero();
      assertThat(belay.out().lines().toList()).hasSize(2);
      assertThat(belay.out().lines().findFirst()).get().asString().startsWith("ID ");
      assertThat(belay.out())
          .contains("socks5h://127.0.0.1:7001", "closed", "US-EAST", "fast,paid");
      assertThat(belay.run("remove", "socks5h://127.0.0.1:7001")).isZero();
      assertThat(belay.out()).contains("removed socks5h://127.0.0.1:7001");
      assertThat(belay.run("list")).isZero();
      assertThat(belay.out()).contains("No proxies", "belay proxy add");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://ann:" + CANARY + "@127.0.0.1:7001",
        "http://ann@127.0.0.1:7001",
        "http://127.0.0.1:7001",
        "127.0.0.1:7001"
      })
  void aProxyIsRemovedByAnyOfItsNames(String name) throws Exception {
    String pool = "{url: \"http://ann:%s@127.0.0.1:7001\"}".formatted(CANARY);
    try (ProxyShell belay = ProxyShell.serving(pool, "")) {
      assertThat(belay.run("remove", name)).isZero();
      assertThat(belay.run("remove", name)).isEqualTo(1);
      assertThat(belay.err()).startsWith("not removed: ");
    }
  }

  @Test
  void theListIsSortedFilteredAndCut() throws Exception {
    String pool =
        """
        {url: "http://127.0.0.1:7001", tags: [paid]}, {url: "http://127.0.0.1:7002"},
        {url: "http://127.0.0.1:7003", tags: [paid]}\
        """;
    try (ProxyShell belay = ProxyShell.serving(pool, "")) {
      assertThat(belay.run("list", "--tag=paid", "--sort=-url", "--json")).isZero();
      assertThat(belay.json().path("proxies").valueStream().map(one -> one.get("port").asInt()))
          .containsExactly(7003, 7001);
      assertThat(belay.run("list", "--search=7002", "--state=closed")).isZero();
      assertThat(belay.out().lines()).hasSize(2);
      assertThat(belay.run("list", "--limit=1")).isZero();
      assertThat(belay.out().lines()).hasSize(2);
      assertThat(belay.run("list", "--limit=0")).isEqualTo(2);
      assertThat(belay.run("list", "--sort=beauty")).isEqualTo(1);
      assertThat(belay.err()).contains("sort");
    }
  }

  @Test
  void aStateIsAWordAndOnATerminalAColour() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy good =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        ProxyShell belay =
            ProxyShell.serving(
                "{url: \"http://127.0.0.1:%d\"}, {url: \"http://127.0.0.1:%d\"}"
                    .formatted(good.port(), ProxyShell.closedPort()),
                "")) {
      for (int i = 0; i < 10; i++) {
        assertThat(belay.through(origin.uri("/"))).isEqualTo(200);
      }

      assertThat(belay.run("list", "--state", "open")).isZero();
      assertThat(belay.out().lines()).hasSize(2);
      assertThat(belay.out()).contains(" open ", "0.0 %").doesNotContain("\u001b[");
      Shell colourful = belay.shell().withColours();
      assertThat(belay.run(colourful, "list")).isZero();
      assertThat(colourful.out()).contains("\u001b[31mopen", "\u001b[32mclosed");
    }
  }

  @Test
  void statisticsTellOfRetriesByAttemptAndProxy() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy good =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        ProxyShell belay =
            ProxyShell.serving(
                "{url: \"http://127.0.0.1:%d\"}, {url: \"http://127.0.0.1:%d\"}"
                    .formatted(ProxyShell.closedPort(), good.port()),
                "")) {
      assertThat(belay.run("stats")).isZero();
      assertThat(belay.out()).contains("0 requests", "http_proxy=");
      for (int i = 0; i < 4; i++) {
        assertThat(belay.through(origin.uri("/"))).isEqualTo(200);
      }

      assertThat(belay.run("stats", "--hours=1")).isZero();
      assertThat(belay.out())
          .contains("last 1 h", "4 requests", "100.0 % of requests", "connect ")
          .contains("ATTEMPT", "SUCCESSES", "###", "http://127.0.0.1:" + good.port());
      assertThat(belay.run("stats", "--json")).isZero();
      JsonNode summary = belay.json().path("summary");
      assertThat(summary.get("total_requests").asInt()).isEqualTo(4);
      assertThat(summary.at("/success_by_attempt/1").asInt()).isPositive();
      assertThat(belay.json().path("proxies").size()).isEqualTo(2);
      assertThat(belay.run("stats", "--hours=0")).isEqualTo(2);
    }
  }

  @Test
  void whatTheServerRefusesIsToldForEachProxy() throws Exception {
    try (ProxyShell belay = ProxyShell.serving("{url: \"http://127.0.0.1:7001\"}", "")) {
      String fresh = "http://127.0.0.1:7002";

      assertThat(belay.run("add", "127.0.0.1:7001", fresh, "--json")).isEqualTo(1);
      assertThat(belay.json().at("/failed/0/error").asString()).isEqualTo("PROXY_ALREADY_EXISTS");
      assertThat(belay.json().at("/added/0/url").asString()).isEqualTo(fresh);
      assertThat(belay.err()).startsWith("not added: http://127.0.0.1:7001: ");
      assertThat(belay.run("remove", "127.0.0.1:1", fresh, "--json")).isEqualTo(1);
      assertThat(belay.json().at("/failed/0/error").asString()).isEqualTo("PROXY_NOT_FOUND");
      assertThat(belay.json().at("/removed/0").asString()).isEqualTo(fresh);
    }
  }

  @Test
  void theTokenComesFromTheEnvironmentOrAFile() throws Exception {
    try (ProxyShell belay = ProxyShell.serving("", ", token: " + CANARY)) {
      Path file = Files.writeString(folder.resolve("token"), CANARY + "\n");

      assertThat(belay.run("list")).isEqualTo(1);
      assertThat(belay.err()).contains("wants a token", "BELAY_TOKEN", "--token-file");
      assertThat(belay.run("add", "127.0.0.1:7001")).isEqualTo(1);
      assertThat(belay.err()).startsWith("belay: ").contains("wants a token");
      assertThat(belay.run("remove", "127.0.0.1:7001")).isEqualTo(1);
      assertThat(belay.run("list", "--token-file", file.toString())).isZero();
      assertThat(belay.run(belay.shell().with("BELAY_TOKEN", CANARY), "list")).isZero();
      assertThat(belay.run(belay.shell().with("BELAY_TOKEN", CANARY + "2"), "list")).isEqualTo(1);
      assertThat(belay.run(belay.shell().with("BELAY_TOKEN", CANARY + " 2"), "list")).isEqualTo(2);
      assertThat(belay.run("list", "--token-file", folder.resolve("none").toString())).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "stats", "add 127.0.0.1:1", "remove x", "test --all"})
  void whereNobodyServesTheNextStepIsSaid(String words) throws Exception {
    try (ProxyShell belay = ProxyShell.alone()) {
      String url = "http://127.0.0.1:" + ProxyShell.closedPort();

      assertThat(belay.run((words + " --url " + url).split(" ", -1))).isEqualTo(1);
      assertThat(belay.err().lines()).hasSize(1);
      assertThat(belay.err())
          .contains("no server answers at " + url, "belay serve -c belay.yaml", "--url");
    }
  }

  @Test
  void aStrangerIsNotTakenForBelay() throws Exception {
    try (FaultyOrigin origin =
            FaultyOrigin.start(Script.of(Reply.ok("<html>"), Reply.status(404), Reply.reset()));
        ProxyShell belay = ProxyShell.alone()) {
      for (int i = 0; i < 3; i++) {
        assertThat(belay.run("list", "--url", origin.uri().toString())).isEqualTo(1);
        assertThat(belay.err()).contains("is not the control port of Belay", "--url");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "list --url ftp://127.0.0.1 | a server's URL is http://host:port",
        "list --url http://ann:c4nary@127.0.0.1:1 | a server's URL is http://host:port",
        "add ftp://ann:c4nary@h:1 | a proxy address must start with http://",
        "add http://ann:c4nary@h | has no port",
        "add h:1 --weight 0 | --weight must be above 0",
        "remove http://ann:c4nary@h | has no port",
        "list http://ann:c4nary@h:1 | Unmatched argument",
        "import nowhere.txt | cannot read nowhere.txt",
        "test | say which proxies to test",
        "test h:1 --all | say which proxies to test",
        "test h:1 --level http --target https://ann:c4nary@h/ | --target must be an http:// URL",
        "test h:1 --timeout soon | --timeout must be a length of time",
        "test h:1 --parallel 0 | --parallel must be 1 to 10000",
        "'' | Missing verb: list, add, remove, test, stats or import"
      })
  void saysInOneLineWhatIsWrongWithACommandAndHidesSecrets(String words, String message)
      throws Exception {
    try (ProxyShell belay = ProxyShell.alone()) {
      int code = words.isEmpty() ? belay.run() : belay.run(words.split(" ", -1));

      assertThat(code).isEqualTo(2);
      assertThat(belay.err().lines()).hasSize(1);
      assertThat(belay.err()).contains(message);
    }
  }

  @Test
  void theyAreCompletedInTheShell() {
    Shell shell = new Shell();

    assertThat(shell.run("completion")).isZero();
    assertThat(shell.out())
        .contains("\"list add remove test stats import\"")
        .contains("--token-file", "--level", "--sort");
  }
}
