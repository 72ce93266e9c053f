package dev.belay.chaos.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Cases;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceParentTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  @Test
  void theHeaderSaysTraceSpanAndWhetherTheyAreRecorded() {
    TraceParent parent = TraceParent.parse("00-" + TRACE + "-" + SPAN + "-01").orElseThrow();

    assertThat(parent).isEqualTo(new TraceParent(TRACE, SPAN, true));
    assertThat(parent.header()).isEqualTo("00-" + TRACE + "-" + SPAN + "-01");
    assertThat(TraceParent.parse("00-" + TRACE + "-" + SPAN + "-02"))
        .contains(new TraceParent(TRACE, SPAN, false));
  }

  @Test
  void laterVersionsMaySayMoreAtTheEnd() {
    assertThat(TraceParent.parse("01-" + TRACE + "-" + SPAN + "-01-more"))
        .contains(new TraceParent(TRACE, SPAN, true));
    assertThat(TraceParent.parse("cc-" + TRACE + "-" + SPAN + "-01")).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-1",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "01-" + TRACE + "-" + SPAN + "-01more",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + SPAN + "-01"
      })
  void whatIsNotAsW3cHasItIsNone(String header) {
    assertThat(TraceParent.parse(header)).isEmpty();
  }

  @Test
  void whatIsWrittenIsReadAsTheSame() {
    Cases.check(
        1_000,
        TraceParent::random,
        parent -> assertThat(TraceParent.parse(parent.header())).contains(parent));
  }

  @Test
  void idsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TraceParent("abc", SPAN, true))
        .withMessageContaining("trace must be 32");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TraceParent(TRACE, "0000000000000000", true))
        .withMessageContaining("span must be 16");
  }
}
