package dev.belay.server.cli.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.server.BelayServer;
import dev.belay.server.cli.DocumentsTest;
import dev.belay.server.cli.DocumentsTest.Block;
import dev.belay.server.cli.Shell;
import dev.belay.server.config.BelayConfig;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs each command of the guides against a server with the configuration that stands there. Only
 * addresses are others: proxies and targets are on this machine, and ports are free ones.
 */
@Timeout(120)
class GuideTest {
  private static final String GUIDE = "proxy.md";

  @TempDir
  @SuppressWarnings("NullAway.Init") // set before each test
  private Path folder;

  private final List<AutoCloseable> open = new ArrayList<>();

  /** What stands in the guides, and what it is here. */
  private final Map<String, String> here = new LinkedHashMap<>();

  @SuppressWarnings("NullAway.Init") // set before each test
  private BelayServer server;

  @BeforeEach
  void serve() throws Exception {
    FaultyOrigin origin = closing(FaultyOrigin.start(Script.of(Reply.ok("hello"))));
    for (int i = 1; i <= 4; i++) {
      boolean socks = i == 3;
      FaultyProxy.Builder proxy =
          FaultyProxy.builder(socks ? FaultyProxy.Kind.SOCKS5 : FaultyProxy.Kind.HTTP)
              .resolve("example.com", origin.port());
      if (i == 1) {
        proxy.credentials("user", "secret");
      }
      int port = closing(proxy.start(Script.of(Behaviour.forward()))).port();
      String name = "proxy-%d.example".formatted(i);
      String named = socks ? "1080" : "3128";
      here.put(name + ":" + named, "127.0.0.1:" + port);
      here.put(name + "%3A" + named, "127.0.0.1%3A" + port);
    }
    Path config =
        Files.writeString(folder.resolve("belay.yaml"), local(guide("yaml").getFirst().text()));
    Path list =
        Files.writeString(
            folder.resolve("proxies.txt"),
            local("http://user:secret@proxy-1.example:3128\nsocks5h://proxy-3.example:1080\n"));
    Optional<Integer> any = Optional.of(0);
    server = BelayServer.start(BelayConfig.load(config, Map.of()).withPorts(any, any, any));
    here.put("http://127.0.0.1:8080", server.control());
    here.put("127.0.0.1:8118", server.proxy());
    here.put(" belay.yaml", " " + config);
    here.put(" proxies.txt", " " + list);
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  private <C extends AutoCloseable> C closing(C closeable) {
    open.add(closeable);
    return closeable;
  }

  private String local(String text) {
    String local = text;
    for (Map.Entry<String, String> one : here.entrySet()) {
      local = local.replace(one.getKey(), one.getValue());
    }
    return local;
  }

  private static List<Block> guide(String language) throws IOException {
    return blocks(language, GUIDE);
  }

  private static List<Block> blocks(String language, String file) throws IOException {
    return DocumentsTest.blocks(language).stream()
        .filter(block -> block.file().endsWith(file))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {GUIDE, "troubleshooting.md"})
  void eachCommandWorks(String file) throws Exception {
    List<Block> blocks = blocks("sh", file);
    assertThat(blocks).hasSizeGreaterThan(10);
    for (Block block : blocks) {
      for (String line : block.text().lines().map(this::local).toList()) {
        if (!line.startsWith("./belay")) {
          inShell(line);
        } else if (!line.startsWith("./belay serve")) { // that one runs already
          belay(line);
        }
      }
    }
  }

  private void belay(String line) {
    List<String> words = new ArrayList<>(List.of(line.split(" ", -1)));
    words.removeFirst();
    if (words.getFirst().equals("proxy") && !words.contains("--url")) {
      words.add("--url=" + server.control());
    }
    Shell shell = new Shell();

    int code = shell.run(words.toArray(String[]::new));

    assertThat(code).as("%s: %s%s", line, shell.out(), shell.err()).isZero();
    assertThat(shell.out()).as(line).isNotBlank();
  }

  private void inShell(String line) throws Exception {
    String careful = line.replaceFirst("^curl ", "curl --fail-with-body --max-time 30 -sS ");
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", "-c", careful);
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    Process process =
        builder
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assertThat(process.waitFor(40, TimeUnit.SECONDS)).as(line).isTrue();
    String out = Files.readString(folder.resolve("out"), StandardCharsets.UTF_8);
    assertThat(process.exitValue()).as("%s: %s", line, out).isZero();
    assertThat(out).as(line).isNotBlank().doesNotContain("secret");
  }

  @Test
  void allMetricsOfTheGuideAreThere() throws Exception {
    String guide = Files.readString(DocumentsTest.ROOT.resolve("docs/" + GUIDE));
    String scraped = get("/metrics");
    Matcher names = Pattern.compile("`(belay_[a-z0-9_]+)(\\{[a-z]+})?`").matcher(guide);
    int found = 0;
    while (names.find()) {
      String name = names.group(1);
      assertThat(scraped).as(name).contains("\n" + name);
      found++;
    }
    assertThat(found).isGreaterThan(20);
  }

  @Test
  void allPathsOfTheGuideAreThere() throws Exception {
    String guide = Files.readString(DocumentsTest.ROOT.resolve("docs/" + GUIDE));
    String described = get("/openapi.json");
    String table = guide.substring(guide.indexOf("## REST in short"), guide.indexOf("**Token**"));
    Matcher paths = Pattern.compile("`(?:GET |POST |DELETE )?(/[a-z/{}-]+)`").matcher(table);
    int found = 0;
    while (paths.find()) {
      assertThat(described).contains(paths.group(1).replaceAll("\\{.*", "").replaceAll("/$", ""));
      found++;
    }
    assertThat(found).isGreaterThan(15);
  }

  private String get(String path) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(server.control() + path)).build(),
              BodyHandlers.ofString())
          .body();
    }
  }
}
