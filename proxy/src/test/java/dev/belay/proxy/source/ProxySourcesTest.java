package dev.belay.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.BreakerPolicy;
import dev.belay.BreakerState;
import dev.belay.Endpoint;
import dev.belay.Time;
import dev.belay.http.ProxyAddress;
import dev.belay.proxy.Upstream;
import dev.belay.proxy.UpstreamPool;
import dev.belay.proxy.UpstreamPool.Entry;
import dev.belay.proxy.source.SourceStatus.State;
import dev.belay.select.RoundRobin;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProxySourcesTest {
  private static final Vertx VERTX = Vertx.vertx();

  @TempDir Path directory = Path.of("");

  private final List<AutoCloseable> open = new ArrayList<>();
  private final UpstreamPool pool =
      new UpstreamPool(new RoundRobin(), BreakerPolicy.DEFAULT, Time.system(), event -> {});
  private Gateway gateway = new Gateway("127.0.0.1", 1, "", "");
  private final ProxySources sources =
      closing(
          new ProxySources(
              VERTX,
              pool,
              () -> gateway,
              new ClientSSLOptions(),
              Time.system(),
              Thread::startVirtualThread,
              new SplittableRandom(1)));

  @AfterAll
  static void closeVertx() throws Exception {
    VERTX.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  private <C extends AutoCloseable> C closing(C closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  private void use(SourceSettings... settings) throws Exception {
    sources.use(List.of(settings)).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private List<String> names() {
    return pool.upstreams().stream().map(Upstream::name).toList();
  }

  private SourceStatus status() {
    return sources.status().getFirst();
  }

  private SourceStatus refresh(String name) throws Exception {
    return sources.refresh(name).orElseThrow().toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static void eventually(String what, Duration most, BooleanSupplier condition) {
    long end = System.nanoTime() + most.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - end).as("too late: " + what).isNegative();
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Nested
  class OfAFile {
    private Path file = Path.of("");

    @BeforeEach
    void chooseFile() {
      file = directory.resolve("proxies.txt");
    }

    private SourceSettings source() {
      return new SourceSettings.OfFile("mine", file, ListRules.DEFAULT);
    }

    private void awaitNames(String... names) {
      eventually(
          String.join(", ", names), Duration.ofSeconds(10), () -> names().equals(List.of(names)));
    }

    @Test
    void isThereWhenItIsFirstUsed() throws Exception {
      Files.writeString(file, "a.example:1\nnonsense\nb.example:2\n");
      use(source());

      assertThat(names()).containsExactly("http://a.example:1", "http://b.example:2");
      assertThat(status().state()).isEqualTo(State.GOOD);
      assertThat(status().proxies()).isEqualTo(2);
      assertThat(status().refused())
          .singleElement()
          .satisfies(refused -> assertThat(refused.place()).isEqualTo("line 2"));
    }

    @Test
    void aChangeIsTakenUpWithinTwoSeconds() throws Exception {
      Files.writeString(file, "a.example:1\n");
      use(source());
      Files.writeString(file, "b.example:1\n");

      eventually(
          "the change", Duration.ofSeconds(2), () -> names().equals(List.of("http://b.example:1")));
    }

    @Test
    void anAtomicReplaceIsTakenUp() throws Exception {
      Files.writeString(file, "a.example:1\n");
      use(source());
      Path next = directory.resolve("next.txt");
      Files.writeString(next, "b.example:1\n");
      // same size, same time: only the file is another one
      Files.setLastModifiedTime(next, Files.getLastModifiedTime(file));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

      awaitNames("http://b.example:1");
    }

    @Test
    void whoeverWritesInPiecesIsLetFinish() throws Exception {
      Files.writeString(file, "a.example:1\n");
      use(source());
      List<List<String>> seen = new ArrayList<>();
      Files.writeString(file, "");
      for (int i = 0; i < 40; i++) {
        Files.writeString(file, "h%02d.example:1\n".formatted(i), StandardOpenOption.APPEND);
        seen.add(names());
        LockSupport.parkNanos(50_000_000);
      }
      eventually("the whole list", Duration.ofSeconds(3), () -> names().size() == 40);
      assertThat(seen).allMatch(names -> names.equals(List.of("http://a.example:1")));
    }

    @Test
    void staysAsItWasWhileTheFileIsGoneOrNoGood() throws Exception {
      Files.writeString(file, "a.example:1\n");
      use(source());
      Files.delete(file);
      eventually("that it is gone", Duration.ofSeconds(5), () -> status().state() == State.STALE);
      assertThat(status().message()).contains("there is no file");

      Files.write(file, new byte[] {0, 1, 2, 3});
      eventually(
          "that it is binary",
          Duration.ofSeconds(5),
          () -> status().message().equals("the list is binary"));
      assertThat(refresh("mine").state()).isEqualTo(State.STALE);
      assertThat(names()).containsExactly("http://a.example:1");
      assertThat(status().proxies()).isEqualTo(1);

      Files.writeString(file, "nonsense\n");
      eventually(
          "that nothing in it is a proxy",
          Duration.ofSeconds(5),
          () -> status().message().contains("line 1"));
      assertThat(names()).containsExactly("http://a.example:1");

      Files.writeString(file, "b.example:1\n");
      awaitNames("http://b.example:1");
      assertThat(refresh("mine").state()).isEqualTo(State.GOOD);
      assertThat(status().message()).isEmpty();
    }

    @Test
    void onlyComesWhenItIsThere() throws Exception {
      use(source());
      assertThat(status().state()).isEqualTo(State.FAILED);
      Files.writeString(file, "a.example:1\n");
      awaitNames("http://a.example:1");
    }

    @Test
    void anEmptyFileIsAnEmptyList() throws Exception {
      Files.writeString(file, "a.example:1\n");
      use(source());
      Files.writeString(file, "# none today\n");
      awaitNames();
      assertThat(refresh("mine").state()).isEqualTo(State.GOOD);
    }

    @Test
    void isRefusedIfItIsTooLargeOrNoFile() throws Exception {
      Files.write(file, new byte[ProxyList.MOST_BYTES + 1]);
      use(source());
      assertThat(status().message()).isEqualTo("the list is larger than 10 MB");

      use(new SourceSettings.OfFile("directory", directory, ListRules.DEFAULT));
      assertThat(status().state()).isEqualTo(State.FAILED);
    }

    @Test
    void mayHoldTenThousandProxies() throws Exception {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10_000; i++) {
        text.append("h%d.example:80:us:p@ss%d\n".formatted(i, i));
      }
      Files.writeString(file, text);
      use(source());
      assertThat(pool.upstreams()).hasSize(10_000);
      List<Upstream> before = pool.upstreams();

      Files.writeString(file, text + "another.example:1\n");
      eventually("one more", Duration.ofSeconds(10), () -> pool.upstreams().size() == 10_001);
      assertThat(pool.upstreams().subList(0, 10_000)).isEqualTo(before);
    }
  }

  @Nested
  class ThePool {
    private Path one = Path.of("");
    private Path two = Path.of("");

    @BeforeEach
    void chooseFiles() {
      one = directory.resolve("one.txt");
      two = directory.resolve("two.txt");
    }

    private SourceSettings source(String name, Path path) {
      return new SourceSettings.OfFile(name, path, ListRules.DEFAULT);
    }

    @Test
    void isTheUnionOfWhatIsConfiguredAndAllSources() throws Exception {
      Endpoint.Traits configured = Endpoint.Traits.NONE.withRegion("EU");
      pool.replace(List.of(new Entry(ProxyAddress.parse("http://a.example:1"), configured)));
      Files.writeString(one, "a.example:1\nb.example:1\n");
      Files.writeString(two, "b.example:1\nc.example:1\n");
      use(source("one", one), source("two", two));

      assertThat(names())
          .containsExactlyInAnyOrder(
              "http://a.example:1", "http://b.example:1", "http://c.example:1");
      assertThat(pool.upstreams().getFirst().traits()).isEqualTo(configured);
      assertThat(pool.configured()).hasSize(1);
    }

    @Test
    void losesWhatASourceBroughtWhenThatIsTakenAway() throws Exception {
      pool.replace(List.of(Entry.of("http://a.example:1")));
      Files.writeString(one, "a.example:1\nb.example:1\n");
      Files.writeString(two, "b.example:1\nc.example:1\n");
      use(source("one", one), source("two", two));
      use(source("one", one));
      assertThat(names()).containsExactly("http://a.example:1", "http://b.example:1");
      use();
      assertThat(names()).containsExactly("http://a.example:1");
    }

    @Test
    void keepsBreakersAndRecordsThroughRefreshes() throws Exception {
      Files.writeString(one, "a.example:1\nu:1@b.example:1\n");
      use(source("one", one));
      Upstream a = pool.upstreams().getFirst();
      Upstream b = pool.upstreams().getLast();
      a.breaker().trip();
      b.breaker().trip();

      Files.writeString(one, "c.example:1\na.example:1\nu:2@b.example:1\n");
      assertThat(refresh("one").state()).isEqualTo(State.GOOD);
      eventually("the change", Duration.ofSeconds(5), () -> pool.upstreams().size() == 3);
      assertThat(pool.upstreams().get(1)).isSameAs(a);
      Upstream changed = pool.upstreams().get(2);
      assertThat(changed.address().credentials().orElseThrow().password()).isEqualTo("2");
      assertThat(changed.breaker()).isSameAs(b.breaker());
      assertThat(changed.breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void refusesTwoSourcesOfOneName() {
      assertThatThrownBy(() -> use(source("one", one), source("one", two)))
          .hasMessage("two sources are named one");
      assertThat(sources.refresh("one")).isEmpty();
    }
  }

  @Nested
  class OfAPage {
    private Duration timeout = Duration.ofSeconds(10);
    private boolean throughPool;

    private FaultyOrigin page(Script<ReceivedRequest, Reply> script) {
      return closing(FaultyOrigin.start(script));
    }

    private SourceSettings source(URI url) {
      SourceSettings.Refresh refresh =
          new SourceSettings.Refresh(Duration.ofMinutes(10), timeout, throughPool);
      return new SourceSettings.OfUrl("web", url, refresh, ListRules.DEFAULT);
    }

    private SourceStatus load(URI url) throws Exception {
      use(source(url));
      eventually("an answer", Duration.ofSeconds(15), () -> status().state() != State.WAITING);
      return status();
    }

    @Test
    void fillsThePool() throws Exception {
      FaultyOrigin page = page(Script.of(Reply.ok("{\"data\": [\"a.example:1\"]}")));

      assertThat(load(page.uri("/list")).state()).isEqualTo(State.GOOD);
      assertThat(names()).containsExactly("http://a.example:1");
    }

    @Test
    void asksOnlyForWhatIsNew() throws Exception {
      String modified = "Sun, 22 Nov 2026 09:00:00 GMT";
      FaultyOrigin page =
          page(
              Script.of(
                  Reply.ok("a.example:1")
                      .header("ETag", "\"one\"")
                      .header("Last-Modified", modified),
                  Reply.status(304),
                  Reply.ok("b.example:1")));
      load(page.uri("/"));

      assertThat(refresh("web").state()).isEqualTo(State.GOOD);
      assertThat(names()).containsExactly("http://a.example:1");
      ReceivedRequest second = page.requests().get(1);
      assertThat(second.header("If-None-Match")).contains("\"one\"");
      assertThat(second.header("If-Modified-Since")).contains(modified);
      refresh("web");
      assertThat(names()).containsExactly("http://b.example:1");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"500", "404", "reset", "half", "html", "empty", "binary", "garbage", "zip"})
    void keepsItsLastGoodListAndSaysSo(String way) throws Exception {
      Reply bad =
          switch (way) {
            case "500" -> Reply.status(500);
            case "404" -> Reply.status(404);
            case "reset" -> Reply.reset();
            case "half" -> Reply.ok("b.example:1\nc.example:1\n").truncatedAfter(12);
            case "html" -> Reply.ok("<html><body>Sorry!</body></html>");
            case "empty" -> Reply.ok("");
            case "binary" -> Reply.status(200).body(new byte[] {1, 2, 0, 3});
            case "garbage" -> Reply.raw("no HTTP at all\r\n\r\n");
            default -> Reply.ok("b.example:1").header("Content-Encoding", "gzip");
          };
      FaultyOrigin page = page(Script.of(Reply.ok("a.example:1"), bad));
      load(page.uri("/"));

      SourceStatus after = refresh("web");
      assertThat(after.state()).isEqualTo(State.STALE);
      assertThat(after.message()).isNotEmpty();
      assertThat(after.loadedAt()).isPresent();
      assertThat(after.proxies()).isEqualTo(1);
      assertThat(names()).containsExactly("http://a.example:1");
    }

    @Test
    void cutsOffAListThatIsFarTooLong() throws Exception {
      String million = "a.example:1\n".repeat(90_000);
      String[] pieces = new String[1_000];
      Arrays.fill(pieces, million);
      FaultyOrigin page =
          page(
              Script.of(Reply.ok("a.example:1"), Reply.status(200).chunked(Duration.ZERO, pieces)));
      load(page.uri("/"));

      SourceStatus after = refresh("web");
      assertThat(after.message()).isEqualTo("the list is larger than 10 MB");
      assertThat(names()).containsExactly("http://a.example:1");
      assertThat(page.awaitIdle(Duration.ofSeconds(10))).as("cut off, not read").isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"hang", "trickle"})
    void doesNotWaitForASlowOneForEver(String way) throws Exception {
      Reply slow =
          way.equals("hang")
              ? Reply.hang()
              : Reply.status(200)
                  .trickled(
                      Duration.ofMillis(100), "a.exa", "mple", ":1\n", "x", "y", "z", "a", "b");
      timeout = Duration.ofMillis(400);
      FaultyOrigin page = page(Script.of(slow));

      SourceStatus after = load(page.uri("/"));
      assertThat(after.state()).isEqualTo(State.FAILED);
      assertThat(after.message()).contains("in time");
      assertThat(pool.upstreams()).isEmpty();
      assertThat(page.awaitIdle(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void saysSoWhenNobodyIsThere() throws Exception {
      FaultyOrigin page = page(Script.of(Reply.ok("a.example:1")));
      URI url = page.uri("/?token=CANARY");
      page.kill();

      SourceStatus after = load(url);
      assertThat(after.state()).isEqualTo(State.FAILED);
      assertThat(after.toString()).doesNotContain("CANARY");
    }

    @Test
    void followsRedirectsButNotForEver() throws Exception {
      FaultyOrigin page =
          page(
              Script.answering(request -> {
                int hop = Integer.parseInt(request.path().substring(1));
                return hop == 0
                    ? Reply.ok("a.example:1")
                    : Reply.status(302).header("Location", "/" + (hop - 1));
              }));

      assertThat(load(page.uri("/5")).state()).isEqualTo(State.GOOD);
      use();
      assertThat(load(page.uri("/6")).message()).contains("redirects");
      assertThat(page.requestCount()).isEqualTo(6 + 6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "http://[bad", "ftp://x/", "mailto:a@b"})
    void doesNotFollowARedirectToAnythingElse(String location) throws Exception {
      FaultyOrigin page = page(Script.of(Reply.status(301).header("Location", location)));

      assertThat(load(page.uri("/")).message()).startsWith("a redirect leads");
    }

    @Test
    void sendsCredentialsToTheirOwnHostOnly() throws Exception {
      FaultyOrigin other = page(Script.of(Reply.ok("a.example:1")));
      FaultyOrigin own =
          page(Script.of(Reply.status(307).header("Location", other.uri("/").toString())));
      URI url = URI.create(own.uri("/x").toString().replace("http://", "http://me:CANARY@"));

      assertThat(load(url).state()).isEqualTo(State.GOOD);
      assertThat(own.requests().getFirst().header("Authorization")).isPresent();
      assertThat(own.requests().getFirst().text()).doesNotContain("CANARY");
      assertThat(other.requests().getFirst().header("Authorization")).isEmpty();
      assertThat(source(url).toString()).doesNotContain("CANARY");
    }

    @Test
    void goesThroughTheGatewayIfItIsToldTo() throws Exception {
      FaultyProxy proxy =
          closing(
              FaultyProxy.builder(FaultyProxy.Kind.HTTP)
                  .credentials("me", "pass")
                  .start(Script.of(Behaviour.forward())));
      gateway = new Gateway("127.0.0.1", proxy.port(), "me", "pass");
      throughPool = true;
      FaultyOrigin page = page(Script.of(Reply.ok("a.example:1")));

      assertThat(load(page.uri("/")).state()).isEqualTo(State.GOOD);
      assertThat(proxy.requestCount()).isEqualTo(1);
      assertThat(gateway.toString()).doesNotContain("pass");

      proxy.kill();
      assertThat(refresh("web").state()).isEqualTo(State.STALE);
      assertThat(page.requestCount()).as("never directly").isEqualTo(1);
    }
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> new SourceSettings.OfFile("a b", directory, ListRules.DEFAULT))
        .hasMessageContaining("name");
    assertThatThrownBy(() ->
            new SourceSettings.OfUrl(
                "a",
                URI.create("ftp://x/CANARY"),
                SourceSettings.Refresh.DEFAULT,
                ListRules.DEFAULT))
        .hasMessage("a source needs an http:// or https:// URL");
    assertThatThrownBy(
            () -> new SourceSettings.Refresh(Duration.ofMillis(999), Duration.ofSeconds(1), false))
        .hasMessageContaining("interval");
    assertThatThrownBy(
            () -> new SourceSettings.Refresh(Duration.ofSeconds(1), Duration.ZERO, false))
        .hasMessageContaining("timeout");
  }
}
