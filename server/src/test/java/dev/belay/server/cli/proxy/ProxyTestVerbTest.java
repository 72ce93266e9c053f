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
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class ProxyTestVerbTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private static FaultyProxy forwarding() {
    return FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
  }

  private static FaultyProxy guarded() {
    return FaultyProxy.builder(FaultyProxy.Kind.HTTP)
        .credentials("ann", CANARY)
        .start(Script.of(Behaviour.forward()));
  }

  @Test
  void oneBadProxyIsEnoughToFailAndItIsSaidWhy() throws Exception {
    int closed = ProxyShell.closedPort();
    try (FaultyProxy good = forwarding();
        ProxyShell belay = ProxyShell.alone()) {
      String fine = "127.0.0.1:" + good.port();

      assertThat(belay.run("test", fine)).isZero();
      assertThat(belay.out()).contains("works", "http://" + fine, "tcp", "1 of 1 work");
      assertThat(belay.run("test", fine, "127.0.0.1:" + closed)).isEqualTo(1);
      assertThat(belay.out()).contains("bad", "cannot be reached", "1 of 2 work");
      Shell colourful = belay.shell().withColours();
      belay.run(colourful, "test", fine, "127.0.0.1:" + closed);
      assertThat(colourful.out()).contains("\u001b[32mworks", "\u001b[31mbad");
      assertThat(colourful.err()).contains("2/2  working 1");
    }
  }

  @Test
  void programsGetEveryDetail() throws Exception {
    int closed = ProxyShell.closedPort();
    try (FaultyProxy good = forwarding();
        ProxyShell belay = ProxyShell.alone()) {
      int code = belay.run("test", "127.0.0.1:" + good.port(), "127.0.0.1:" + closed, "--json");

      JsonNode all = belay.json();
      assertThat(code).isEqualTo(1);
      assertThat(all.get("level").asString()).isEqualTo("tcp");
      assertThat(all.get("total").asInt()).isEqualTo(2);
      assertThat(all.get("working").asInt()).isEqualTo(1);
      assertThat(all.at("/proxies/0/working").asBoolean()).isTrue();
      assertThat(all.at("/proxies/0/latency").asDouble()).isPositive();
      assertThat(all.at("/proxies/1/error").asString()).isEqualTo("connect");
      assertThat(all.at("/proxies/1/reason").asString()).isNotEmpty();
    }
  }

  @Test
  void pagesAreFetchedWithCredentialsAndAnonymityIsFoundOut() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.echo()));
        FaultyProxy proxy = guarded();
        ProxyShell belay = ProxyShell.alone()) {
      String[] options = {
        "--level=http", "--target=" + origin.uri("/"), "--judge=" + origin.uri("/judge"), "--json"
      };
      String known = "http://ann:%s@127.0.0.1:%d".formatted(CANARY, proxy.port());
      String unknown = "http://127.0.0.1:" + proxy.port();

      assertThat(belay.run("test", known, options[0], options[1], options[2], options[3])).isZero();
      assertThat(belay.json().at("/proxies/0/anonymity").asString())
          .isIn("elite", "anonymous", "transparent");
      assertThat(belay.run("test", unknown, options[0], options[1], options[3])).isEqualTo(1);
      assertThat(belay.json().at("/proxies/0/error").asString()).isEqualTo("auth");
      assertThat(belay.json().at("/proxies/0/reason").asString()).contains("another login");
    }
  }

  @Test
  void aLongListIsCheckedInParallelAndBadLinesCount() throws Exception {
    try (FaultyProxy good = forwarding();
        ProxyShell belay = ProxyShell.alone()) {
      String lines =
          IntStream.range(0, 150)
              .mapToObj(i -> "http://u%d:%s@127.0.0.1:%d".formatted(i, CANARY, good.port()))
              .collect(Collectors.joining("\n"));
      Path list = Files.writeString(folder.resolve("p.txt"), lines);

      assertThat(belay.run("test", "--file", list.toString(), "--parallel=20")).isZero();
      assertThat(belay.out()).contains("150 of 150 work");
      assertThat(belay.err()).contains("150/150  working 150");
      Shell piped = belay.shell().typing("127.0.0.1:%d\nnonsense\n".formatted(good.port()));
      assertThat(belay.run(piped, "test", "--file=-")).isEqualTo(1);
      assertThat(piped.out()).contains("line 2: ", "1 of 1 work, 1 lines are no proxies");
    }
  }

  @Test
  void aWholeConfigurationIsCheckedByItsOwnRules() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy proxy = guarded();
        ProxyShell belay = ProxyShell.alone()) {
      Path config =
          Shell.file(
              folder,
              """
              proxy:
                health: {level: http, url: "%s", timeout: 2s}
                pool: [{url: "http://ann:${PASS}@127.0.0.1:%d"}]
              """
                  .formatted(origin.uri("/"), proxy.port()));
      Shell shell = belay.shell().with("PASS", CANARY);

      assertThat(belay.run(shell, "test", "--all", "-c", config.toString())).isZero();
      assertThat(shell.out()).contains("http://127.0.0.1:" + proxy.port(), "http ");
      assertThat(origin.requestCount()).isEqualTo(1);
    }
  }

  @Test
  void thePoolOfAServerIsCheckedAsFarAsItsPasswordsAreNotNeeded() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy open = forwarding();
        FaultyProxy guarded = guarded();
        ProxyShell belay =
            ProxyShell.serving(
                "{url: \"http://127.0.0.1:%d\"}, {url: \"http://ann:%s@127.0.0.1:%d\"}"
                    .formatted(open.port(), CANARY, guarded.port()),
                "")) {
      assertThat(belay.run("test", "--all")).isZero();
      assertThat(belay.out()).contains("http://127.0.0.1:" + guarded.port(), "2 of 2 work");
      assertThat(belay.run("test", "--all", "--level=http", "--target=" + origin.uri("/")))
          .isEqualTo(1);
      assertThat(belay.out()).contains("only the server knows its password", "1 of 2 work");
    }
  }

  @Test
  void aServerChecksItsPoolItselfWithItsPasswords() throws Exception {
    try (FaultyOrigin origin = FaultyOrigin.start(Script.of(Reply.ok("hello")));
        FaultyProxy guarded = guarded();
        ProxyShell belay =
            ProxyShell.serving(
                "{url: \"http://ann:%s@127.0.0.1:%d\"}, {url: \"http://127.0.0.1:1\"}"
                    .formatted(CANARY, guarded.port()),
                "",
                ", health: {level: http, url: \"%s\"}".formatted(origin.uri("/")))) {
      assertThat(belay.run("test", "--all", "--by-server")).isEqualTo(1);
      assertThat(belay.out())
          .contains("http://127.0.0.1:" + guarded.port(), "1 of 2 work")
          .doesNotContain(CANARY);
      assertThat(belay.run("test", "h:1", "--by-server")).isEqualTo(2);
    }
  }
}
