package dev.belay.chaos.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Cases;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceToolsTest {

  @ParameterizedTest
  @CsvSource({
    "GET /orders/17, GET /orders/{}",
    "GET /orders/17/items/3?page=2, GET /orders/{}/items/{}?page={}",
    "GET /v1/users, GET /v1/users",
    "/a/550e8400-e29b-41d4-a716-446655440000/b, /a/{}/b",
    "/a/deadbeef0123, /a/{}",
    "/a/feedfacecafe, /a/feedfacecafe",
    "/a/item17, /a/item17",
    "GET, GET"
  })
  void idsOfInstancesAreCollapsed(String operation, String collapsed) {
    assertThat(Operations.collapsed(operation)).isEqualTo(collapsed);
  }

  /** The whole table, cell by cell. */
  private static int slow(List<Integer> one, List<Integer> other) {
    int[][] table = new int[one.size() + 1][other.size() + 1];
    for (int i = 0; i <= one.size(); i++) {
      for (int j = 0; j <= other.size(); j++) {
        if (i == 0 || j == 0) {
          table[i][j] = i + j;
        } else {
          int same = one.get(i - 1).equals(other.get(j - 1)) ? 0 : 1;
          table[i][j] =
              Math.min(table[i - 1][j - 1] + same, Math.min(table[i - 1][j], table[i][j - 1]) + 1);
        }
      }
    }
    return table[one.size()][other.size()];
  }

  private static List<Integer> some(RandomGenerator random) {
    return random.ints(random.nextInt(12), 0, 4).boxed().toList();
  }

  @Test
  void theDistanceIsThatOfTheWholeTable() {
    record Pair(List<Integer> one, List<Integer> other, int most) {}
    Cases.check(
        5_000,
        random -> new Pair(some(random), some(random), random.nextInt(12)),
        pair ->
            assertThat(EditDistance.between(pair.one(), pair.other(), pair.most()))
                .isEqualTo(Math.min(pair.most() + 1, slow(pair.one(), pair.other()))));
  }

  @Test
  void theLengthOfTheRootIsMadeOfWhatEndedLast() {
    Trace trace =
        Traces.begin()
            .span("r", "", "edge", "GET /", 0, 100)
            .span("a", "r", "fast", "a", 10, 20)
            .span("b", "r", "slow", "b", 10, 60)
            .span("c", "r", "last", "c", 75, 20)
            .span("d", "b", "deep", "d", 20, 30)
            .trace();

    CriticalPath path = CriticalPath.of(trace);

    assertThat(path.nanos()).isEqualTo(100_000_000);
    assertThat(path.parts())
        .extracting(part -> part.span().id().span())
        .containsExactly("r", "b", "d", "b", "r", "c", "r");
    SpanTree tree = new SpanTree(trace);
    assertThat(path.nanosBelow(tree.find("b").orElseThrow(), tree)).isEqualTo(60_000_000);
    assertThat(path.nanosBelow(tree.find("a").orElseThrow(), tree)).isZero();
  }

  /** Parents that are missing, after their children, their own, or each other's. */
  private static Trace wild(RandomGenerator random) {
    Traces traces = Traces.begin();
    int count = random.nextInt(1, 9);
    for (int i = 0; i < count; i++) {
      String parent = random.nextInt(4) == 0 ? "" : "s" + random.nextInt(count + 2);
      traces.span(
          "s" + i, parent, "svc" + random.nextInt(3), "op", random.nextInt(50), random.nextInt(50));
    }
    return traces.trace();
  }

  @Test
  void whateverIsBrokenInATraceThePathIsAsLongAsItsRootAndEachSpanIsThereOnce() {
    Cases.check(
        3_000,
        TraceToolsTest::wild,
        trace -> {
          SpanTree tree = new SpanTree(trace);
          List<Span> found = new ArrayList<>();
          List<Span> todo = new ArrayList<>(tree.roots());
          while (!todo.isEmpty()) {
            Span next = todo.removeLast();
            found.add(next);
            todo.addAll(tree.children(next));
          }
          assertThat(found).containsExactlyInAnyOrderElementsOf(trace.spans());
          CriticalPath path = CriticalPath.of(trace);
          long longest = tree.roots().stream().mapToLong(Span::durationNanos).max().orElseThrow();
          assertThat(path.nanos()).isEqualTo(longest);
          long at = Long.MIN_VALUE;
          for (CriticalPath.Part part : path.parts()) {
            assertThat(part.fromNanos()).isGreaterThanOrEqualTo(at);
            at = part.toNanos();
          }
          assertThat(Calls.of(trace)).hasSizeLessThanOrEqualTo(trace.spans().size());
        });
  }

  @Test
  void callsAreThoseBetweenServicesAndToPeersThatLeaveNoSpan() {
    Trace trace =
        Traces.begin()
            .span("r", "", "edge", "GET /", 0, 100)
            .client("c1", "r", "edge", "cart", 5, 50)
            .span("s1", "c1", "cart", "GET /cart", 6, 48)
            .client("c2", "s1", "cart", "pricing", 10, 5)
            .trace();

    assertThat(Calls.of(trace))
        .extracting(call -> call.caller() + ">" + call.callee())
        .containsExactly("client>edge", "edge>cart", "cart>pricing");
    SpanTree tree = new SpanTree(trace);
    assertThat(tree.caller(tree.find("c2").orElseThrow()).map(Span::service))
        .isEqualTo(Optional.of("edge"));
  }

  @Test
  void whatIsNoTraceIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Trace(List.of(), true))
        .withMessageContaining("at least one span");
    Span span = Traces.ops("a").spans().getFirst();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Trace(List.of(span, span), true))
        .withMessageContaining("unique");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SpanId("", "a", Optional.empty()))
        .withMessageContaining("trace id");
  }
}
