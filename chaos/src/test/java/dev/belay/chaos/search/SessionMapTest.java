package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.SessionSpec;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.trace.ServiceMap;
import dev.belay.chaos.trace.Trace;
import dev.belay.chaos.wire.Json;
import dev.belay.chaos.wire.ServiceMapTree;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SessionMapTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static final ServiceMap MAP =
      ServiceMapTree.read(
          Json.read(
              """
              {"topology": [
                {"source": "front", "target": "stock"},
                {"source": "front", "target": "spare"}]}
              """),
          NOW);

  /** Fails if both of two calls do; shows no trace, but says what struck. */
  private static Observation run(FaultPlan plan) {
    List<Receipt> receipts = new ArrayList<>();
    for (int i = 0; i < plan.size(); i++) {
      receipts.add(new Receipt(i, plan.faults().get(i).edge(), Optional.empty(), 0));
    }
    long down = plan.faults().stream().map(Fault::edge).distinct().count();
    return seen(down == 2 ? 500 : 200, Optional.empty(), receipts);
  }

  private static Observation seen(int status, Optional<Trace> trace, List<Receipt> receipts) {
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(20)),
        List.of(),
        trace,
        receipts,
        List.of(),
        NOW);
  }

  private static SessionView view(String document) {
    return new SessionView(
        "id",
        new SessionSpec("front", document, 100, Duration.ofHours(1), 1),
        SessionState.RUNNING,
        new SessionView.Times(NOW, Optional.empty(), Optional.empty(), NOW),
        new SessionView.Progress(0, 0, Optional.empty(), Optional.empty(), SessionView.Looks.NONE),
        SessionView.Note.NONE,
        List.of());
  }

  @Test
  void aSystemThatSendsNoTraceIsSearchedByItsMap() {
    List<Observation> healthy = SessionMap.imagined(List.of(run(FaultPlan.NONE)), Optional.of(MAP));
    FaultSpace space = FaultSpace.of(healthy);
    HybridSearch search = new HybridSearch(space, healthy, 1);
    Analyzer analyzer =
        new Analyzer(AnalyzerSettings.DESIGN, Baseline.of(List.of(run(FaultPlan.NONE))));
    for (int i = 0; i < 60; i++) {
      Optional<Proposal> proposal = search.next();
      if (proposal.isEmpty()) {
        break;
      }
      Observation seen = run(proposal.get().plan());
      Insight unused = search.saw(i + 1, seen, analyzer.score(proposal.get().plan(), seen));
    }

    assertThat(space.edges())
        .containsExactlyInAnyOrder(new Edge("front", "stock"), new Edge("front", "spare"));
    assertThat(search.defects())
        .singleElement()
        .extracting(Defect::minimal)
        .satisfies(minimal -> assertThat(minimal.orElseThrow().plan().size()).isEqualTo(2));
  }

  @Test
  void whatTracesShowIsBetterThanAMap() {
    Synthetic system = new Synthetic(List.of(Synthetic.Wrong.ALONE, Synthetic.Wrong.NOTHING));
    List<Observation> healthy = List.of(system.run(FaultPlan.NONE));

    assertThat(SessionMap.imagined(healthy, Optional.of(MAP))).isEqualTo(healthy);
    assertThat(SessionMap.imagined(List.of(run(FaultPlan.NONE)), Optional.empty()))
        .extracting(Observation::trace)
        .containsExactly(Optional.empty());
    ServiceMap shown =
        SessionMap.of(
                view(SessionMap.with("{}", MAP)),
                healthy.stream().map(one -> (Entry) new Entry.Healthy(one)).toList())
            .orElseThrow();
    assertThat(shown.services()).doesNotContainKey("stock");
  }

  @Test
  void aMapStandsInTheDocumentOfItsSessionBesideAllElse() {
    String document = SessionMap.with("{\"begin_with\": {\"only\": true, \"plans\": []}}", MAP);

    assertThat(SessionMap.read(document)).contains(MAP);
    assertThat(Beginning.read(document).only()).isTrue();
    assertThat(SessionMap.of(view(document), List.of())).contains(MAP);
    assertThat(SessionMap.of(view("{}"), List.of())).isEmpty();
    assertThat(SessionMap.read("{}")).isEmpty();
  }
}
