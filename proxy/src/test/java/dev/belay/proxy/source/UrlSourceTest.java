package dev.belay.proxy.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.proxy.source.SourceStatus.State;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A list of proxies on a page, which may be down, slow, moved or no list at all. */
class UrlSourceTest {
  private final SourcesHarness sources = new SourcesHarness();
  private Duration timeout = Duration.ofSeconds(10);
  private boolean throughPool;

  @AfterEach
  void close() throws Exception {
    sources.close();
  }

  private FaultyOrigin page(Script<ReceivedRequest, Reply> script) {
    return sources.closing(FaultyOrigin.start(script));
  }

  private SourceSettings source(URI url) {
    SourceSettings.Refresh refresh =
        new SourceSettings.Refresh(Duration.ofMinutes(10), timeout, throughPool);
    return new SourceSettings.OfUrl("web", url, refresh, ListRules.DEFAULT);
  }

  private SourceStatus load(URI url) throws Exception {
    sources.use(source(url));
    sources.eventually(
        "an answer", Duration.ofSeconds(15), () -> sources.status().state() != State.WAITING);
    return sources.status();
  }

  @Test
  void fillsThePool() throws Exception {
    FaultyOrigin page = page(Script.of(Reply.ok("{\"data\": [\"a.example:1\"]}")));

    assertThat(load(page.uri("/list")).state()).isEqualTo(State.GOOD);
    assertThat(sources.names()).containsExactly("http://a.example:1");
  }

  @Test
  void asksOnlyForWhatIsNew() throws Exception {
    String modified = "Sun, 22 Nov 2026 09:00:00 GMT";
    FaultyOrigin page =
        page(
            Script.of(
                Reply.ok("a.example:1").header("ETag", "\"one\"").header("Last-Modified", modified),
                Reply.status(304),
                Reply.ok("b.example:1")));
    load(page.uri("/"));

    assertThat(sources.refresh("web").state()).isEqualTo(State.GOOD);
    assertThat(sources.names()).containsExactly("http://a.example:1");
    ReceivedRequest second = page.requests().get(1);
    assertThat(second.header("If-None-Match")).contains("\"one\"");
    assertThat(second.header("If-Modified-Since")).contains(modified);
    sources.refresh("web");
    assertThat(sources.names()).containsExactly("http://b.example:1");
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

    SourceStatus after = sources.refresh("web");
    assertThat(after.state()).isEqualTo(State.STALE);
    assertThat(after.message()).isNotEmpty();
    assertThat(after.loadedAt()).isPresent();
    assertThat(after.proxies()).isEqualTo(1);
    assertThat(sources.names()).containsExactly("http://a.example:1");
  }

  @Test
  void cutsOffAListThatIsFarTooLong() throws Exception {
    String million = "a.example:1\n".repeat(90_000);
    String[] pieces = new String[1_000];
    Arrays.fill(pieces, million);
    FaultyOrigin page =
        page(Script.of(Reply.ok("a.example:1"), Reply.status(200).chunked(Duration.ZERO, pieces)));
    load(page.uri("/"));

    SourceStatus after = sources.refresh("web");
    assertThat(after.message()).isEqualTo("the list is larger than 10 MB");
    assertThat(sources.names()).containsExactly("http://a.example:1");
    assertThat(page.awaitIdle(Duration.ofSeconds(10))).as("cut off, not read").isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"hang", "trickle"})
  void doesNotWaitForASlowOneForEver(String way) throws Exception {
    Reply slow =
        way.equals("hang")
            ? Reply.hang()
            : Reply.status(200)
                .trickled(Duration.ofMillis(100), "a.exa", "mple", ":1\n", "x", "y", "z", "a", "b");
    timeout = Duration.ofMillis(400);
    FaultyOrigin page = page(Script.of(slow));

    SourceStatus after = load(page.uri("/"));
    assertThat(after.state()).isEqualTo(State.FAILED);
    assertThat(after.message()).contains("in time");
    assertThat(sources.pool().upstreams()).isEmpty();
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
    sources.use();
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
        sources.closing(
            FaultyProxy.builder(FaultyProxy.Kind.HTTP)
                .credentials("me", "pass")
                .start(Script.of(Behaviour.forward())));
    Gateway gateway = new Gateway("127.0.0.1", proxy.port(), "me", "pass");
    sources.gateway(gateway);
    throughPool = true;
    FaultyOrigin page = page(Script.of(Reply.ok("a.example:1")));

    assertThat(load(page.uri("/")).state()).isEqualTo(State.GOOD);
    assertThat(proxy.requestCount()).isEqualTo(1);
    assertThat(gateway.toString()).doesNotContain("pass");

    proxy.kill();
    assertThat(sources.refresh("web").state()).isEqualTo(State.STALE);
    assertThat(page.requestCount()).as("never directly").isEqualTo(1);
  }
}
