package dev.belay.chaos.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Cases;
import dev.belay.chaos.Edge;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static Edge edge(String from, String to) {
    return new Edge(from, to);
  }

  @Test
  void putsAServiceBehindTheLastThatCallsIt() {
    List<List<String>> columns =
        Layers.of(
            List.of("lonely"),
            List.of(edge("shop", "cart"), edge("shop", "stock"), edge("cart", "stock")));

    assertThat(columns).hasSize(3);
    assertThat(columns.getFirst()).containsExactlyInAnyOrder("lonely", "shop");
    assertThat(columns.get(1)).containsExactly("cart");
    assertThat(columns.getLast()).containsExactly("stock");
  }

  @Test
  void putsBesideEachOtherWhatIsTied() {
    List<List<String>> columns =
        Layers.of(
            List.of(), List.of(edge("a", "b1"), edge("a", "b2"), edge("b1", "z"), edge("b2", "c")));

    assertThat(columns.get(2).indexOf("z")).isEqualTo(columns.get(1).indexOf("b1"));
  }

  @Test
  void hasEachServiceOnceWhateverTheCircles() {
    Cases.check(
        200,
        LayersTest::anyEdges,
        edges -> {
          Set<String> names = new HashSet<>();
          edges.forEach(edge -> names.addAll(List.of(edge.caller(), edge.callee())));

          List<String> placed = Layers.of(List.of(), edges).stream().flatMap(List::stream).toList();

          assertThat(placed).containsExactlyInAnyOrderElementsOf(names);
        });
  }

  private static Set<Edge> anyEdges(RandomGenerator random) {
    Set<Edge> edges = new HashSet<>();
    for (int i = random.nextInt(12); i > 0; i--) {
      edges.add(edge("s" + random.nextInt(6), "s" + random.nextInt(6)));
    }
    return edges;
  }
}
