package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Endpoint;
import dev.belay.RetryPolicy;
import dev.belay.Time;
import dev.belay.select.Strategies;
import dev.belay.testkit.Behaviour;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class WishesTest {
  private static final URI SOMEWHERE = URI.create("http://somewhere.test:80/");
  private final ProxyHarness harness = new ProxyHarness();

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  @Test
  void aPolicyCanBeAskedForByHeaderAndByUserName() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    FaultyProxy upstream = harness.upstream(Kind.SOCKS5);
    harness.start();

    Raw.send(harness.client(), origin.uri("/"), "X-Belay-Policy: once");
    assertThat(origin.requestCount()).isEqualTo(1);
    Raw.send(harness.client(), origin.uri("/"), Raw.basic("ann,policy=once", ""));
    assertThat(origin.requestCount()).isEqualTo(2);
    Raw.send(harness.client(), origin.uri("/"));
    assertThat(origin.requestCount()).isEqualTo(6);

    upstream.behave(Script.of(Behaviour.reject(5)));
    upstream.reset();
    assertThat(harness.client().connect(origin.uri("/"), "ann,policy=once", "x")).isEqualTo(502);
    assertThat(harness.client().socks(origin.uri("/"), "ann,policy=once", "x")).isPositive();
    assertThat(upstream.requestCount()).isEqualTo(2);
  }

  @Test
  void wishesAreTakenOutBeforeTheRequestGoesOn() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    Raw.send(
        harness.client(),
        origin.uri("/"),
        "X-Belay-Policy: once",
        "x-belay-session: 42",
        "X-BELAY-REGION: EU",
        "X-Belay-Country: DE");
    assertThat(origin.requests().getFirst().headers())
        .noneMatch(
            header -> header.name().toLowerCase(java.util.Locale.ROOT).startsWith("x-belay"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"best-recent", "round-robin", "session"})
  void sessionsStayWithTheirProxyByEveryStrategyInEveryForm(String strategy) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
    FaultyProxy one = harness.upstream(Kind.SOCKS5);
    FaultyProxy other = harness.upstream(Kind.SOCKS5);
    harness.start();
    harness.pool().chooseBy(Strategies.named(strategy, Time.system()));
    for (int i = 0; i < 6; i++) {
      Raw.send(harness.client(), origin.uri("/"), "X-Belay-Session: 42");
      harness.client().connect(origin.uri("/"), "ann,session=42", "");
      harness.client().socks(origin.uri("/"), "ann,session=42", "x");
    }
    assertThat(new long[] {one.connectionCount(), other.connectionCount()}).contains(0L);
  }

  @ParameterizedTest
  @CsvSource({
    "best-recent, region, EU",
    "best-recent, country, DE",
    "geo-targeted, region, EU",
    "geo-targeted, country, DE",
    "composite, country, DE"
  })
  void regionsAndCountriesAreObeyed(String strategy, String wish, String value) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("x")));
    FaultyProxy far = harness.upstream(Kind.SOCKS5);
    FaultyProxy near = harness.closing(FaultyProxy.start(Kind.SOCKS5));
    harness.use(
        "socks5h://127.0.0.1:" + near.port(),
        new Endpoint.Traits("EU", "DE", java.util.Set.of(), 1, 0, 100));
    harness.start();
    harness.pool().chooseBy(Strategies.named(strategy, Time.system()));
    for (int i = 0; i < 4; i++) {
      Raw.send(harness.client(), origin.uri("/"), "X-Belay-" + wish + ": " + value);
      harness.client().connect(origin.uri("/"), "ann," + wish + "=" + value, "");
    }
    assertThat(near.requestCount()).isPositive();
    assertThat(far.requestCount()).isZero();
  }

  @Test
  void anUnknownPolicyIsRefusedWithTheKnownOnes() throws Exception {
    harness.start();
    Client.Response response = Raw.send(harness.client(), SOMEWHERE, "X-Belay-Policy: hasty");
    assertThat(response.status()).isEqualTo(400);
    assertThat(response.header("Content-Type")).isEqualTo("application/json");
    assertThat(response.body()).contains("VALIDATION_ERROR", "hasty", "default, once");
    assertThat(harness.client().connect(SOMEWHERE, "ann,policy=hasty", "")).isEqualTo(400);
    assertThat(harness.client().socks(SOMEWHERE, "ann,policy=hasty", "x")).isEqualTo(2);
    assertThat(harness.proxy().traffic().refusals()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ann,polcy=once", "ann,session=" + LONG})
  void wishesThatMakeNoSenseAreRefused(String user) throws Exception {
    harness.start();
    assertThat(Raw.send(harness.client(), SOMEWHERE, Raw.basic(user, "")).status()).isEqualTo(400);
  }

  private static final String LONG =
      "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"
          + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567"
          + "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567";

  @Test
  void newPoliciesHoldFromTheNextRequestOn() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.status(503)));
    harness.upstream(Kind.SOCKS5);
    harness.start();
    harness.proxy().usePolicies(Map.of("default", RetryPolicy.NONE));
    assertThat(Raw.send(harness.client(), origin.uri("/")).status()).isEqualTo(503);
    assertThat(origin.requestCount()).isEqualTo(1);
    assertThat(Raw.send(harness.client(), origin.uri("/"), "X-Belay-Policy: once").status())
        .isEqualTo(400);
  }

  @Nested
  class WithUsers {
    private FaultyOrigin start() throws Exception {
      FaultyOrigin origin = harness.origin(Script.of(Reply.ok("hello")));
      harness.upstream(Kind.SOCKS5);
      harness.settings(
          harness
              .settings()
              .withAccess(new ProxySettings.Access(Map.of("ann", "s3cr:t,=@%", "bob", ""), true)));
      harness.start();
      return origin;
    }

    @Test
    void whoDoesNotLogInIsAskedTo() throws Exception {
      FaultyOrigin origin = start();
      Client.Response response = Raw.send(harness.client(), origin.uri("/"));
      assertThat(response.status()).isEqualTo(407);
      assertThat(response.header("Proxy-Authenticate")).startsWith("Basic realm=");
      assertThat(response.body()).contains("PROXY_AUTHENTICATION_REQUIRED");
      assertThat(harness.client().getThroughConnect(origin.uri("/")).status()).isEqualTo(407);
      assertThat(origin.connectionCount()).isZero();
    }

    @Test
    void theConnectionSurvivesTheQuestion() throws Exception {
      FaultyOrigin origin = start();
      String login = Raw.basic("ann", "s3cr:t,=@%");
      try (var socket = harness.client().open(Raw.connect(origin.uri("/")))) {
        assertThat(Client.read(socket, "CONNECT").status()).isEqualTo(407);
        Client.write(socket, Raw.connect(origin.uri("/"), login));
        assertThat(Client.read(socket, "CONNECT").status()).isEqualTo(200);
      }
      try (var socket = harness.client().open(Raw.get(origin.uri("/")))) {
        assertThat(Client.read(socket, "GET").status()).isEqualTo(407);
        Client.write(socket, Raw.get(origin.uri("/"), login));
        assertThat(Client.read(socket, "GET").status()).isEqualTo(200);
      }
    }

    @ParameterizedTest
    @CsvSource({
      "ann, s3cr:t,",
      "ann, ''",
      "ann, s3cr:t",
      "eve, s3cr:t",
      "eve, ''",
      "'', ''",
      "'ann,policy=once', wrong"
    })
    void wrongLoginsAreTurnedDown(String user, String password) throws Exception {
      FaultyOrigin origin = start();
      assertThat(Raw.send(harness.client(), origin.uri("/"), Raw.basic(user, password)).status())
          .isEqualTo(407);
      assertThat(harness.client().connect(origin.uri("/"), user, password)).isEqualTo(407);
      if (!user.isEmpty()) {
        assertThatThrownBy(() -> harness.client().socks(origin.uri("/"), user, password))
            .isInstanceOf(java.io.IOException.class);
      }
      assertThat(origin.connectionCount()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic", "Basic !!!", "Bearer abc", "Basic YW5u"})
    void loginsThatAreNoneAreTurnedDown(String header) throws Exception {
      FaultyOrigin origin = start();
      String line = "Proxy-Authorization: " + header;
      assertThat(Raw.send(harness.client(), origin.uri("/"), line).status()).isEqualTo(407);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ann", "ann,session=1", "ann,policy=once,session=x"})
    void rightLoginsGetThrough(String user) throws Exception {
      FaultyOrigin origin = start();
      String password = "s3cr:t,=@%";
      assertThat(Raw.send(harness.client(), origin.uri("/"), Raw.basic(user, password)).body())
          .isEqualTo("hello");
      assertThat(harness.client().connect(origin.uri("/"), user, password)).isEqualTo(200);
      assertThat(harness.client().socks(origin.uri("/"), user, password)).isZero();
    }

    @Test
    void loginsNeverGoOn() throws Exception {
      FaultyOrigin origin = start();
      Raw.send(harness.client(), origin.uri("/"), Raw.basic("ann", "s3cr:t,=@%"));
      assertThat(origin.requests().getFirst().header("Proxy-Authorization")).isEmpty();
    }
  }

  @Test
  void nothingPrintsAPassword() {
    ProxySettings.Access access = new ProxySettings.Access(Map.of("ann", "canary"), false);
    ProxySettings settings = ProxySettings.DEFAULT.withAccess(access);
    assertThat(access.toString()).contains("ann").doesNotContain("canary");
    assertThat(settings.toString()).doesNotContain("canary");
    assertThat(Wishes.of("ann,session=1", "canary").toString()).doesNotContain("canary");
  }
}
