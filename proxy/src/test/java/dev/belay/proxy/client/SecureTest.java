package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.ErrorClass;
import dev.belay.proxy.client.ProxyRequest.Method;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import dev.belay.testkit.TestCertificate;
import java.net.URI;
import java.net.http.HttpClient.Version;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS from here to the target, through proxies of every kind. */
@Timeout(30)
class SecureTest {
  private final ClientHarness harness = new ClientHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void httpGoesThroughEveryKindOfProxy(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("plain")));
    FaultyProxy proxy = harness.proxy(kind);

    ProxyResponse response = harness.get(origin.uri("/path?query=1"));

    assertThat(response.text()).isEqualTo("plain");
    assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
    assertThat(origin.requests().getFirst().target()).isEqualTo("/path?query=1");
    assertThat(origin.requests().getFirst().header("Host")).contains("127.0.0.1:" + origin.port());
    boolean absolute = kind == Kind.HTTP || kind == Kind.HTTPS;
    assertThat(proxy.requests().getFirst().isTunnel()).isNotEqualTo(absolute);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void httpsGoesThroughATunnelOfEveryKindOfProxy(Kind kind) throws Exception {
    FaultyOrigin origin = harness.tlsOrigin(Script.of(Reply.ok("secret")));
    FaultyProxy proxy = harness.proxy(kind);

    ProxyResponse response = harness.get(origin.uri("/path"));

    assertThat(response.text()).isEqualTo("secret");
    assertThat(response.version()).isEqualTo(Version.HTTP_1_1);
    assertThat(proxy.requests()).hasSize(1).allMatch(one -> one.isTunnel());
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void http2IsSpokenWhereTheTargetWants(Kind kind) throws Exception {
    Http2Origin origin = harness.http2Origin();
    harness.proxy(kind);
    ProxyRequest request =
        ProxyRequest.builder(Method.POST, origin.uri("/path?q=1"))
            .header("X-Case", "kept")
            .body("question")
            .build();

    ProxyResponse response = harness.client().send(request);

    assertThat(response.version()).isEqualTo(Version.HTTP_2);
    assertThat(response.text()).isEqualTo("two");
    Http2Origin.Seen seen = origin.seen().getFirst();
    assertThat(seen.method()).isEqualTo("POST");
    assertThat(seen.scheme()).isEqualTo("https");
    assertThat(seen.authority()).isEqualTo(origin.uri("/").getAuthority());
    assertThat(seen.path()).isEqualTo("/path?q=1");
    assertThat(seen.body()).isEqualTo("question");
  }

  @Test
  void http2CanBeLeftOut() throws Exception {
    Http2Origin origin = harness.http2Origin();
    harness.proxy(Kind.HTTP);
    harness.builder().http2(false);

    assertThat(harness.get(origin.uri("/")).version()).isEqualTo(Version.HTTP_1_1);
  }

  @Test
  void manyRequestsShareOneConnectionOfHttp2() throws Exception {
    Http2Origin origin = harness.http2Origin();
    harness.proxy(Kind.SOCKS5);
    List<CompletableFuture<ProxyResponse>> responses = new ArrayList<>();

    for (int i = 0; i < 50; i++) {
      responses.add(harness.client().sendAsync(ProxyRequest.get(origin.uri("/" + i))));
    }
    for (CompletableFuture<ProxyResponse> response : responses) {
      assertThat(response.get(20, TimeUnit.SECONDS).text()).isEqualTo("two");
    }

    assertThat(origin.connections()).isEqualTo(1);
    assertThat(harness.client().connections()).isEqualTo(1);
    harness.awaitQuiet();
  }

  @Test
  void moreRequestsThanStreamsWaitOrOpenAnotherConnection() throws Exception {
    Http2Origin origin = harness.http2Origin();
    harness.proxy(Kind.SOCKS5);
    List<CompletableFuture<ProxyResponse>> responses = new ArrayList<>();

    for (int i = 0; i < 300; i++) {
      responses.add(harness.client().sendAsync(ProxyRequest.get(origin.uri("/" + i))));
    }
    for (CompletableFuture<ProxyResponse> response : responses) {
      assertThat(response.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    }

    assertThat(origin.seen()).hasSize(300);
    assertThat(origin.connections()).isLessThanOrEqualTo(5);
    harness.awaitQuiet();
  }

  @Test
  void answersInsideTlsAreRetriedByTheirStatus() throws Exception {
    FaultyOrigin origin =
        harness.tlsOrigin(Script.of(Reply.status(503), Reply.status(502), Reply.ok("at last")));
    harness.proxy(Kind.HTTP);
    harness.proxy(Kind.SOCKS5);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.text()).isEqualTo("at last");
    assertThat(response.report().attempts()).hasSize(3);
    assertThat(response.proxy()).startsWith("http://127.0.0.1:");
  }

  @Test
  void answersOfHttp2AreRetriedByTheirStatusToo() throws Exception {
    Http2Origin origin = harness.http2Origin();
    origin.answer(request ->
        request.response().setStatusCode(origin.seen().size() < 3 ? 503 : 200).end("done"));
    harness.proxy(Kind.HTTP);

    ProxyResponse response = harness.get(origin.uri("/"));

    assertThat(response.text()).isEqualTo("done");
    assertThat(response.report().attempts()).hasSize(3);
    assertThat(origin.connections()).isEqualTo(1);
  }

  @Test
  void aCertificateThatNobodyVouchesForIsRefused() throws Exception {
    TestCertificate other = harness.closing(TestCertificate.generate());
    FaultyOrigin origin = harness.tlsOrigin(Script.of(Reply.ok("intercepted")));
    harness.builder().trust(other.clientContext());
    harness.proxy(Kind.HTTP);

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.TLS);
    assertThat(failed).hasMessageContaining("certificate is not trusted");
    assertThat(origin.requestCount()).isZero();
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    FaultyOrigin origin = harness.tlsOrigin(Script.of(Reply.ok("wrong host")));
    FaultyProxy proxy =
        harness.closing(
            FaultyProxy.builder(Kind.HTTP)
                .resolve("other.example", origin.port())
                .start(Script.of(Behaviour.forward())));
    harness.builder().proxy("http://127.0.0.1:" + proxy.port());

    RequestFailed failed =
        catchThrowableOfType(
            RequestFailed.class, () -> harness.get(URI.create("https://other.example/")));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.TLS);
    assertThat(failed).hasMessageContaining("other.example");
    assertThat(origin.requestCount()).isZero();
  }

  @Test
  void theNameIsResolvedAtTheProxyAndShownToTheTarget() throws Exception {
    TestCertificate named = harness.closing(TestCertificate.generate("origin.example"));
    harness.builder().trust(named.pem());
    FaultyOrigin origin =
        harness.closing(FaultyOrigin.startTls(named, Script.of(Reply.ok("found"))));
    FaultyProxy proxy =
        harness.closing(
            FaultyProxy.builder(Kind.SOCKS5)
                .resolve("origin.example", origin.port())
                .start(Script.of(Behaviour.forward())));
    harness.builder().proxy("socks5h://127.0.0.1:" + proxy.port());

    assertThat(harness.get(URI.create("https://origin.example/")).text()).isEqualTo("found");

    assertThat(proxy.requests().getFirst().byName()).isTrue();
    assertThat(origin.requests().getFirst().header("Host")).contains("origin.example");
  }

  @Test
  void aTargetThatSaysNothingInTlsIsLateAndNotTheProxysFault() throws Exception {
    harness.proxy(Kind.HTTP);
    harness
        .builder()
        .timeouts(ClientTimeouts.DEFAULT.withConnect(Duration.ofSeconds(2)))
        .policy(ClientHarness.QUICK.toBuilder().maxAttempts(1).build());

    RequestFailed failed =
        catchThrowableOfType(
            RequestFailed.class,
            () -> harness.get(URI.create("https://127.0.0.1:" + harness.silentPort() + "/")));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.TLS);
    assertThat(failed).hasMessageContaining("in time");
    harness.awaitQuiet();
    ClientHarness.eventually("the connection is cut", () -> harness.client().connections() == 0);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void credentialsOpenTheProxy(Kind kind) throws Exception {
    FaultyOrigin plain = harness.origin(Script.of(Reply.ok("plain")));
    FaultyOrigin secure = harness.tlsOrigin(Script.of(Reply.ok("secure")));
    FaultyProxy.Builder builder = FaultyProxy.builder(kind).credentials("ann@x", "p:%@w");
    if (kind == Kind.HTTPS) {
      builder.tls(harness.certificate());
      harness.builder().trustProxies(harness.certificate().pem());
    }
    FaultyProxy proxy = harness.closing(builder.start(Script.of(Behaviour.forward())));
    String login = kind == Kind.SOCKS4A ? "ann%40x@" : "ann%40x:p%3A%25%40w@";
    harness.builder().proxy(ClientHarness.url(kind, login, proxy.port()));

    assertThat(harness.get(plain.uri()).text()).isEqualTo("plain");
    ProxyResponse response = harness.get(secure.uri());

    assertThat(response.text()).isEqualTo("secure");
    assertThat(response.toString() + response.report() + harness.client().proxies())
        .doesNotContain("p:%@w", "p%3A");
    assertThat(plain.requests().getFirst().header("Proxy-Authorization")).isEmpty();
    assertThat(secure.requests().getFirst().header("Proxy-Authorization")).isEmpty();
  }

  @Test
  void aProxyThatOpensNoTunnelIsLeftForTheNextOneEvenByAPost() throws Exception {
    FaultyOrigin secure = harness.tlsOrigin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP, Script.of(Behaviour.status(502)));
    harness.proxy(
        Kind.HTTP, Script.of(Behaviour.garbage("nonsense".getBytes(StandardCharsets.UTF_8))));
    harness.proxy(Kind.HTTP);
    ProxyRequest post = ProxyRequest.builder(Method.POST, secure.uri()).body("once").build();

    for (int i = 0; i < 2; i++) {
      assertThat(harness.client().send(post).text()).isEqualTo("fine");
    }

    assertThat(secure.requestCount()).isEqualTo(2);
  }

  @Test
  void aProxyThatWantsAnotherLoginIsLeftForTheNextOneEvenByAPost() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("fine")));
    harness.proxy(Kind.HTTP, Script.of(Behaviour.wrongCredentials()));
    harness.proxy(Kind.HTTP);
    ProxyRequest post = ProxyRequest.builder(Method.POST, origin.uri()).body("once").build();

    for (int i = 0; i < 2; i++) {
      assertThat(harness.client().send(post).text()).isEqualTo("fine");
    }

    assertThat(origin.requestCount()).isEqualTo(2);
    assertThat(harness.verdicts())
        .anySatisfy(verdict -> assertThat(verdict.errorClass()).isEqualTo(ErrorClass.AUTH));
  }
}
