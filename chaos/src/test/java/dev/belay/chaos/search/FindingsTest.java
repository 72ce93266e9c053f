package dev.belay.chaos.search;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.export.Finding;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.session.Entry;
import dev.belay.chaos.session.Insight;
import dev.belay.chaos.session.Proposal;
import dev.belay.chaos.session.Trial;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private static final Fault FAULT = Fault.at(new Edge("cart", "tax"), new Effect.Abort(503));
  private static final FaultPlan PLAN = FaultPlan.of(FAULT);
  private static final Observation HEALTHY = seen(200, 100);

  private static Observation seen(int status, long millis) {
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(millis)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        Instant.EPOCH);
  }

  private static List<Entry> journal(String signature, Observation... showing) {
    Analyzer analyzer = new Analyzer(AnalyzerSettings.PARITY, Baseline.of(List.of(HEALTHY)));
    List<Entry> journal = new ArrayList<>();
    journal.add(new Entry.Healthy(HEALTHY));
    for (Observation seen : showing) {
      Trial.Result result =
          new Trial.Seen(
              seen, analyzer.score(PLAN, seen), new Insight(Optional.of(signature), false));
      journal.add(
          new Entry.Done(
              new Trial(
                  journal.size(),
                  new Proposal(PLAN, "confirm", Map.of()),
                  result,
                  Instant.EPOCH,
                  Duration.ofSeconds(1))));
    }
    return journal;
  }

  private static Defect defect(String signature) {
    return new Defect(
        signature, PLAN, 1, Optional.of(new Defect.Minimal(PLAN, new Defect.Odds(2, 3), 5)));
  }

  @Test
  void anAnswerThatIsSlowByItselfIsToleratedHalfWayToTheQuickestThatWasSeen() {
    String slow = "GET / | slow";

    Finding finding = Findings.of(defect(slow), journal(slow, seen(200, 3_100), seen(200, 2_100)));

    assertThat(finding.longest()).contains(Duration.ofMillis(1_100));
    assertThat(finding.strikes()).isEmpty();
    assertThat(finding.odds()).isEqualTo(new Defect.Odds(2, 3));
  }

  @Test
  void aFailureIsNotAboutTime() {
    String failed = "GET / | 500";

    assertThat(Findings.of(defect(failed), journal(failed, seen(500, 3_100))).longest()).isEmpty();
  }

  @Test
  void aCallThatIsRepeatedMayBeStruckAsOftenAsItIsUsuallyMade() {
    String repeats = "GET / | repeats | cart>tax GET /t";
    String elsewhere = "GET / | repeats | cart>promo GET /p";

    assertThat(Findings.of(defect(repeats), journal(repeats, seen(200, 100))).strikes())
        .contains(new Finding.Strikes(0, 1));
    assertThat(Findings.of(defect(elsewhere), journal(elsewhere, seen(200, 100))).strikes())
        .isEmpty();
  }
}
