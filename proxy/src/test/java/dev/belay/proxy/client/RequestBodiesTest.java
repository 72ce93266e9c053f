package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.RetryPolicy;
import dev.belay.proxy.client.ProxyRequest.Method;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies of requests: what is kept is sent again, what is not is never sent twice. */
@Timeout(30)
class RequestBodiesTest {
  private static final int BIG = 3_000_000;

  private final ClientHarness harness = new ClientHarness();
  private final byte[] big = new byte[BIG];
  @TempDir private Path directory;

  @BeforeEach
  void fill() {
    new Random(7).nextBytes(big);
    harness.builder().policy(ClientHarness.QUICK.toBuilder().retryNonIdempotent(true).build());
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private FaultyOrigin failingOnce(boolean tls) throws Exception {
    Script<ReceivedRequest, Reply> script = Script.of(Reply.status(503), Reply.ok("taken"));
    return tls ? harness.tlsOrigin(script) : harness.origin(script);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void bytesAreSentAgain(boolean tls) throws Exception {
    FaultyOrigin origin = failingOnce(tls);
    harness.proxy(Kind.HTTP);
    ProxyRequest request = ProxyRequest.builder(Method.POST, origin.uri()).body(big).build();

    assertThat(harness.client().send(request).text()).isEqualTo("taken");

    assertThat(origin.requests())
        .hasSize(2)
        .allSatisfy(one -> {
          assertThat(one.body()).isEqualTo(big);
          assertThat(one.header("Content-Length")).contains("" + BIG);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void filesAreSentAgain(boolean tls) throws Exception {
    FaultyOrigin origin = failingOnce(tls);
    harness.proxy(Kind.SOCKS5);
    Path file = Files.write(directory.resolve("body"), big);
    ProxyRequest request = ProxyRequest.builder(Method.PUT, origin.uri()).body(file).build();

    assertThat(harness.client().send(request).text()).isEqualTo("taken");

    assertThat(origin.requests())
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.body()).isEqualTo(big));
    harness.awaitQuiet();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 1_500_000, BIG})
  void streamsAreSentAgainAsFarAsTheyAreKept(int size) throws Exception {
    FaultyOrigin origin = failingOnce(false);
    harness.proxy(Kind.HTTP);
    harness.builder().limits(ClientLimits.DEFAULT.withReplay(1 << 20, 4L << 20));
    AtomicBoolean closed = new AtomicBoolean();
    ProxyRequest request =
        ProxyRequest.builder(Method.PATCH, origin.uri()).body(stream(size, closed)).build();

    assertThat(harness.client().send(request).text()).isEqualTo("taken");

    assertThat(origin.requests())
        .hasSize(2)
        .allSatisfy(one -> assertThat(one.body()).hasSize(size).isEqualTo(start(size)));
    ClientHarness.eventually("the stream is closed", closed::get);
  }

  private byte[] start(int size) {
    return Arrays.copyOf(big, size);
  }

  private InputStream stream(int size, AtomicBoolean closed) {
    return new ByteArrayInputStream(big, 0, size) {
      @Override
      public void close() {
        closed.set(true);
      }
    };
  }

  @Test
  void aStreamThatWasTooLargeToKeepIsNeverSentTwice() throws Exception {
    FaultyOrigin origin = failingOnce(false);
    harness.proxy(Kind.HTTP);
    harness.builder().limits(ClientLimits.DEFAULT.withReplay(1_000, 1_000));
    ProxyRequest request =
        ProxyRequest.builder(Method.POST, origin.uri())
            .body(new ByteArrayInputStream(big))
            .idempotent(true)
            .build();

    ProxyResponse response = harness.client().send(request);

    assertThat(response.status()).isEqualTo(503);
    assertThat(response.report().attempts()).hasSize(1);
    assertThat(origin.requests()).hasSize(1);
    assertThat(origin.requests().getFirst().body()).isEqualTo(big);
  }

  @Test
  void aRequestWithAStreamIsSentOnce() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("taken")));
    harness.proxy(Kind.HTTP);
    ProxyRequest request =
        ProxyRequest.builder(Method.POST, origin.uri())
            .body(new ByteArrayInputStream(start(10)))
            .build();
    assertThat(harness.client().send(request).text()).isEqualTo("taken");

