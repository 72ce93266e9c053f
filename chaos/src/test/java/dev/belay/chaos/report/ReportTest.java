package dev.belay.chaos.report;

import static dev.belay.chaos.report.Story.abort;
import static dev.belay.chaos.report.Story.answer;
import static dev.belay.chaos.report.Story.delay;
import static dev.belay.chaos.report.Story.fault;
import static dev.belay.chaos.report.Story.struck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.belay.Cases;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.guard.SafetyLog;
import dev.belay.chaos.session.SessionState;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class ReportTest {
  private static final Edge CART = new Edge("shop", "cart");
  private static final Edge TAX = new Edge("shop", "tax");
  private static final Edge STOCK = new Edge("cart", "stock");
  private static final Fault CART_DOWN = fault("shop", "cart", abort());
  private static final Fault CART_SLOW = fault("shop", "cart", delay(100));
  private static final Fault TAX_DOWN = fault("shop", "tax", abort());
  private static final Fault STOCK_DOWN = fault("cart", "stock", abort());

  private static final Trace USUAL =
      new Spans("t0")
          .serves(0, "shop", 0, 20, false)
          .serves(1, "cart", 1, 8, false)
          .serves(2, "stock", 2, 3, false)
          .serves(1, "tax", 10, 5, false)
          .trace();

  private final Story story = new Story().healthy(answer(200, USUAL));

  private static Observation seen(int status, FaultPlan plan, int... struck) {
    return struck(answer(status, USUAL), plan, struck);
  }

  private void held(String arm, Fault... faults) {
    FaultPlan plan = FaultPlan.of(faults);
    story.held(arm, plan, seen(200, plan, all(plan)));
  }

  private void failed(String arm, String signature, Fault... faults) {
    FaultPlan plan = FaultPlan.of(faults);
    story.failed(arm, plan, seen(500, plan, all(plan)), signature);
  }

  private static int[] all(FaultPlan plan) {
    return IntStream.range(0, plan.size()).toArray();
  }

  @Test
  void curvesGrowWithTheBestScoreAndWithEachFailureThatIsNew() {
    held("sweep", CART_SLOW);
    failed("sweep", "one", TAX_DOWN);
    failed("minimise", "one", TAX_DOWN);
    story.couldNot("random", FaultPlan.of(CART_DOWN));
    failed("random", "two", CART_DOWN);

    List<Step> curve = story.report().curve().steps();

    assertThat(curve).extracting(Step::trial).containsExactly(1, 2, 3, 4, 5);
    assertThat(curve).extracting(Step::failures).containsExactly(0, 1, 1, 1, 2);
    assertThat(curve).extracting(Step::discovery).containsExactly(0.0, 10.0, 10.0, 10.0, 10.0);
    assertThat(curve.getFirst().best()).isLessThan(curve.get(1).best());
    assertThat(curve.get(3).best()).isEqualTo(curve.get(1).best());
  }

  @Nested
  class TheHeatMap {
    @Test
    void hasARowForEachCallThatWasSeenAndAColumnForEachKindThatWasPlanned() {
      held("sweep", CART_SLOW);
      held("sweep", TAX_DOWN);

      HeatMap heat = story.report().tried().heat();

      assertThat(heat.edges()).containsExactly(STOCK, CART, TAX);
      assertThat(heat.kinds()).containsExactly("delay", "abort");
      assertThat(heat.at(STOCK, "delay")).isEqualTo(Heat.UNTESTED);
      assertThat(heat.at(CART, "delay")).isEqualTo(Heat.TOLERATED);
      assertThat(heat.count(Heat.UNTESTED)).isEqualTo(4);
    }

    @Test
    void saysWhatNeverStruck() {
      FaultPlan both = FaultPlan.of(CART_DOWN, STOCK_DOWN);
      int cart = both.faults().indexOf(CART_DOWN);
      story.held("sweep", both, seen(200, both, cart));

      HeatMap heat = story.report().tried().heat();

      assertThat(heat.at(STOCK, "abort")).isEqualTo(Heat.NEVER_STRUCK);
      assertThat(heat.at(CART, "abort")).isEqualTo(Heat.TOLERATED);
    }

    @Test
    void blamesOnlyTheSmallestPlan() {
      failed("random", "one", CART_DOWN, TAX_DOWN, STOCK_DOWN);
      story.defect(
          "one", FaultPlan.of(CART_DOWN, TAX_DOWN, STOCK_DOWN), FaultPlan.of(CART_DOWN, TAX_DOWN));

      HeatMap heat = story.report().tried().heat();

      assertThat(heat.at(CART, "abort")).isEqualTo(Heat.FAILS);
      assertThat(heat.at(TAX, "abort")).isEqualTo(Heat.FAILS);
      assertThat(heat.at(STOCK, "abort")).isEqualTo(Heat.UNCLEAR);
    }

    @Test
    void blamesAllThatStruckAsLongAsNothingSmallerIsKnown() {
      FaultPlan all = FaultPlan.of(CART_DOWN, TAX_DOWN, STOCK_DOWN);
      int stock = all.faults().indexOf(STOCK_DOWN);
      story.failed("random", all, seen(500, all, stock), "one");

      HeatMap heat = story.report().tried().heat();

      assertThat(heat.at(STOCK, "abort")).isEqualTo(Heat.FAILS);
      assertThat(heat.at(CART, "abort")).isEqualTo(Heat.NEVER_STRUCK);
    }

    @Test
    void findsAFaultOfAnyCallerWhereItStruck() {
      FaultPlan any = FaultPlan.of(Fault.at(Edge.into("cart"), abort()));
      Observation seen =
          struck(answer(500, USUAL), FaultPlan.of(CART_DOWN), 0); // the receipt names the caller
      story.failed("random", any, seen, "one");
      story.defect("one", any);

      HeatMap heat = story.report().tried().heat();

      assertThat(heat.at(CART, "abort")).isEqualTo(Heat.FAILS);
      assertThat(heat.edges()).doesNotContain(Edge.into("cart"));
    }

    @Test
    void takesAllForStruckIfTheExecutorGivesNoReceipts() {
      FaultPlan plan = FaultPlan.of(CART_DOWN);
      story.held("sweep", plan, answer(200, USUAL));

      assertThat(story.report().tried().heat().at(CART, "abort")).isEqualTo(Heat.TOLERATED);
    }
  }

  @Nested
  class Coverages {
    @Test
    void countPairsThatStruckTogether() {
      held("covering", CART_DOWN, TAX_DOWN);
      held("covering", CART_SLOW, TAX_DOWN);

      Coverage coverage = story.report().tried().coverage();

      assertThat(coverage.edges()).isEqualTo(new Coverage.Pairs(1, 3));
      assertThat(coverage.sites()).isEqualTo(new Coverage.Pairs(2, 12));
      assertThat(coverage.edges().percent()).isCloseTo(33.3, within(0.1));
    }

    @Test
    void knowOfNoRiskWithoutTrialsByChance() {
      held("sweep", CART_DOWN);

      assertThat(story.report().tried().coverage().risk()).isEmpty();
    }

    @Test
    void boundWhatIsLeftByTheRuleOfThree() {
      failed("random", "one", CART_DOWN);
      for (int i = 0; i < 30; i++) {
        held("random", TAX_DOWN);
      }
      failed("random", "one", CART_DOWN); // known already
      story.couldNot("random", FaultPlan.of(CART_DOWN)); // says nothing

      Coverage coverage = story.report().tried().coverage();

      assertThat(coverage.quiet()).isEqualTo(31);
      assertThat(coverage.risk().orElseThrow()).isCloseTo(3.0 / 31, within(1e-9));
    }

    @Test
    void neverPromiseMoreThanTheExactBound() {
      Cases.check(
          200,
          random -> random.nextInt(1, 2_000),
          quiet -> {
            Coverage.Pairs none = new Coverage.Pairs(0, 0);
            double exact = 1 - Math.pow(0.05, 1.0 / quiet);
            assertThat(new Coverage(none, none, quiet).risk().orElseThrow())
                .isBetween(Math.min(exact, 1), 1.0);
          });
    }
  }

  @Test
  void costIsCountedByArm() {
    held("sweep", CART_DOWN);
    failed("sweep", "one", TAX_DOWN);
    failed("minimise", "one", TAX_DOWN);
    story.couldNot("random", FaultPlan.of(CART_DOWN));

    Cost cost = story.report().effort().cost();

    assertThat(cost.trials()).isEqualTo(4);
    assertThat(cost.failed()).isEqualTo(1);
    assertThat(cost.healthy()).isEqualTo(1);
    assertThat(cost.spent()).isEqualTo(Duration.ofSeconds(6));
    assertThat(cost.arms().keySet()).containsExactly("sweep", "minimise", "random");
    assertThat(cost.arms().get("sweep")).isEqualTo(new Cost.Arm(2, 1, Duration.ofSeconds(3)));
    assertThat(cost.arms()).containsEntry("minimise", new Cost.Arm(1, 0, Duration.ofMillis(1_500)));
  }

  @Test
  void keepsWhatTheGuardDid() {
    story.safety(SafetyLog.Kind.HELD, "p95 is 900 ms").ends(SessionState.COMPLETED, "stopped");

    assertThat(story.report().effort().safety())
        .extracting(SafetyLog.Entry::detail)
        .containsExactly("p95 is 900 ms");
  }

  @Test
  void showsADefectByATrialOfItsSmallestPlan() {
    failed("random", "one", CART_DOWN, TAX_DOWN);
    failed("minimise", "one", TAX_DOWN);
    story.defect("one", FaultPlan.of(CART_DOWN, TAX_DOWN), FaultPlan.of(TAX_DOWN));

    Finding finding = story.report().findings().getFirst();

    assertThat(finding.plan()).isEqualTo(FaultPlan.of(TAX_DOWN));
    assertThat(finding.evidence().orElseThrow().number()).isEqualTo(2);
    assertThat(finding.healthy().orElseThrow().bars()).hasSize(4);
    assertThat(finding.failing().orElseThrow().bars())
        .filteredOn(bar -> bar.fault().isPresent())
        .singleElement()
        .satisfies(bar -> {
          assertThat(bar.name()).isEqualTo("tax GET /tax");
          assertThat(bar.fault()).contains("abort 503");
          assertThat(bar.depth()).isEqualTo(1);
        });
  }

  @Test
  void saysWhatItKnowsOfADefectThatNoTrialShows() {
    story.defect("one", FaultPlan.of(CART_DOWN));

    Finding finding = story.report().findings().getFirst();

    assertThat(finding.evidence()).isEmpty();
    assertThat(finding.hints()).isEmpty();
    assertThat(finding.plan()).isEqualTo(FaultPlan.of(CART_DOWN));
  }

  @Test
  void cutsTracesThatNobodyWouldRead() {
    Spans spans = new Spans("t1").serves(0, "shop", 0, 200, false);
    for (int i = 0; i < 150; i++) {
      spans.serves(1, "tax", i, 1, true);
    }

    Waterfall cut = Waterfall.of(spans.trace(), Map.of());

    assertThat(cut.bars()).hasSize(Waterfall.MOST);
    assertThat(cut.left()).isEqualTo(151 - Waterfall.MOST);
    assertThat(cut.nanos()).isEqualTo(200 * Spans.MILLI);
  }

  @Test
  void anEmptySessionHasAnEmptyReport() {
    Report report = new Story().report();

    assertThat(report.curve().steps()).isEmpty();
    assertThat(report.findings()).isEmpty();
    assertThat(report.tried().coverage().edges().percent()).isEqualTo(100);
    assertThat(report.effort().cost().trials()).isZero();
  }
}
