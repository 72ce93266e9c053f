package dev.belay.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Call;
import dev.belay.Cases;
import dev.belay.Endpoint;
import dev.belay.EndpointHistory;
import dev.belay.VirtualTime;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class CompositeTest {
  private final VirtualTime time = new VirtualTime();
  private final List<Endpoint> numbered = Choices.endpoints(20, time);

  private static Filter only(Set<String> names) {
    return (endpoint, call) -> names.contains(endpoint.name());
  }

  @Test
  void appliesOneFilterAfterAnother() {
    var selection =
        new Composite(
            List.of(only(Set.of("e1", "e2", "e3")), only(Set.of("e3", "e4"))), new RoundRobin());

    assertThat(Choices.count(10, selection, numbered, Call.DEFAULT)).containsEntry("e3", 10);
  }

  @Test
  void ignoresAFilterThatWouldLeaveNone() {
    var selection =
        new Composite(
            List.of(only(Set.of("e1", "e2")), only(Set.of("e7")), only(Set.of("e2"))),
            new RoundRobin());

    assertThat(Choices.count(10, selection, numbered, Call.DEFAULT)).containsEntry("e2", 10);
  }

  @Test
  void isItsSelectorIfThereAreNoFilters() {
    var selection = new Composite(List.of(), new RoundRobin());

    assertThat(Choices.count(20, selection, numbered, Call.DEFAULT).values()).containsOnly(1);
  }

  @Test
  void filtersByTagAndCost() {
    var none = Endpoint.Traits.NONE;
    var tagged = new Endpoint.Traits("", "", Set.of("paid"), 1, 3, none.maxConcurrent());
    Endpoint paid = EndpointHistory.endpoint("paid", tagged, time);
    Endpoint free = EndpointHistory.endpoint("free", time);
    List<Endpoint> both = List.of(paid, free);

    assertThat(Filter.tagged("paid").narrow(both, Call.DEFAULT)).containsExactly(paid);
    assertThat(Filter.costAtMost(2).narrow(both, Call.DEFAULT)).containsExactly(free);
  }

  private record Narrowing(Set<String> kept) {}

  @Test
  void narrowsToTheKeptInOrderOrNotAtAll() {
    Cases.check(
        200,
        CompositeTest::anyNarrowing,
        narrowing -> {
          List<Endpoint> expected =
              numbered.stream().filter(one -> narrowing.kept().contains(one.name())).toList();

          assertThat(only(narrowing.kept()).narrow(numbered, Call.DEFAULT))
              .isEqualTo(expected.isEmpty() ? numbered : expected);
        });
  }

  private static Narrowing anyNarrowing(RandomGenerator random) {
    Set<String> kept = new TreeSet<>();
    int share = random.nextInt(4);
    for (int i = 0; i < 20; i++) {
      if (random.nextInt(3) < share) {
        kept.add("e" + i);
      }
    }
    return new Narrowing(kept);
  }
}