    assertThatThrownBy(() -> harness.client().send(request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("once");
    assertThat(harness.client().underWay()).isZero();
  }

  @Test
  void aStreamThatBreaksIsTheCallersOwnFault() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("never")));
    harness.proxy(Kind.HTTP);
    InputStream broken =
        new InputStream() {
          private int left = 100;

          @Override
          public int read() throws IOException {
            if (left-- == 0) {
              throw new IOException("the disk is gone");
            }
            return 'x';
          }

          @Override
          public int read(byte[] into, int offset, int length) throws IOException {
            into[offset] = (byte) read();
            return 1;
          }
        };
    ProxyRequest request = ProxyRequest.builder(Method.POST, origin.uri()).body(broken).build();

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.client().send(request));

    assertThat(failed).hasMessageContaining("body of the request broke off");
    assertThat(failed.report().attempts()).hasSize(1);
    assertThat(harness.client().proxies().getFirst().breaker().failureCount()).isZero();
    harness.awaitQuiet();
  }

  @Test
  void aFileThatIsMissingIsSaidSoBeforeAnythingIsSent() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("never")));
    harness.proxy(Kind.HTTP);
    ProxyRequest request =
        ProxyRequest.builder(Method.POST, origin.uri()).body(directory.resolve("none")).build();

    assertThatThrownBy(() -> harness.client().send(request))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("none");
    assertThat(harness.client().sendAsync(request)).isCompletedExceptionally();
    assertThat(harness.client().underWay()).isZero();
    assertThat(origin.connectionCount()).isZero();
  }

  @Test
  void bodiesGoOverHttp2Too() throws Exception {
    Http2Origin origin = harness.http2Origin();
    origin.answer(
        request -> request.response().setStatusCode(origin.seen().size() == 1 ? 503 : 200).end());
    harness.proxy(Kind.HTTP);
    String text = "x".repeat(BIG);
    ProxyRequest request =
        ProxyRequest.builder(Method.POST, origin.uri("/"))
            .body(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)))
            .build();

    assertThat(harness.client().send(request).status()).isEqualTo(200);

    assertThat(origin.seen()).hasSize(2).allMatch(seen -> seen.body().equals(text));
  }

  @ParameterizedTest
  @EnumSource(Method.class)
  void everyMethodArrivesAsItself(Method method) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(Reply.ok("body")));
    harness.proxy(Kind.HTTP);

    ProxyResponse response =
        harness.client().send(ProxyRequest.builder(method, origin.uri()).build());

    assertThat(origin.requests().getFirst().method()).isEqualTo(method.name());
    assertThat(response.text()).isEqualTo(method == Method.HEAD ? "" : "body");
    boolean hasLength = method == Method.POST || method == Method.PUT || method == Method.PATCH;
    assertThat(origin.requests().getFirst().header("Content-Length").isPresent())
        .isEqualTo(hasLength);
  }

  @Test
  void whatWouldSayHowTheMessageTravelsIsRefused() {
    ProxyRequest.Builder request =
        ProxyRequest.builder(Method.POST, URI.create("http://a.example/?key=hidden"));

    for (String name : new String[] {"Content-Length", "host", "Transfer-Encoding", "Upgrade"}) {
      assertThatThrownBy(() -> request.header(name, "x"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(name);
    }
    assertThatThrownBy(() -> request.header("X-A", "secret\r\nX-B: y"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
    assertThatThrownBy(() -> request.header("X A", "y"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(request.build()).asString().doesNotContain("hidden");
    assertThatThrownBy(() -> ProxyRequest.builder(Method.GET, uri("http://a/")).body("x").build())
        .isInstanceOf(IllegalArgumentException.class);
    for (String bad : new String[] {"ftp://a/", "/path", "http://u:p@a/", "http:///x"}) {
      assertThatThrownBy(() -> ProxyRequest.get(uri(bad)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("u:p");
    }
  }

  private static URI uri(String text) {
    return URI.create(text);
  }

  @Test
  void noneDisablesRetriesWhateverTheMethod() throws Exception {
    FaultyOrigin origin = failingOnce(false);
    harness.proxy(Kind.HTTP);

    ProxyResponse response =
        harness
            .client()
            .send(
                ProxyRequest.builder(Method.PUT, origin.uri())
                    .body("x")
                    .policy(RetryPolicy.NONE)
                    .build());

    assertThat(response.status()).isEqualTo(503);
    assertThat(origin.requestCount()).isEqualTo(1);
  }
}
