package dev.belay.chaos.trace.receive;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Time;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.trace.TraceParent;
import dev.belay.chaos.trace.read.ReadLimits;
import dev.belay.http.Loops;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The receiver on a real port, with OpenTelemetry's own exporter and with requests by hand. */
@SuppressWarnings("InlineFormatString")
class TraceReceiverTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_BYTES = 20_000;
  private static final String SPAN =
      """
      {"resourceSpans": [{"scopeSpans": [{"spans": [{"traceId": "%s", "spanId": "%s",
        "name": "GET /", "kind": 2, "startTimeUnixNano": "5", "endTimeUnixNano": "9"}]}]}]}
      """;

  private static Loops loops;
  private static TraceReceiver receiver;
  private static final TraceKeeper KEEPER =
      new TraceKeeper(KeepLimits.DEFAULT, Duration.ofMillis(20), Time.system());

  private final TraceParent sent = TraceParent.random(RandomGenerator.getDefault());

  @BeforeAll
  static void open() throws Exception {
    loops = Loops.inBackground(1);
    receiver =
        TraceReceiver.start(loops, 0, new ReadLimits(MOST_BYTES, 100), KEEPER)
            .toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
  }

  @AfterAll
  static void close() throws Exception {
    receiver.stop().toCompletableFuture().get(30, TimeUnit.SECONDS);
    loops.vertx().close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private static URI uri(String path) {
    return URI.create("http://127.0.0.1:" + receiver.port() + path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip"})
  void takesWhatARealExporterSends(String compression) throws Exception {
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder()
            .setEndpoint(uri("/v1/traces").toString())
            .setCompression(compression)
            .build();
    try (SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(
                Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), "cart")))
            .addSpanProcessor(SimpleSpanProcessor.create(exporter))
            .build()) {
      Tracer tracer = provider.get("test");
      Context caller =
          Context.root()
              .with(
                  io.opentelemetry.api.trace.Span.wrap(
                      SpanContext.createFromRemoteParent(
                          sent.trace(),
                          sent.span(),
                          TraceFlags.getSampled(),
                          TraceState.getDefault())));
      var server =
          tracer
              .spanBuilder("GET /cart")
              .setParent(caller)
              .setSpanKind(io.opentelemetry.api.trace.SpanKind.SERVER)
              .setStartTimestamp(1_000, TimeUnit.NANOSECONDS)
              .startSpan();
      var client =
          tracer
              .spanBuilder("GET")
              .setParent(caller.with(server))
              .setSpanKind(io.opentelemetry.api.trace.SpanKind.CLIENT)
              .setAttribute("http.response.status_code", 503)
              .setAttribute("retried", true)
              .setAttribute("share", 0.5)
              .setAttribute(AttributeKey.stringArrayKey("hosts"), List.of("a", "b"))
              .setStartTimestamp(1_100, TimeUnit.NANOSECONDS)
              .startSpan();
      client.addEvent("retry", Attributes.of(AttributeKey.longKey("attempt"), 2L));
      client.setStatus(StatusCode.ERROR, "no answer");
      client.end(1_500, TimeUnit.NANOSECONDS);
      server.end(2_000, TimeUnit.NANOSECONDS);
      assertThat(provider.forceFlush().join(30, TimeUnit.SECONDS).isSuccess()).isTrue();
    }

    Trace trace = KEEPER.await(sent, LIMIT).orElseThrow();

    assertThat(trace.complete()).isTrue();
    assertThat(trace.id()).isEqualTo(sent.trace());
    Span root = trace.root().orElseThrow();
    assertThat(root.service()).isEqualTo("cart");
    assertThat(root.operation()).isEqualTo("GET /cart");
    assertThat(root.kind()).isEqualTo(SpanKind.SERVER);
    assertThat(root.startNanos()).isEqualTo(1_000);
    assertThat(root.durationNanos()).isEqualTo(1_000);
    assertThat(root.error()).isFalse();
    Span call = trace.spans().get(1);
    assertThat(call.id().parent()).contains(root.id().span());
    assertThat(call.kind()).isEqualTo(SpanKind.CLIENT);
    assertThat(call.durationNanos()).isEqualTo(400);
    assertThat(call.error()).isTrue();
    assertThat(call.outcome().tags())
        .containsEntry("http.response.status_code", "503")
        .containsEntry("retried", "true")
        .containsEntry("share", "0.5")
        .containsEntry("hosts", "[a, b]")
        .containsEntry("otel.status_description", "no answer");
    assertThat(call.outcome().logs()).containsExactly("retry attempt=2");
  }

  private static HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(
          request.version(HttpClient.Version.HTTP_1_1).timeout(LIMIT).build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  private static HttpRequest.Builder post(String type, byte[] body) {
    return HttpRequest.newBuilder(uri("/v1/traces"))
        .header("content-type", type)
        .POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void takesJsonAndAnswersInJson() throws Exception {
    byte[] body = SPAN.formatted(sent.trace(), "00000000000000a1").getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> response =
        send(
            post("application/json; charset=utf-8", packed(body))
                .header("content-encoding", "gzip"));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    assertThat(response.headers().firstValue("content-type")).contains("application/json");
    assertThat(KEEPER.await(sent, LIMIT).map(Trace::complete)).contains(true);
  }

  @Test
  void anEmptyRequestOfProtobufIsAnsweredWithAnEmptyOne() throws Exception {
    HttpResponse<String> response = send(post("application/x-protobuf", new byte[0]));

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
    assertThat(response.headers().firstValue("content-type")).contains("application/x-protobuf");
  }

  @ParameterizedTest
  @CsvSource({
    "application/json, no json",
    "application/json, {\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [{}]}]}]}",
    "application/x-protobuf, no protobuf"
  })
  void whatCannotBeReadIsRefused(String type, String body) throws Exception {
    HttpResponse<String> response = send(post(type, body.getBytes(StandardCharsets.UTF_8)));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("content-type")).contains(type);
    assertThat(response.body()).isNotEmpty();
  }

  @Test
  void whatIsTooLargeIsRefusedPackedAndPlainAndInPieces() throws Exception {
    byte[] large = new byte[MOST_BYTES + 1];

    assertThat(send(post("application/x-protobuf", large)).statusCode()).isEqualTo(413);
    assertThat(
            send(post("application/x-protobuf", packed(large)).header("content-encoding", "gzip"))
                .statusCode())
        .isEqualTo(413);
    HttpRequest.Builder pieces =
        HttpRequest.newBuilder(uri("/v1/traces"))
            .header("content-type", "application/x-protobuf")
            .POST(
                HttpRequest.BodyPublishers.fromPublisher(
                    HttpRequest.BodyPublishers.ofByteArray(large)));
    assertThat(send(pieces).statusCode()).isEqualTo(413);
  }

  @Test
  void whatIsOfAnotherTypeOrPackingOrElsewhereIsRefused() throws Exception {
    byte[] none = {};

    assertThat(send(post("text/plain", none)).statusCode()).isEqualTo(415);
    assertThat(send(post("application/json", none).header("content-encoding", "zstd")).statusCode())
        .isEqualTo(415);
    HttpResponse<String> read = send(HttpRequest.newBuilder(uri("/v1/traces")));
    assertThat(read.statusCode()).isEqualTo(405);
    assertThat(read.headers().firstValue("allow")).isEqualTo(Optional.of("POST"));
    assertThat(send(HttpRequest.newBuilder(uri("/v1/logs"))).statusCode()).isEqualTo(404);
  }
}
