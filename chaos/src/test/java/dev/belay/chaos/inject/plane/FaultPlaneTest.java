package dev.belay.chaos.inject.plane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.chaos.Edge;
import dev.belay.chaos.inject.LiveRules;
import dev.belay.chaos.inject.PolicyDocument;
import dev.belay.chaos.inject.RuleFeed;
import dev.belay.chaos.inject.StrikeReceipt;
import dev.belay.testkit.FaultyOrigin;
import dev.belay.testkit.ReceivedRequest;
import dev.belay.testkit.Reply;
import dev.belay.testkit.Script;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultPlaneTest {
  private static final Duration FOREVER = Duration.ofDays(1);
  private static final String ANY = "\"path\":{\"prefix\":\"/\"}";

  private final Time time = Time.system();
  private final LiveRules rules = new LiveRules(time, new Random(1), FOREVER);
  private final Queue<StrikeReceipt> receipts = new ConcurrentLinkedQueue<>();
  private final HttpClient client =
      HttpClient.newBuilder().executor(Thread::startVirtualThread).build();
  private FaultyOrigin service = FaultyOrigin.start(Script.of(Reply.ok("hello")));
  private FaultPlane plane;

  FaultPlaneTest() throws IOException, InterruptedException {
    plane = plane(Front.of("pricing", service.port()));
  }

  private FaultPlane plane(Front... fronts) throws IOException, InterruptedException {
    return FaultPlane.start(
        PlaneSettings.of("plane-1", List.of(fronts)), rules, receipts::add, time);
  }

  @AfterEach
  void close() {
    plane.close();
    service.close();
    client.close();
  }

  private void inForce(String match, String fault) {
    String policy =
        "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"rules\":[{\"match\":{%s},\"fault\":{%s}}]}}"
            .formatted(match, "\"percentage\":100," + fault);
    rules.replace(1, List.of(new RuleFeed.Dated(PolicyDocument.read(policy), 1, Duration.ZERO)));
  }

  private HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:%d%s".formatted(plane.ports().getFirst(), path)))
        .timeout(Duration.ofSeconds(30));
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(to(path).build(), BodyHandlers.ofString());
  }

  private Socket open() throws IOException {
    Socket socket = new Socket();
    socket.connect(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), plane.ports().getFirst()));
    socket.setSoTimeout(30_000);
    return socket;
  }

  @Test
  void passesOnWhatNoRuleMeans() throws Exception {
    service.behave(
        Script.answering(request ->
            Reply.status(201)
                .header("x-own", "1")
                .body(request.method() + " " + request.target())));
    inForce("\"path\":{\"prefix\":\"/other\"}", "\"abort\":{\"httpStatus\":503}");

    HttpResponse<String> response =
        client.send(
            to("/a?b=c").PUT(BodyPublishers.ofString("body")).header("x-mine", "2").build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("PUT /a?b=c");
    assertThat(response.headers().firstValue("x-own")).contains("1");
    assertThat(response.headers().firstValue("x-fault-injected")).isEmpty();
    ReceivedRequest received = service.requests().getFirst();
    assertThat(received.bodyText()).isEqualTo("body");
    assertThat(received.header("x-mine")).contains("2");
    assertThat(received.header("host").orElseThrow()).endsWith(":" + plane.ports().getFirst());
    assertThat(receipts).isEmpty();
  }

  @Test
  void noTrickOfWritingGetsASparedPathStruck() throws Exception {
    inForce("\"path\":{\"prefix\":\"/\",\"not\":[\"/health\"]}", "\"abort\":{\"httpStatus\":503}");
    List<String> spared =
        List.of(
            "/health",
            "/health?x",
            "//health",
            "/x/../health",
            "/x/..%2Fhealth",
            "/%68ealth",
            "/HEALTH/deep",
            "/x/..;/health",
            "http://pricing/health");

    for (String target : spared) {
      assertThat(statusOf(target)).as(target).isEqualTo(200);
    }

    assertThat(receipts).isEmpty();
    assertThat(statusOf("/price?next=/health")).isEqualTo(503);
    assertThat(statusOf("/price/../other")).isEqualTo(503);
    assertThat(receipts).hasSize(2);
  }

  /** Sends it as it is, which a client would not. */
  private int statusOf(String target) throws IOException {
    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write(
              "GET %s HTTP/1.1\r\nHost: pricing\r\nConnection: close\r\n\r\n"
                  .formatted(target)
                  .getBytes(StandardCharsets.US_ASCII));
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return Integer.parseInt(answer.split(" ", 3)[1]);
    }
  }

  @Test
  void answersInPlaceOfTheServiceAsPublishedExecutorsDo() throws Exception {
    inForce(ANY, "\"abort\":{\"httpStatus\":503}");

    HttpResponse<String> response =
        client.send(
            to("/x")
                .header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .header("x-belay-caller", "cart")
                .build(),
            BodyHandlers.ofString());

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).isEqualTo("Fault injection: Service unavailable");
    assertThat(response.headers().firstValue("x-fault-injected")).contains("abort");
    assertThat(response.headers().firstValue("content-type")).contains("text/plain");
    assertThat(service.requestCount()).isZero();
    StrikeReceipt receipt = receipts.remove();
    assertThat(receipt.policy()).isEqualTo("p");
    assertThat(receipt.rule()).isZero();
    assertThat(receipt.kind()).isEqualTo("abort");
    assertThat(receipt.edge()).isEqualTo(new Edge("cart", "pricing"));
    assertThat(receipt.traceId()).contains("4bf92f3577b34da6a3ce929d0e0e4736");
  }

  @Test
  void delaysAndAbortsInOneRuleAndSaysBoth() throws Exception {
    inForce(
        ANY,
        "\"start_delay_ms\":40,\"delay\":{\"fixed_delay_ms\":60},\"abort\":{\"httpStatus\":418}");
    long begun = time.nanos();

    HttpResponse<String> response = get("/");

    assertThat(time.nanos() - begun).isGreaterThanOrEqualTo(Duration.ofMillis(100).toNanos());
    assertThat(response.statusCode()).isEqualTo(418);
    assertThat(response.headers().firstValue("x-fault-injected")).contains("delay,abort");
    assertThat(receipts).extracting(StrikeReceipt::kind).containsExactly("delay", "abort");
  }

  @Test
  void delaysAndThenLetsTheServiceAnswer() throws Exception {
    inForce(ANY, "\"delay\":{\"fixed_delay_ms\":50}");

    assertThat(get("/").body()).isEqualTo("hello");
    assertThat(service.requestCount()).isEqualTo(1);
  }

  @Test
  void resetsTheConnection() throws Exception {
    inForce(ANY, "\"effects\":[{\"effect\":\"reset\"}]");

    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThatThrownBy(() -> socket.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
    }
    assertThat(service.requestCount()).isZero();
  }

  @Test
  void letsTheServiceWorkAndRewritesItsAnswer() throws Exception {
    inForce(ANY, "\"effects\":[{\"effect\":\"rewrite\",\"httpStatus\":500}]");

    HttpResponse<String> response = get("/");

    assertThat(response.statusCode()).isEqualTo(500);
    assertThat(response.body()).isEqualTo("hello");
    assertThat(response.headers().firstValue("x-fault-injected")).contains("rewrite");
    assertThat(service.requestCount()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0", "5", "70000"})
  void breaksTheBodyOff(int after) throws Exception {
    service.behave(Script.of(Reply.ok("0123456789".repeat(10_000))));
    inForce(ANY, "\"effects\":[{\"effect\":\"truncate\",\"after_bytes\":" + after + "}]");

    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      String all = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(all).containsIgnoringCase("content-length: 100000");
      assertThat(all.substring(all.indexOf("\r\n\r\n") + 4))
          .isEqualTo("0123456789".repeat(10_000).substring(0, after));
    }
  }

  @Test
  void changesBytesOfTheBodyAndNotItsLength() throws Exception {
    String body = "0123456789".repeat(10_000);
    service.behave(Script.of(Reply.ok(body)));
    inForce(ANY, "\"effects\":[{\"effect\":\"corrupt\"}]");

    byte[] got = client.send(to("/").build(), BodyHandlers.ofByteArray()).body();

    assertThat(got).hasSize(body.length());
    byte[] sent = body.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < sent.length; i++) {
      assertThat(got[i]).isEqualTo(i % 64 == 0 ? (byte) ~sent[i] : sent[i]);
    }
  }

  @Test
  void letsTheBodyComeSlowly() throws Exception {
    service.behave(Script.of(Reply.ok("x".repeat(400))));
    inForce(ANY, "\"effects\":[{\"effect\":\"throttle\",\"bytes_per_second\":2000}]");
    long begun = time.nanos();

    assertThat(get("/").body()).hasSize(400);
    // the first slice goes at once, and nobody waits after the last
    assertThat(time.nanos() - begun).isGreaterThanOrEqualTo(Duration.ofMillis(145).toNanos());
  }

  @Test
  void streamsBodiesOfAnySizeBothWays() throws Exception {
    service.behave(Script.answering(request -> Reply.status(200).body(request.body())));
    byte[] large = new byte[3 << 20];
    new Random(3).nextBytes(large);
    service.close();
    service =
        FaultyOrigin.builder()
            .bodyLimit(4 << 20)
            .start(Script.answering(request -> Reply.status(200).body(request.body())));
    plane.close();
    plane = plane(Front.of("pricing", service.port()));

    HttpResponse<byte[]> response =
        client.send(
            to("/").POST(BodyPublishers.ofByteArray(large)).build(), BodyHandlers.ofByteArray());

    assertThat(response.body()).isEqualTo(large);
  }

  @Test
  void keepsConnectionsOpen() throws Exception {
    for (int i = 0; i < 5; i++) {
      assertThat(get("/").statusCode()).isEqualTo(200);
    }

    assertThat(service.connectionCount()).isEqualTo(1);
  }

  @Test
  void tellsCallersApartByPort() throws Exception {
    plane.close();
    plane =
        plane(
            Front.of("pricing", service.port()).forCaller("cart"),
            Front.of("pricing", service.port()).forCaller("edge"));
    inForce(
        "\"edge\":{\"from\":\"cart\",\"service\":\"pricing\"}", "\"abort\":{\"httpStatus\":503}");

    assertThat(get("/").statusCode()).isEqualTo(503);
    URI other = URI.create("http://127.0.0.1:%d/".formatted(plane.ports().get(1)));
    assertThat(
            client
                .send(HttpRequest.newBuilder(other).build(), BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void hitsOnlyRequestsThatCarryTheBaggage() throws Exception {
    inForce(
        "\"baggage\":[{\"name\":\"belay-trial\",\"exact\":\"7\"}]",
        "\"abort\":{\"httpStatus\":503}");

    assertThat(get("/").statusCode()).isEqualTo(200);
    HttpRequest ours = to("/").header("baggage", "user=1,belay-trial=7").build();
    assertThat(client.send(ours, BodyHandlers.discarding()).statusCode()).isEqualTo(503);
  }

  @Test
  void saysThatTheServiceIsAway() throws Exception {
    service.kill();

    HttpResponse<String> response = get("/");

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(response.headers().firstValue("x-fault-injected")).isEmpty();
  }

  @Test
  void doesNotMakeABrokenAnswerLookWhole() throws Exception {
    service.behave(Script.of(Reply.ok("0123456789").truncatedAfter(4)));

    assertThatThrownBy(() -> get("/")).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource({"CONNECT x:80,''", "GET /chat,'Upgrade: websocket\r\nConnection: Upgrade\r\n'"})
  void refusesWhatItCannotCarry(String line, String headers) throws Exception {
    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write(
              "%s HTTP/1.1\r\nHost: x:80\r\n%s\r\n"
                  .formatted(line, headers)
                  .getBytes(StandardCharsets.US_ASCII));
      byte[] head = socket.getInputStream().readNBytes(12);
      assertThat(new String(head, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 501");
    }
  }

  @Test
  void saysWhichPortIsTaken() {
    Front taken =
        new Front(
            Front.At.loopback(plane.ports().getFirst()),
            "stock",
            "",
            Optional.empty(),
            Front.At.loopback(1));

    assertThatThrownBy(() -> plane(taken))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("for stock");
  }

  @Test
  void whoTakesItForAProxyIsServedAndStruckAllTheSame() throws Exception {
    inForce("\"path\":{\"prefix\":\"/broken\"}", "\"abort\":{\"httpStatus\":503}");
    InetSocketAddress front =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), plane.ports().getFirst());
    try (HttpClient proxied = HttpClient.newBuilder().proxy(ProxySelector.of(front)).build()) {
      HttpRequest well = HttpRequest.newBuilder(URI.create("http://pricing.test/well?a=1")).build();
      HttpRequest struck = HttpRequest.newBuilder(URI.create("http://pricing.test/broken")).build();

      assertThat(proxied.send(well, BodyHandlers.ofString()).body()).isEqualTo("hello");
      assertThat(proxied.send(struck, BodyHandlers.ofString()).statusCode()).isEqualTo(503);
    }
    assertThat(service.requests()).extracting(ReceivedRequest::target).containsExactly("/well?a=1");
  }
}
