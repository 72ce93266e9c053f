package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.FaultyProxy.Outcome;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HttpProxyTest extends BeforeAnOrigin {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  @Test
  void forwardsPlainRequestsInOriginForm() throws Exception {
    origin.behave(Script.of(Reply.echo()));
    FaultyProxy proxy = proxy(Behaviour.forward());
    URI uri = URI.create("http://origin.test/a?b=c");

    HttpURLConnection connection =
        (HttpURLConnection) uri.toURL().openConnection(new Proxy(Proxy.Type.HTTP, proxy.address()));
    connection.setRequestProperty("Proxy-Authorization", "Basic " + basic("ann", "pass"));
    String body = new String(connection.getInputStream().readAllBytes(), UTF_8);

    assertThat(body).startsWith("GET /a?b=c HTTP/1.1\n").doesNotContain("Proxy-");
    assertThat(proxy.requests().getFirst())
        .isEqualTo(new ProxyRequest("GET", "origin.test", 80, true, "ann", 1));
    assertThat(proxy.requests().getFirst().isTunnel()).isFalse();
    assertThat(proxy.users()).containsExactly("ann");
    assertThat(proxy.targets()).containsExactly("origin.test:80");
    assertThat(proxy.count(Outcome.FORWARDED)).isEqualTo(1);
    assertThat(proxy.bytesUp()).isPositive();
    assertThat(proxy.bytesDown()).isGreaterThan(body.length());
  }

  private static String basic(String user, String password) {
    return Base64.getEncoder().encodeToString((user + ":" + password).getBytes(UTF_8));
  }

  @Test
  void keepsBothConnectionsForTheNextRequest() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = new Peer(proxy.port())) {
      for (int i = 0; i < 3; i++) {
        peer.get("http://origin.test/" + i).head();
        assertThat(peer.read(5)).isEqualTo("hello");
      }
    }

    assertThat(proxy.connectionCount()).isEqualTo(1);
    assertThat(origin.connectionCount()).isEqualTo(1);
    assertThat(origin.requestCount()).isEqualTo(3);
    assertThat(proxy.awaitIdle(PATIENCE)).isTrue();
    assertThat(origin.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void takesANewUpstreamWhenTheOldOneClosed() throws Exception {
    origin.behave(Script.of(Reply.ok("hello").stale()));
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = new Peer(proxy.port())) {
      for (int i = 0; i < 2; i++) {
        peer.get("http://origin.test/").head();
        assertThat(peer.read(5)).isEqualTo("hello");
        assertThat(origin.awaitIdle(PATIENCE)).isTrue();
      }
    }

    assertThat(origin.connectionCount()).isEqualTo(2);
  }

  @Test
  void passesBodiesOnBothWaysWhateverTheirFraming() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());
    String large = "0123456789".repeat(30_000);
    origin.behave(
        Script.answering(q ->
            switch (q.path()) {
              case "/chunked" -> Reply.status(200).chunked(Duration.ZERO, "a", q.bodyText());
              case "/close" -> Reply.ok(q.bodyText()).untilClose();
              default -> Reply.ok(q.bodyText());
            }));

    try (HttpClient client = through(proxy)) {
      for (String path : List.of("/length", "/chunked", "/close")) {
        HttpRequest.BodyPublisher body =
            path.equals("/close")
                ? BodyPublishers.fromPublisher(BodyPublishers.ofString(large)) // chunked
                : BodyPublishers.ofString(large);
        HttpRequest request =
            HttpRequest.newBuilder(URI.create("http://origin.test" + path)).POST(body).build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        assertThat(response.body()).isEqualTo(path.equals("/chunked") ? "a" + large : large);
      }
    }
  }

  private static HttpClient through(FaultyProxy proxy) {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1)
        .proxy(ProxySelector.of(proxy.address()))
        .build();
  }

  @Test
  void invitesABodyThatWaits() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward(), Behaviour.status(503));

    try (Peer peer = new Peer(proxy.port())) {
      for (int status : new int[] {200, 503}) {
        peer.send("POST http://origin.test/ HTTP/1.1\r\nExpect: 100-continue\r\n");
        peer.send("Content-Length: 2\r\n\r\n");
        assertThat(peer.head()).startsWith("HTTP/1.1 100");
        assertThat(peer.send("hi").head()).startsWith("HTTP/1.1 " + status);
        peer.read(status == 200 ? 5 : 0);
      }
    }
    assertThat(origin.requests().getFirst().bodyText()).isEqualTo("hi");
  }

  @Test
  void carriesATunnelWithHalfClose() throws Exception {
    origin.behave(Script.of(Reply.upgradeEcho()));
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = connect(proxy, "127.0.0.1:" + origin.port())) {
      assertThat(peer.head()).isEqualTo("HTTP/1.1 200 Connection established\r\n\r\n");
      peer.send("GET / HTTP/1.1\r\nUpgrade: echo\r\n\r\n").head();
      assertThat(peer.send("ping").read(4)).isEqualTo("ping");
      peer.send("last").socket.shutdownOutput();
      assertThat(peer.rest()).isEqualTo("last");
    }

    assertThat(proxy.requests().getFirst().byName()).isFalse();
    assertThat(proxy.requests().getFirst().isTunnel()).isTrue();
    assertThat(proxy.bytesDown()).isGreaterThan(8);
    assertThat(proxy.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void carriesAnUpgradeOfAPlainRequest() throws Exception {
    origin.behave(Script.of(Reply.upgradeEcho()));
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = new Peer(proxy.port())) {
      peer.send("GET http://origin.test/ HTTP/1.1\r\nUpgrade: echo\r\n\r\n");
      assertThat(peer.head()).startsWith("HTTP/1.1 101");
      assertThat(peer.send("ping").read(4)).isEqualTo("ping");
    }
  }

  @Test
  void resolvesOnlyTheNamesItWasTold() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());

    for (String target :
        List.of("origin.test:443", "other.test:81", "localhost:" + origin.port())) {
      try (Peer peer = connect(proxy, target)) {
        assertThat(peer.head()).as(target).startsWith("HTTP/1.1 200");
      }
    }
    for (String target : List.of("other.test:82", "unknown.test:80", "192.0.2.1:80")) {
      try (Peer peer = connect(proxy, target)) {
        assertThat(peer.head()).as(target).startsWith("HTTP/1.1 502");
      }
    }
    assertThat(proxy.count(Outcome.FAILED)).isEqualTo(3);
    assertThat(proxy.requests().getFirst().byName()).isTrue();
  }

  @Test
  void says502WhenTheTargetIsDeadOrSilent() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());
    origin.behave(Script.of(Reply.reset(), Reply.raw("garbage\r\n\r\n"), Reply.disconnect()));

    for (int i = 0; i < 3; i++) {
      try (Peer peer = plain(proxy, "http://origin.test/")) {
        assertThat(peer.head()).startsWith("HTTP/1.1 502").contains("Connection: close");
      }
    }
    origin.kill();
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(peer.head()).startsWith("HTTP/1.1 502");
    }
    assertThat(proxy.count(Outcome.FAILED)).isEqualTo(4);
  }

  @Test
  void asksForCredentialsBeforeTheScriptSeesTheRequest() throws Exception {
    FaultyProxy proxy =
        servers.closing(
            FaultyProxy.builder(Kind.HTTP)
                .resolve("origin.test", origin.port())
                .credentials("ann", "right:word")
                .start(Script.of(Behaviour.forward(), Behaviour.wrongCredentials())));
    String head = "GET http://origin.test/ HTTP/1.1\r\n";
    List<String> bad =
        List.of("", "Basic !!!", "Bearer x", "Basic bm9jb2xvbg==", "Basic " + basic("ann", "no"));

    try (Peer peer = new Peer(proxy.port())) {
      for (String shown : bad) {
        peer.send(head + "Proxy-Authorization: " + shown + "\r\n\r\n");
        assertThat(peer.head()).startsWith("HTTP/1.1 407").contains("Proxy-Authenticate: Basic");
      }
      String right = head + "Proxy-Authorization: basic " + basic("ann", "right:word") + "\r\n\r\n";
      assertThat(peer.send(right).head()).startsWith("HTTP/1.1 200");
      peer.read(5);
      assertThat(peer.send(right).head()).startsWith("HTTP/1.1 407");
    }
    assertThat(proxy.count(Outcome.UNAUTHORISED)).isEqualTo(6);
    assertThat(proxy.users()).containsExactly("ann");
    assertThat(new Credentials("ann", "secret").toString()).doesNotContain("secret");
  }

  @Test
  void diesAndComesBackOnItsPort() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());
    int port = proxy.port();

    try (Peer peer = connect(proxy, "origin.test:443")) {
      peer.head();
      proxy.kill();
      assertThat(peer.seesEnd()).isTrue();
    }
    assertThatThrownBy(() -> new Peer(port)).isInstanceOf(ConnectException.class);
    assertThat(origin.awaitIdle(PATIENCE)).isTrue();
    proxy.restart();
    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(peer.head()).startsWith("HTTP/1.1 200");
    }
    assertThat(proxy.uri()).hasToString("http://127.0.0.1:" + port);
    assertThat(proxy.kind()).isEqualTo(Kind.HTTP);
  }

  @Test
  void killsARequestThatWaitsForItsTarget() throws Exception {
    origin.behave(Script.of(Reply.hang()));
    FaultyProxy proxy = proxy(Behaviour.forward());

    try (Peer peer = plain(proxy, "http://origin.test/")) {
      assertThat(origin.awaitRequests(1, PATIENCE)).isTrue();
      proxy.close();
      assertThat(proxy.liveThreads()).isZero();
      assertThat(peer.seesEnd()).isTrue();
    }
    assertThat(origin.awaitIdle(PATIENCE)).isTrue();
  }

  @Test
  void refusesWhatIsNoRequestToAProxy() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());
    List<String> lines =
        List.of(
            "GET /", "GET ftp://a/", "GET http://:80/", "CONNECT origin.test", "CONNECT a:70000");

    for (String line : lines) {
      try (Peer peer = new Peer(proxy.port()).send(line + " HTTP/1.1\r\n\r\n")) {
        assertThat(peer.head()).as(line).startsWith("HTTP/1.1 400");
      }
    }
    assertThat(proxy.count(Outcome.MALFORMED)).isEqualTo(lines.size());
  }

  @Test
  void readsAddressesOfAllShapes() throws Exception {
    assertThat(Target.ofAbsolute("HTTP://u:p@A.Test?q")).isEqualTo(new Target("a.test", 80, "/?q"));
    assertThat(Target.ofAuthority("[::1]:8080")).isEqualTo(new Target("::1", 8080, ""));
    assertThat(Target.ofAuthority("[::1]:8080").byName()).isFalse();
    assertThat(new ProxyRequest("CONNECT", "::1", 8080, false, "", 1).target())
        .isEqualTo("[::1]:8080");
  }

  @Test
  void serves100ConnectionsAtOnce() throws Exception {
    FaultyProxy proxy = proxy(Behaviour.forward());
    Callable<Boolean> client =
        () -> {
          try (Peer peer = new Peer(proxy.port())) {
            for (int i = 0; i < 20; i++) {
              peer.get("http://origin.test/").head();
              if (!peer.read(5).equals("hello")) {
                return false;
              }
            }
            return true;
          }
        };

    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Boolean> each :
          threads.invokeAll(IntStream.range(0, 100).mapToObj(i -> client).toList())) {
        assertThat(each.get()).isTrue();
      }
    }
    assertThat(proxy.count(Outcome.FORWARDED)).isEqualTo(2_000);
    assertThat(origin.requestCount()).isEqualTo(2_000);
  }
}
