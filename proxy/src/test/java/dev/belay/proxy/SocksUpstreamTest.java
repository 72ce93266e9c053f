package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Blame;
import dev.belay.ErrorClass;
import dev.belay.Verdict;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
class SocksUpstreamTest {
  private static final URI MADE_UP = URI.create("http://made-up.test:80/");
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private FaultyProxy knowing(Kind kind, String scheme, FaultyOrigin origin) {
    FaultyProxy upstream =
        harness.closing(
            FaultyProxy.builder(kind)
                .resolve("made-up.test", origin.port())
                .start(Script.of(Behaviour.forward())));
    harness.use(scheme + "://localhost:" + upstream.port());
    return upstream;
  }

  @ParameterizedTest
  @CsvSource({"SOCKS4A, socks4a", "SOCKS5, socks5h"})
  void theTargetsNameIsResolvedAtTheProxy(Kind kind, String scheme) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = knowing(kind, scheme, origin);
    harness.start();

    assertThat(harness.client().get(MADE_UP).body()).isEqualTo("hello");
    assertThat(harness.client().getThroughConnect(MADE_UP).body()).isEqualTo("hello");
    assertThat(harness.client().getThroughSocks(MADE_UP).body()).isEqualTo("hello");

    assertThat(upstream.requests()).hasSize(3).allMatch(request -> request.byName());
    assertThat(upstream.targets()).containsOnly("made-up.test:80");
    assertThat(origin.requests().getFirst().header("Host")).contains("made-up.test");
  }

  @ParameterizedTest
  @CsvSource({"SOCKS4A, socks4", "SOCKS5, socks5"})
  void onlyTheOtherTwoSchemesResolveTheNameHere(Kind kind, String scheme) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = knowing(kind, scheme, origin);
    harness.start();
    URI local = URI.create("http://localhost:" + origin.port() + "/");

    assertThat(harness.client().get(local).body()).isEqualTo("hello");
    assertThat(harness.client().getThroughConnect(local).body()).isEqualTo("hello");

    assertThat(upstream.requests()).hasSize(2).noneMatch(request -> request.byName());
    assertThat(upstream.targets()).containsOnly("127.0.0.1:" + origin.port());
  }

  @ParameterizedTest
  @CsvSource({"SOCKS4A, socks4", "SOCKS5, socks5"})
  void aNameThatTurnsOutToBePrivateIsRefused(Kind kind, String scheme) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("secret")));
    FaultyProxy upstream = knowing(kind, scheme, origin);
    harness.settings(harness.settings().withAccess(new ProxySettings.Access(Map.of(), false)));
    harness.start();
    URI inside = URI.create("http://inside.example:" + origin.port() + "/");

    Client.Response response = harness.client().get(inside);

    assertThat(response.status()).isEqualTo(403);
    assertThat(response.body()).contains("TARGET_NOT_ALLOWED", "inside.example");
    assertThat(harness.client().getThroughConnect(inside).status()).isEqualTo(403);
    assertThat(harness.client().socks(inside, "ann", "x")).isEqualTo(2);
    assertThat(upstream.requestCount()).isZero();
    assertThat(harness.verdicts()).hasSize(3).allMatch(one -> one.blame() == Blame.CALLER);
  }

  @Test
  void connectionsToOneTargetAreKeptAndToAnotherOneNot() throws Exception {
    FaultyOrigin one = harness.origin(Script.of(Reply.ok("one")));
    FaultyOrigin other = harness.origin(Script.of(Reply.ok("other")));
    FaultyProxy upstream = harness.upstream(Kind.SOCKS5);
    harness.start();
    try (var socket = harness.client().connect(harness.proxy().port())) {
      for (FaultyOrigin origin : List.of(one, one, other, one)) {
        Client.write(socket, Raw.get(origin.uri("/")));
        assertThat(Client.read(socket, "GET").body()).isEqualTo(origin == one ? "one" : "other");
      }
    }
    assertThat(upstream.connectionCount()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "1, STATUS, ENDPOINT", "2, STATUS, UNKNOWN", "3, CONNECT, UNKNOWN", "4, CONNECT, UNKNOWN",
    "5, CONNECT, UNKNOWN", "6, CONNECT, UNKNOWN", "7, STATUS, ENDPOINT", "8, STATUS, ENDPOINT"
  })
  void everyReplyCodeIsJudgedAlikeInBothForms(int code, ErrorClass error, Blame blame)
      throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    harness.upstream(Kind.SOCKS5, Script.of(Behaviour.reject(code)));
    harness.start();

    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(502);
    assertThat(harness.verdicts().getFirst())
        .isEqualTo(Verdict.retry(error, blame).withNothingSent());
    int absolute = harness.verdicts().size();
    assertThat(harness.client().getThroughConnect(origin.uri("/")).status()).isEqualTo(502);
    assertThat(harness.verdicts().get(absolute))
        .isEqualTo(Verdict.retry(error, blame).withNothingSent());
    assertThat(origin.connectionCount()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"SOCKS4A, STATUS, UNKNOWN", "SOCKS5, AUTH, ENDPOINT"})
  void wrongCredentialsAreTheProxysFaultWhereItSaysSo(Kind kind, ErrorClass error, Blame blame)
      throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream =
        harness.closing(
            FaultyProxy.builder(kind)
                .credentials("ann", "right")
                .start(Script.of(Behaviour.forward())));
    String login = kind == Kind.SOCKS4A ? "bob@" : "ann:wrong@";
    harness.use(ProxyHarness.scheme(kind) + "://" + login + "127.0.0.1:" + upstream.port());
    harness.start();

    assertThat(harness.client().get(origin.uri("/")).status()).isEqualTo(502);

    assertThat(harness.verdicts().getFirst())
        .isEqualTo(Verdict.retry(error, blame).withNothingSent());
    assertThat(origin.connectionCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void rightCredentialsOpenEveryKindOfProxyInBothForms(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy.Builder builder = FaultyProxy.builder(kind).credentials("a:nn", "p@s:s%");
    if (kind == Kind.HTTP || kind == Kind.HTTPS) {
      builder = FaultyProxy.builder(kind).credentials("ann", "p@s:s%");
    }
    if (kind == Kind.HTTPS) {
      builder = builder.tls(harness.certificate());
    }
    FaultyProxy upstream = harness.closing(builder.start(Script.of(Behaviour.forward())));
    String login =
        switch (kind) {
          case HTTP, HTTPS -> "ann:p%40s%3As%25@";
          case SOCKS4A -> "a%3Ann@";
          case SOCKS5 -> "a%3Ann:p%40s%3As%25@";
        };
    harness.use(ProxyHarness.scheme(kind) + "://" + login + "127.0.0.1:" + upstream.port());
    harness.start();

    assertThat(harness.client().get(origin.uri("/")).body()).isEqualTo("hello");
    assertThat(harness.client().getThroughConnect(origin.uri("/")).body()).isEqualTo("hello");
    assertThat(origin.requests())
        .allMatch(request -> request.header("Proxy-Authorization").isEmpty());
  }

  @ParameterizedTest
  @EnumSource
  void noFailureEverLeadsToADirectConnection(Kind kind) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
    FaultyProxy upstream = harness.upstream(kind);
    harness.start();
    List<Behaviour> failures =
        List.of(
            Behaviour.status(503),
            Behaviour.reject(5),
            Behaviour.ban("127.0.0.1"),
            Behaviour.wrongCredentials(),
            Behaviour.resetOnAccept(),
            Behaviour.garbage(new byte[] {0, 1, 2, 3}),
            Behaviour.halfLine());
    for (Behaviour failure : failures) {
      upstream.behave(Script.of(failure));
      harness.pool().upstreams().getFirst().breaker().reset();
      Client.Response response =
          Raw.send(harness.client(), origin.uri("/"), "X-Belay-Policy: once");
      assertThat(response.status()).describedAs("%s", failure).isGreaterThanOrEqualTo(400);
      assertThat(harness.client().getThroughConnect(origin.uri("/")).status())
          .describedAs("%s", failure)
          .isGreaterThanOrEqualTo(400);
    }
    upstream.kill();
    assertThat(harness.client().get(origin.uri("/")).status()).isGreaterThanOrEqualTo(500);
    assertThat(origin.connectionCount()).isZero();
  }
}
