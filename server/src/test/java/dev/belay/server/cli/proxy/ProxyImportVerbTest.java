package dev.belay.server.cli.proxy;

import static dev.belay.server.cli.proxy.ProxyShell.CANARY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.cli.Shell;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyProxy;
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
class ProxyImportVerbTest {
  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private Path file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text);
  }

  @Test
  void aListIsTakenEachProxyOnceAndWhatIsWrongIsTold() throws Exception {
    String list =
        """
        # some proxies
        http://ann:%s@127.0.0.1:7001
        127.0.0.1:7002:bob:%s
        http://ann:%s@127.0.0.1:7001
        http://127.0.0.1:7003
        nonsense:%s@
        """
            .formatted(CANARY, CANARY, CANARY, CANARY);
    try (ProxyShell belay = ProxyShell.serving("{url: \"http://127.0.0.1:7003\"}", "")) {
      Shell piped = belay.shell().typing(list);

      assertThat(belay.run(piped, "import", "-", "--tag=free")).isEqualTo(1);
      assertThat(piped.out().strip())
          .isEqualTo("added 2, known 1, twice in the list 1, bad 0, refused 1");
      assertThat(piped.err()).startsWith("not taken: line 6: ");
      assertThat(belay.run("list", "--tag=free")).isZero();
      assertThat(belay.out()).contains("http://127.0.0.1:7001", "http://127.0.0.1:7002");
    }
  }

  @Test
  void csvBringsRegionsAndJsonTags() throws Exception {
    Path csv = file("p.csv", "host,port,region\n127.0.0.1,7001,US-EAST\n127.0.0.1,7002,\n");
    Path json = file("p.json", "[{\"url\": \"socks5h://127.0.0.1:7003\", \"tags\": [\"paid\"]}]");
    try (ProxyShell belay = ProxyShell.serving("", "")) {
      String[] words = {
        "import", csv.toString(), "--scheme=socks5", "--region=no region", "--json"
      };
      assertThat(belay.run(words)).isEqualTo(1);
      assertThat(belay.json().get("added_count").asInt()).isEqualTo(1);
      JsonNode refused = belay.json().at("/refused/0");
      assertThat(refused.get("place").asString()).isEqualTo("socks5://127.0.0.1:7002");
      assertThat(refused.get("reason").asString()).contains("region");
      assertThat(belay.run("import", json.toString())).isZero();
      assertThat(belay.run("list")).isZero();
      assertThat(belay.out())
          .contains("socks5://127.0.0.1:7001", "US-EAST", "socks5h://127.0.0.1:7003", "paid");
    }
  }

  @Test
  void onlyThoseThatWorkAreAddedIfAsked() throws Exception {
    try (FaultyProxy good =
            FaultyProxy.start(FaultyProxy.Kind.HTTP, Script.of(Behaviour.forward()));
        ProxyShell belay = ProxyShell.serving("", "")) {
      Path list =
          file(
              "p.txt",
              "127.0.0.1:%d\n127.0.0.1:%d\n".formatted(ProxyShell.closedPort(), good.port()));

      assertThat(belay.run("import", list.toString(), "--check")).isZero();
      assertThat(belay.out()).contains("added 1,", "bad 1,");
      assertThat(belay.err()).startsWith("bad: http://127.0.0.1:");
      assertThat(belay.run("list", "--json")).isZero();
      assertThat(belay.json().at("/proxies/0/port").asInt()).isEqualTo(good.port());
    }
  }

  @Test
  void aLongListShowsHowFarItIs() throws Exception {
    String list =
        IntStream.range(0, 1_200)
            .mapToObj(i -> "10.0.%d.%d:3128".formatted(i / 200, i % 200))
            .collect(Collectors.joining("\n"));
    Path file = file("p.txt", list);
    try (ProxyShell belay = ProxyShell.serving("", "")) {
      assertThat(belay.run("import", file.toString())).isZero();
      assertThat(belay.out()).startsWith("added 1200,");
      assertThat(belay.err()).contains("500/1200", "[####################] 1200/1200");
      Shell live = belay.shell().withColours();
      assertThat(belay.run(live, "import", file.toString())).isZero();
      assertThat(live.out()).startsWith("added 0, known 1200");
      assertThat(live.err()).startsWith("\r").contains("\r\u001b[Kimported");
      assertThat(belay.run("list", "--limit=1100", "--json")).isZero();
      assertThat(belay.json().path("proxies").size()).isEqualTo(1_100);
    }
  }

  @Test
  void aListThatIsNoneChangesNothing() throws Exception {
    Path binary = folder.resolve("p.bin");
    Files.write(binary, new byte[] {0, 1, 2, 3});
    try (ProxyShell belay = ProxyShell.serving("", "")) {
      assertThat(belay.run("import", binary.toString())).isEqualTo(2);
      assertThat(belay.err()).contains("p.bin: the list is binary");
      assertThat(belay.run("list", "--json")).isZero();
      assertThat(belay.json().path("proxies").size()).isZero();
    }
  }
}
