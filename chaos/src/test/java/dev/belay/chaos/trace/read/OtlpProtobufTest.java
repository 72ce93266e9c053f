package dev.belay.chaos.trace.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanKind;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class OtlpProtobufTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";
  private static final String PARENT = "00f067aa0ba90200";

  private final SpanReader reader = new SpanReader(new ReadLimits(1 << 20, 3));

  private static Proto attribute(String key, Proto value) {
    return new Proto().text(1, key).message(2, value);
  }

  private static Proto text(String value) {
    return new Proto().text(1, value);
  }

  private static Proto span() {
    return new Proto().hex(1, TRACE).hex(2, SPAN);
  }

  /** A request whose resource comes after its spans, with fields that nobody knows everywhere. */
  private static Proto request(Proto... spans) {
    Proto scope = new Proto().varint(90, 7).text(3, "https://schema");
    for (Proto span : spans) {
      scope.message(2, span);
    }
    Proto resource = new Proto().message(1, attribute("service.name", text("cart"))).varint(2, 0);
    return new Proto()
        .fixed64(91, 1)
        .message(1, new Proto().message(2, scope).message(1, resource).fixed32(92, 3));
  }

  private static Proto full() {
    Proto deep =
        new Proto()
            .message(
                6,
                new Proto()
                    .message(1, attribute("k", new Proto().varint(3, -5)))
                    .message(
                        1,
                        attribute("l", new Proto().message(5, new Proto().message(1, text("x"))))));
    Proto event =
        new Proto()
            .fixed64(1, 12)
            .text(2, "exception")
            .message(3, attribute("exception.message", text("broken")))
            .message(3, attribute("exception.stacktrace", text("at …")));
    return span()
        .text(3, "state=1")
        .hex(4, PARENT)
        .text(5, "GET /cart")
        .varint(6, 3)
        .fixed64(7, 1_000)
        .fixed64(8, 3_500)
        .message(9, attribute("yes", new Proto().varint(2, 1)))
        .message(9, attribute("share", new Proto().fixed64(4, Double.doubleToLongBits(0.25))))
        .message(9, attribute("raw", new Proto().bytes(7, new byte[] {1, (byte) 0xab})))
        .message(9, attribute("deep", deep))
        .varint(10, 2)
        .message(11, event)
        .message(15, new Proto().text(2, "late").varint(3, 2))
        .fixed32(16, 0x101);
  }

  @Test
  void readsAllThatASpanSaysInAnyOrderAndPassesOverTheRest() throws UnreadableSpans {
    List<Span> spans = reader.protobuf(request(full()).bytes());

    assertThat(spans).hasSize(1);
    Span span = spans.getFirst();
    assertThat(span.id().trace()).isEqualTo(TRACE);
    assertThat(span.id().span()).isEqualTo(SPAN);
    assertThat(span.id().parent()).contains(PARENT);
    assertThat(span.service()).isEqualTo("cart");
    assertThat(span.operation()).isEqualTo("GET /cart");
    assertThat(span.kind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.startNanos()).isEqualTo(1_000);
    assertThat(span.durationNanos()).isEqualTo(2_500);
    assertThat(span.error()).isTrue();
    assertThat(span.outcome().tags())
        .containsEntry("yes", "true")
        .containsEntry("share", "0.25")
        .containsEntry("raw", "01ab")
        .containsEntry("deep", "[k=-5, l=[x]]")
        .containsEntry("otel.status_description", "late");
    assertThat(span.outcome().logs()).containsExactly("exception exception.message=broken");
  }

  @Test
  void whatIsNotSaidHasAPlainMeaning() throws UnreadableSpans {
    Proto bare = new Proto().message(1, new Proto().message(2, new Proto().message(2, span())));

    Span span = reader.protobuf(bare.bytes()).getFirst();

    assertThat(span.service()).isEqualTo("unknown_service");
    assertThat(span.kind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(span.id().parent()).isEmpty();
    assertThat(span.outcome()).isEqualTo(Span.Outcome.OK);
  }

  @Test
  void aClockThatWentBackMakesNoNegativeTime() throws UnreadableSpans {
    Span span = reader.protobuf(request(span().fixed64(7, 500).fixed64(8, 400)).bytes()).getFirst();

    assertThat(span.durationNanos()).isZero();
  }

  @Test
  void aKindThatNobodyKnowsIsInternal() throws UnreadableSpans {
    assertThat(reader.protobuf(request(span().varint(6, 77)).bytes()).getFirst().kind())
        .isEqualTo(SpanKind.INTERNAL);
  }

  @Test
  void idsAreChecked() {
    refused(request(new Proto().hex(1, TRACE)), "a span id must be 8 bytes");
    refused(request(new Proto().hex(1, "00".repeat(16)).hex(2, SPAN)), "not all 0");
    refused(request(span().hex(4, "0102")), "a span id must be 8 bytes");
    refused(request(span().fixed64(7, -1)), "before 1970 or after 2262");
  }

  @Test
  void tooManySpansAreTooLarge() throws UnreadableSpans {
    assertThat(reader.protobuf(request(span(), span(), span()).bytes())).hasSize(3);
    assertThatThrownBy(() -> reader.protobuf(request(span(), span(), span(), span()).bytes()))
        .isInstanceOfSatisfying(
            UnreadableSpans.class, large -> assertThat(large.tooLarge()).isTrue());
  }

  @Test
  void tagsAndLogsAndTextsAreBounded() throws UnreadableSpans {
    Proto span = span().text(5, "x".repeat(5_000));
    for (int i = 0; i < 300; i++) {
      span.message(9, attribute("k" + i, text("v".repeat(2_000))));
      span.message(11, new Proto().text(2, "e" + i));
    }

    Span read = reader.protobuf(request(span).bytes()).getFirst();

    assertThat(read.operation()).hasSize(1_024);
    assertThat(read.outcome().tags()).hasSize(128).containsKey("k0");
    assertThat(read.outcome().tags().get("k0")).hasSize(1_024);
    assertThat(read.outcome().logs()).hasSize(128);
  }

  @Test
  void whatIsNestedTooDeepIsRefused() {
    Proto value = text("x");
    for (int i = 0; i < 5_000; i++) {
      value = new Proto().message(5, new Proto().message(1, value));
    }

    refused(request(span().message(9, attribute("deep", value))), "nested deeper than 8");
  }

  @Test
  void whatIsNoProtobufIsRefused() {
    refusedHex("0f", "a field of type 7");
    refusedHex("0b", "a field of type 3");
    refusedHex("00", "a tag of 0");
    refusedHex("ffffffffffffffffffffff01", "more than ten bytes");
    refusedHex("ff", "does not end");
    refusedHex("0a7f", "a length of 127");
    refusedHex("0affffffffffffffffff01", "a length of 18446744073709551615");
    refusedHex("1100", "fewer than 8 bytes");
    refusedHex("1500", "fewer than 4 bytes");
  }

  private void refusedHex(String hex, String why) {
    assertThatThrownBy(() -> reader.protobuf(HexFormat.of().parseHex(hex)))
        .isInstanceOf(UnreadableSpans.class)
        .hasMessageContaining(why);
  }

  private void refused(Proto request, String why) {
    assertThatThrownBy(() -> reader.protobuf(request.bytes()))
        .isInstanceOf(UnreadableSpans.class)
        .hasMessageContaining(why);
  }

  /** A right request with some bytes changed, and perhaps an end cut off. */
  private static byte[] broken(RandomGenerator random) {
    byte[] bytes = request(full(), span()).bytes();
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
    return random.nextBoolean() ? bytes : Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private static byte[] noise(RandomGenerator random) {
    byte[] bytes = new byte[random.nextInt(200)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void whateverTheBytesAreTheyAreReadOrRefused() {
    Cases.check(20_000, OtlpProtobufTest::broken, this::readOrRefused);
    Cases.check(20_000, OtlpProtobufTest::noise, this::readOrRefused);
  }

  private void readOrRefused(byte[] bytes) {
    try {
      assertThat(reader.protobuf(bytes)).allSatisfy(span -> assertThat(span.id()).isNotNull());
    } catch (UnreadableSpans refused) {
      assertThat(refused).hasMessageMatching("(?s).+");
    }
  }
}
