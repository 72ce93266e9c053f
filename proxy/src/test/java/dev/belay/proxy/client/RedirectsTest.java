package dev.belay.proxy.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.belay.ErrorClass;
import dev.belay.proxy.client.ProxyRequest.Method;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.FaultyProxy.Kind;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be done with a response before it is handed over: going on, and unpacking. */
@Timeout(30)
class RedirectsTest {
  private static final String TEXT = "all work and no play ".repeat(500);

  private final ClientHarness harness = new ClientHarness();

  @BeforeEach
  void proxy() throws Exception {
    harness.proxy(Kind.HTTP);
  }

  @AfterEach
  void close() throws Exception {
    harness.close();
  }

  private static Reply to(int status, String location) {
    return Reply.status(status).header("Location", location).body("moved");
  }

  @Test
  void redirectsAreHandedOverUnlessAskedFor() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(to(302, "/next")));

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.status()).isEqualTo(302);
    assertThat(response.header("location")).contains("/next");
    assertThat(origin.requestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "301, POST, GET",
    "302, POST, GET",
    "303, POST, GET",
    "307, POST, POST",
    "308, POST, POST",
    "301, PUT, PUT",
    "303, PUT, GET",
    "302, HEAD, HEAD",
    "303, HEAD, HEAD"
  })
  void theMethodChangesAsTheStatusSays(int status, Method method, Method next) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(to(status, "../there?a=b"), Reply.ok("there")));
    harness.builder().redirects(3);
    ProxyRequest.Builder request =
        ProxyRequest.builder(method, origin.uri("/a/b")).header("Authorization", "Bearer mine");
    if (method != Method.HEAD) {
      request.header("Content-Type", "text/plain").body("body");
    }

    ProxyResponse response = harness.client().send(request.build());

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.uri()).isEqualTo(origin.uri("/there?a=b"));
    ReceivedRequest second = origin.requests().getLast();
    assertThat(second.method()).isEqualTo(next.name());
    assertThat(second.bodyText()).isEqualTo(method == next && method != Method.HEAD ? "body" : "");
    assertThat(second.header("Content-Type").isPresent())
        .isEqualTo(method == next && method != Method.HEAD);
    assertThat(second.header("Authorization")).contains("Bearer mine");
  }

  @Test
  void anotherHostLearnsNoSecret() throws Exception {
    FaultyOrigin other = harness.origin(Script.of(Reply.ok("other")));
    FaultyOrigin origin = harness.origin(Script.of(to(307, other.uri("/x").toString())));
    harness.builder().redirects(1);
    ProxyRequest request =
        ProxyRequest.builder(Method.GET, origin.uri())
            .header("Authorization", "Bearer mine")
            .header("Cookie", "id=7")
            .header("X-Api-Key", "secret")
            .header("Accept", "text/plain")
            .build();

    assertThat(harness.client().send(request).text()).isEqualTo("other");

    assertThat(other.requests().getFirst().text().toLowerCase(Locale.ROOT))
        .doesNotContain("authorization", "cookie", "x-api-key")
        .contains("accept: text/plain");
  }

  @Test
  void redirectsAreBounded() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(to(302, "/again")));
    harness.builder().redirects(4);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.status()).isEqualTo(302);
    assertThat(origin.requestCount()).isEqualTo(5);
  }

  @Test
  void tlsIsNotLeft() throws Exception {
    FaultyOrigin plain = harness.origin(Script.of(Reply.ok("plain")));
    FaultyOrigin origin = harness.tlsOrigin(Script.of(to(302, plain.uri().toString())));
    harness.builder().redirects(4);

    assertThat(harness.get(origin.uri()).status()).isEqualTo(302);
    assertThat(plain.connectionCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://", "ftp://a/", "http://u:p@a/", "::", "http://a b/"})
  void aPlaceThatMakesNoSenseIsHandedOver(String location) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(to(302, location)));
    harness.builder().redirects(4);

    assertThat(harness.get(origin.uri()).status()).isEqualTo(302);
  }

  private static byte[] packed(String coding) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (coding) {
          case "gzip" -> new GZIPOutputStream(bytes);
          case "raw" ->
              new DeflaterOutputStream(bytes, new Deflater(Deflater.DEFAULT_COMPRESSION, true));
          default -> new DeflaterOutputStream(bytes);
        }) {
      out.write(TEXT.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  private static Reply packedReply(String coding) throws IOException {
    String name = coding.equals("raw") ? "deflate" : coding;
    return Reply.status(200).header("Content-Encoding", name).body(packed(coding));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate", "raw"})
  void packedBodiesAreUnpackedIfWanted(String coding) throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(packedReply(coding)));
    harness.builder().decompress(true);

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.text()).isEqualTo(TEXT);
    assertThat(response.headers().map()).doesNotContainKeys("Content-Encoding", "Content-Length");
    assertThat(origin.requests().getFirst().header("Accept-Encoding")).contains("gzip, deflate");
    try (ProxyResponse streamed = harness.client().stream(ProxyRequest.get(origin.uri()))) {
      assertThat(streamed.text()).isEqualTo(TEXT);
    }
    harness.awaitQuiet();
  }

  @Test
  void packedBodiesAreLeftAloneOtherwise() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(packedReply("gzip")));

    ProxyResponse response = harness.get(origin.uri());

    assertThat(response.bytes()).isEqualTo(packed("gzip"));
    assertThat(response.header("content-encoding")).contains("gzip");
    assertThat(origin.requests().getFirst().header("Accept-Encoding")).isEmpty();
  }

  @Test
  void aPackedBodyMayNotGrowPastTheLimit() throws Exception {
    FaultyOrigin origin = harness.origin(Script.of(packedReply("gzip")));
    harness.builder().decompress(true).limits(ClientLimits.DEFAULT.withBodyBytes(1_000));

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed).hasMessageContaining("larger than 1000 bytes");
  }

  @Test
  void aPackedBodyThatIsCutIsAnError() throws Exception {
    byte[] half = Arrays.copyOf(packed("gzip"), 40);
    FaultyOrigin origin =
        harness.origin(Script.of(Reply.status(200).header("Content-Encoding", "gzip").body(half)));
    harness.builder().decompress(true);

    RequestFailed failed =
        catchThrowableOfType(RequestFailed.class, () -> harness.get(origin.uri()));

    assertThat(failed.errorClass()).isEqualTo(ErrorClass.INVALID);
  }
}
