package dev.belay.chaos.trace.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.VirtualTime;
import dev.belay.chaos.trace.Span;
import dev.belay.chaos.trace.SpanId;
import dev.belay.chaos.trace.SpanKind;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.trace.TraceParent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TraceKeeperTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final VirtualTime time = new VirtualTime();
  private final TraceKeeper keeper =
      new TraceKeeper(KeepLimits.DEFAULT, Duration.ofMillis(50), time);
  private final TraceParent sent = sent(1);

  private static TraceParent sent(int number) {
    return new TraceParent("%032x".formatted(number), "00000000000000ff", true);
  }

  private static Span span(TraceParent sent, String id, String parent) {
    return new Span(
        new SpanId(sent.trace(), id, parent.isEmpty() ? Optional.empty() : Optional.of(parent)),
        "cart",
        "GET /" + id.charAt(0),
        SpanKind.SERVER,
        0,
        10,
        Span.Outcome.OK);
  }

  private void comes(int millis, Span... spans) {
    time.after(millis * 1_000_000L, Runnable::run, () -> keeper.add(List.of(spans)));
  }

  @Test
  void aTraceIsWholeWhenTheRootHasComeAndNothingElseForTwiceTheDelay() throws Exception {
    comes(10, span(sent, "b", "a"));
    comes(130, span(sent, "a", sent.span()));
    comes(200, span(sent, "c", "a"));

    Trace trace = keeper.await(sent, LIMIT).orElseThrow();

    assertThat(time.passed()).isEqualTo(Duration.ofMillis(300));
    assertThat(trace.complete()).isTrue();
    assertThat(trace.spans()).hasSize(3);
  }

  @Test
  void aTraceIsNotWholeAsLongAsASpanLacksTheOneThatCausedIt() throws Exception {
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, "c", "b")));
    comes(2_000, span(sent, "b", "a"));

    Trace trace = keeper.await(sent, LIMIT).orElseThrow();

    assertThat(time.passed()).isEqualTo(Duration.ofMillis(2_100));
    assertThat(trace.complete()).isTrue();
    assertThat(trace.spans()).hasSize(3);
  }

  @Test
  void aSpanThatStaysWithoutTheOneThatCausedItLeavesTheTraceIncomplete() throws Exception {
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, "c", "b")));

    assertThat(keeper.await(sent, LIMIT).map(Trace::complete)).contains(false);
    assertThat(keeper.await(sent, LIMIT).map(Trace::complete)).contains(false);
    assertThat(time.passed()).isEqualTo(LIMIT.multipliedBy(2));
  }

  @Test
  void nobodyWaitsForWhatDoesNotComeInTheHealthySystemEither() throws Exception {
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, "c", "b")));
    assertThat(keeper.awaitHealthy(sent, LIMIT).map(Trace::complete)).contains(false);
    TraceParent next = sent(2);
    keeper.add(List.of(span(next, "a", next.span()), span(next, "c", "b")));
    assertThat(keeper.await(next, LIMIT).map(Trace::complete)).contains(true);
    assertThat(time.passed()).isEqualTo(LIMIT.plusMillis(100));
  }

  @Test
  void whatComesAfterAllIsWaitedForAgain() throws Exception {
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, "c", "b")));
    assertThat(keeper.awaitHealthy(sent, LIMIT).map(Trace::complete)).contains(false);
    TraceParent whole = sent(2);
    keeper.add(List.of(span(whole, "a", whole.span()), span(whole, "c", "a")));
    assertThat(keeper.await(whole, LIMIT).map(Trace::complete)).contains(true);
    TraceParent next = sent(3);
    keeper.add(List.of(span(next, "a", next.span()), span(next, "c", "b")));

    assertThat(keeper.await(next, LIMIT).map(Trace::complete)).contains(false);
  }

  @Test
  void nobodyWaitsForAParentThatOnlySomeOfOneKindHave() throws Exception {
    Span other = span(sent, "c1", "b");
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, "c", "a"), other));
    assertThat(keeper.awaitHealthy(sent, LIMIT).map(Trace::complete)).contains(false);
    for (int i = 2; i < 5; i++) {
      TraceParent next = sent(i);
      keeper.add(
          List.of(span(next, "a", next.span()), span(next, "c", "a"), span(next, "c1", "b")));
      assertThat(keeper.await(next, LIMIT).map(Trace::complete)).contains(true);
    }
    assertThat(time.passed()).isEqualTo(LIMIT.plusMillis(300));
  }

  @Test
  void whatTheSendersSpanCausedIsTheRoot() throws Exception {
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, "b", "a")));

    Trace trace = keeper.await(sent, LIMIT).orElseThrow();

    assertThat(trace.root().map(root -> root.id().span())).contains("a");
  }

  @Test
  void theSendersOwnSpanIsTheRootIfItIsSentToo() throws Exception {
    keeper.add(List.of(span(sent, "a", sent.span()), span(sent, sent.span(), "")));

    Trace trace = keeper.await(sent, LIMIT).orElseThrow();

    assertThat(trace.root().map(root -> root.id().span())).contains(sent.span());
    assertThat(trace.spans().getFirst().id().parent()).isEmpty();
    assertThat(trace.spans()).filteredOn(span -> span.id().parent().isEmpty()).hasSize(1);
  }

  @Test
  void withoutARootItIsIncompleteWhenTheTimeIsUp() throws Exception {
    comes(10, span(sent, "b", "a"));

    Trace trace = keeper.await(sent, LIMIT).orElseThrow();

    assertThat(time.passed()).isEqualTo(LIMIT);
    assertThat(trace.complete()).isFalse();
  }

  @Test
  void whatStillComesWhenTheTimeIsUpIsIncomplete() throws Exception {
    for (int i = 0; i < 300; i++) {
      comes(50 * i, span(sent, "s" + i, i == 0 ? sent.span() : "s0"));
    }

    Trace trace = keeper.await(sent, LIMIT).orElseThrow();

    assertThat(time.passed()).isEqualTo(LIMIT);
    assertThat(trace.complete()).isFalse();
  }

  @Test
  void nothingIsGivenIfNothingComes() throws Exception {
    assertThat(keeper.await(sent, LIMIT)).isEmpty();
    assertThat(time.passed()).isEqualTo(LIMIT);
  }

  @Test
  void theQuietIsNeverLongerThanASecond() throws Exception {
    TraceKeeper slow = new TraceKeeper(KeepLimits.DEFAULT, Duration.ofSeconds(5), time);
    slow.add(List.of(span(sent, "a", "")));

    assertThat(slow.await(sent, LIMIT).map(Trace::complete)).contains(true);
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void aSpanThatIsSentAgainIsNoNewOne() throws Exception {
    keeper.add(List.of(span(sent, "a", "")));
    comes(50, span(sent, "a", ""));

    assertThat(keeper.await(sent, LIMIT).orElseThrow().spans()).hasSize(1);
    assertThat(time.passed()).isEqualTo(Duration.ofMillis(100));
  }

  @Test
  void tracesAreForgottenWithAge() throws Exception {
    keeper.add(List.of(span(sent, "a", "")));
    time.advance(KeepLimits.DEFAULT.age());
    assertThat(keeper.size()).isEqualTo(1);

    time.advance(Duration.ofNanos(1));

    assertThat(keeper.size()).isZero();
    assertThat(keeper.await(sent, Duration.ZERO)).isEmpty();
  }

  @Test
  void theOldestTraceGoesWhenThereAreTooMany() throws Exception {
    TraceKeeper small =
        new TraceKeeper(new KeepLimits(2, 1 << 20, LIMIT), Duration.ofMillis(50), time);

    for (int i = 1; i <= 3; i++) {
      small.add(List.of(span(sent(i), "a", "")));
    }

    assertThat(small.size()).isEqualTo(2);
    assertThat(small.await(sent(1), Duration.ZERO)).isEmpty();
    assertThat(small.await(sent(3), LIMIT)).isPresent();
  }

  @Test
  void theOldestTraceGoesWhenMemoryRunsOutAndOneThatIsTooLargeAloneIsCut() throws Exception {
    long two = 2 * Gathered.bytes(span(sent, "a", ""));
    TraceKeeper small =
        new TraceKeeper(new KeepLimits(100, two, LIMIT), Duration.ofMillis(50), time);
    small.add(List.of(span(sent(1), "a", ""), span(sent(2), "a", ""), span(sent(2), "b", "a")));

    assertThat(small.await(sent(1), Duration.ZERO)).isEmpty();
    assertThat(small.await(sent(2), LIMIT).map(Trace::complete)).contains(true);

    small.add(List.of(span(sent(2), "c", "a")));

    Trace cut = small.await(sent(2), LIMIT).orElseThrow();
    assertThat(cut.spans()).hasSize(2);
    assertThat(cut.complete()).isFalse();
  }

  @Test
  void limitsAreChecked() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepLimits(0, 1, LIMIT))
        .withMessageContaining("traces must be >= 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepLimits(1, 0, LIMIT))
        .withMessageContaining("bytes must be >= 1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new KeepLimits(1, 1, Duration.ZERO))
        .withMessageContaining("age must be > 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TraceKeeper(KeepLimits.DEFAULT, Duration.ZERO, time))
        .withMessageContaining("schedule delay must be > 0");
  }
}
