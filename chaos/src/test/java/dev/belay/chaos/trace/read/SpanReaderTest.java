package dev.belay.chaos.trace.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanReaderTest {
  private static final String OTLP =
      """
      {"resourceSpans": [{
        "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "cart"}}]},
        "scopeSpans": [{"scope": {"name": "x"}, "spans": [
          {"traceId": "4BF92F3577B34DA6A3CE929D0E0E4736", "spanId": "00f067aa0ba902b7",
           "parentSpanId": "", "name": "GET /cart", "kind": 2,
           "startTimeUnixNano": "1700000000000000001", "endTimeUnixNano": 1700000000000000101,
           "attributes": [{"key": "n", "value": {"intValue": "7"}},
             {"key": "l", "value": {"arrayValue": {"values": [{"boolValue": true}]}}},
             {"key": "m", "value": {"kvlistValue": {"values":
               [{"key": "a", "value": {"doubleValue": 0.5}}]}}}],
           "events": [{"name": "retry", "attributes": [
             {"key": "attempt", "value": {"intValue": "2"}}]}],
           "status": {"code": 2, "message": "late"}, "unknown": {"x": [1]}},
          {"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "spanId": "00f067aa0ba902b8",
           "parentSpanId": "00f067aa0ba902b7", "kind": "SPAN_KIND_CLIENT",
           "startTimeUnixNano": "5", "endTimeUnixNano": "4", "status": {}}
        ]}]}]}
      """;

  private static final String JAEGER =
      """
      {"data": [{"traceID": "t1", "spans": [
          {"traceID": "t1", "spanID": "a", "operationName": "GET /", "references": [],
           "startTime": 1700000000000000, "duration": 2500, "processID": "p1",
           "tags": [{"key": "span.kind", "type": "string", "value": "server"},
                    {"key": "error", "type": "bool", "value": true}],
           "logs": [{"timestamp": 1, "fields": [{"key": "event", "value": "ERROR gone"}]}]},
          {"traceID": "t1", "spanID": "b", "operationName": "GET",
           "references": [{"refType": "FOLLOWS_FROM", "traceID": "t1", "spanID": "x"},
                          {"refType": "CHILD_OF", "traceID": "t1", "spanID": "a"}],
           "startTime": 1700000000000100, "duration": 5, "processID": "p2",
           "status": {"code": "STATUS_CODE_ERROR"}, "tags": []},
          {"traceID": "t1", "spanID": "c", "operationName": "later",
           "references": [{"refType": "FOLLOWS_FROM", "traceID": "t1", "spanID": "a"},
                          {"refType": "CHILD_OF", "traceID": "other", "spanID": "z"}],
           "startTime": 1700000000000200, "duration": -5, "processID": "none"}],
        "processes": {"p1": {"serviceName": "edge"}, "p2": {"serviceName": "cart"}}}],
       "total": 0, "errors": null}
      """;

  private final SpanReader reader = new SpanReader(ReadLimits.DEFAULT);

  private List<Span> json(String text) throws UnreadableSpans {
    return reader.json(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsOtlp() throws UnreadableSpans {
    List<Span> spans = json(OTLP);

    Span server = spans.getFirst();
    assertThat(server.id().trace()).isEqualTo("4bf92f3577b34da6a3ce929d0e0e4736");
    assertThat(server.id().parent()).isEmpty();
    assertThat(server.service()).isEqualTo("cart");
    assertThat(server.kind()).isEqualTo(SpanKind.SERVER);
    assertThat(server.startNanos()).isEqualTo(1_700_000_000_000_000_001L);
    assertThat(server.durationNanos()).isEqualTo(100);
    assertThat(server.error()).isTrue();
    assertThat(server.outcome().tags())
        .containsEntry("n", "7")
        .containsEntry("l", "[true]")
        .containsEntry("m", "[a=0.5]")
        .containsEntry("otel.status_description", "late");
    assertThat(server.outcome().logs()).containsExactly("retry attempt=2");
    Span client = spans.get(1);
    assertThat(client.kind()).isEqualTo(SpanKind.CLIENT);
    assertThat(client.id().parent()).contains("00f067aa0ba902b7");
    assertThat(client.durationNanos()).isZero();
    assertThat(client.error()).isFalse();
  }

  @Test
  void readsJaegersInMicroseconds() throws UnreadableSpans {
    List<Span> spans = json(JAEGER);

    assertThat(spans).extracting(Span::service).containsExactly("edge", "cart", "unknown_service");
    Span first = spans.getFirst();
    assertThat(first.kind()).isEqualTo(SpanKind.SERVER);
    assertThat(first.startNanos()).isEqualTo(1_700_000_000_000_000_000L);
    assertThat(first.durationNanos()).isEqualTo(2_500_000);
    assertThat(first.error()).isTrue();
    assertThat(first.outcome().logs()).containsExactly("event=ERROR gone");
    assertThat(spans.get(1).id().parent()).contains("a");
    assertThat(spans.get(1).error()).isTrue();
    assertThat(spans.get(2).id().parent()).contains("a");
    assertThat(spans.get(2).durationNanos()).isZero();
  }

  @Test
  void readsPlainListsInMilliseconds() throws UnreadableSpans {
    List<Span> spans =
        json(
            """
            [{"traceID": "t", "spanID": "a", "operationName": "x", "startTime": 1000,
              "duration": 1.5, "status": "ERROR", "tags": {"service.name": "cart", "n": 3}},
             {"trace_id": "t", "span_id": "b", "parent_span_id": "a", "name": "y", "kind": "client",
              "service": "tax", "start_ns": "1000000007", "duration_us": 2,
              "status": {"code": "OK"}}]
            """);

    Span first = spans.getFirst();
    assertThat(first.service()).isEqualTo("cart");
    assertThat(first.startNanos()).isEqualTo(1_000_000_000L);
    assertThat(first.durationNanos()).isEqualTo(1_500_000);
    assertThat(first.error()).isTrue();
    assertThat(first.outcome().tags()).containsEntry("n", "3");
    Span second = spans.get(1);
    assertThat(second.id().parent()).contains("a");
    assertThat(second.operation()).isEqualTo("y");
    assertThat(second.kind()).isEqualTo(SpanKind.CLIENT);
    assertThat(second.startNanos()).isEqualTo(1_000_000_007L);
    assertThat(second.durationNanos()).isEqualTo(2_000);
    assertThat(second.error()).isFalse();
  }

  @Test
  void oneTraceAloneIsInMicrosecondsAsJaegersAre() throws UnreadableSpans {
    Span span =
        json("{\"traceID\": \"t\", \"spans\": [{\"spanID\": \"a\", \"duration\": 3}]}").getFirst();

    assertThat(span.id().trace()).isEqualTo("t");
    assertThat(span.durationNanos()).isEqualTo(3_000);
  }

  @Test
  void aRequestWithoutSpansHasNone() throws UnreadableSpans {
    assertThat(json("{}")).isEmpty();
    assertThat(json("{\"resourceSpans\": []}")).isEmpty();
    assertThat(json("[]")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nothing",
        "7",
        "{\"other\": 1}",
        "{\"spans\": 7}",
        "{\"data\": [7]}",
        "{\"spans\": [{\"spanID\": \"a\"}]}",
        "[{\"traceID\": \"t\", \"spanID\": \"a\", \"startTime\": \"soon\"}]",
        "[{\"traceID\": \"t\", \"spanID\": \"a\", \"startTime\": -1}]",
        "[{\"traceID\": \"t\", \"spanID\": \"a\", \"startTime\": 1e999999999}]",
        "[{\"traceID\": \"t\", \"spanID\": \"a\", \"duration\": \"1e-999999999\"}]",
        "[{\"traceID\": \"t\", \"spanID\": \"a\", \"startTime\": {}}]",
        "[{\"traceID\": \"t\", \"spanID\": \"a\", \"start_ns\": 9223372036854775807,"
            + " \"duration\": 1}]",
        "{\"resourceSpans\": [{\"scopeSpans\": [{\"spans\": [{\"traceId\": \"xyz\"}]}]}]}"
      })
  void whatIsNoneOfTheseIsRefused(String text) {
    assertThatThrownBy(() -> json(text)).isInstanceOf(UnreadableSpans.class);
  }

  private static byte[] packed(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  @Test
  void unpacksUpToItsLimitAndNoFurther() throws Exception {
    byte[] body = OTLP.getBytes(StandardCharsets.UTF_8);
    SpanReader exact = new SpanReader(new ReadLimits(body.length, 2));
    SpanReader small = new SpanReader(new ReadLimits(body.length - 1, 2));

    assertThat(exact.json(packed(body))).hasSize(2);
    assertThat(exact.json(body)).hasSize(2);
    tooLarge(small, packed(body));
    tooLarge(small, body);
    tooLarge(exact, packed(new byte[50_000_000]));
    assertThatThrownBy(() -> exact.json(Arrays.copyOf(packed(body), 40)))
        .isInstanceOf(UnreadableSpans.class)
        .hasMessageContaining("gzip");
  }

  @Test
  void tooManySpansAreTooLarge() {
    SpanReader one = new SpanReader(new ReadLimits(1 << 20, 1));

    tooLarge(one, OTLP.getBytes(StandardCharsets.UTF_8));
    tooLarge(one, JAEGER.getBytes(StandardCharsets.UTF_8));
  }

  private static void tooLarge(SpanReader reader, byte[] body) {
    assertThatThrownBy(() -> reader.json(body))
        .isInstanceOfSatisfying(
            UnreadableSpans.class, large -> assertThat(large.tooLarge()).isTrue());
  }

  @Test
  void spansArePutTogetherToTracesAndThoseSentTwiceCountOnce() throws UnreadableSpans {
    List<Span> spans =
        json(
            """
            [{"traceID": "t", "spanID": "a", "name": "x"}, {"traceID": "u", "spanID": "a"},
             {"traceID": "t", "spanID": "a", "name": "again"}, {"traceID": "t", "spanID": "b"}]
            """);

    List<Trace> traces = SpanReader.traces(spans);

    assertThat(traces).extracting(Trace::id).containsExactly("t", "u");
    assertThat(traces.getFirst().spans()).extracting(Span::operation).containsExactly("x", "");
  }

  /** One of the documents with some characters changed. */
  private static String broken(RandomGenerator random) {
    StringBuilder text = new StringBuilder(random.nextBoolean() ? OTLP : JAEGER);
    String signs = "{}[]\",:0-e9 nulx";
    for (int i = random.nextInt(1, 6); i > 0; i--) {
      int at = random.nextInt(text.length());
      text.setCharAt(at, signs.charAt(random.nextInt(signs.length())));
    }
    return text.toString();
  }

  @Test
  void whateverTheTextIsItIsReadOrRefused() {
    Cases.check(
        5_000,
        SpanReaderTest::broken,
        text -> {
          try {
            assertThat(SpanReader.traces(json(text))).allMatch(Trace::complete);
          } catch (UnreadableSpans refused) {
            assertThat(refused).hasMessageMatching("(?s).+");
          }
        });
  }

  @Test
  void limitsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadLimits(0, 1))
        .withMessageContaining("bytes must be >= 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadLimits(1, 0))
        .withMessageContaining("spans must be >= 1");
  }
}
