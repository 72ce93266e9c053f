package dev.belay.chaos.report;

import static dev.belay.chaos.report.Story.abort;
import static dev.belay.chaos.report.Story.answer;
import static dev.belay.chaos.report.Story.broken;
import static dev.belay.chaos.report.Story.delay;
import static dev.belay.chaos.report.Story.fault;
import static dev.belay.chaos.report.Story.struck;
import static dev.belay.chaos.report.Story.took;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Effect;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.trace.Trace;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
  private static final Trace USUAL =
      new Spans("t0")
          .serves(0, "shop", 0, 20, false)
          .serves(1, "cart", 1, 8, false)
          .serves(1, "tax", 10, 5, false)
          .trace();

  private static List<Hint> hints(FaultPlan plan, Observation seen) {
    return new Story()
        .healthy(answer(200, USUAL))
        .failed("sweep", plan, seen, "one")
        .defect("one", plan)
        .report()
        .findings()
        .getFirst()
        .hints();
  }

  @Test
  void oneFaultThatEndsInAnErrorHasNoFallback() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", abort()));

    assertThat(hints(plan, struck(answer(500, USUAL), plan, 0)))
        .containsExactly(new Hint(Pattern.MISSING_FALLBACK, "shop>tax"));
  }

  @Test
  void aFallbackThatIsStruckTooHasNoneItself() {
    FaultPlan plan = FaultPlan.of(fault("shop", "cart", abort()), fault("shop", "cache", abort()));
    Trace trace =
        new Spans("t1")
            .serves(0, "shop", 0, 20, true)
            .serves(1, "cart", 1, 8, true)
            .serves(1, "cache", 10, 5, true)
            .trace();

    assertThat(hints(plan, struck(answer(500, trace), plan, 0, 1)))
        .containsExactly(new Hint(Pattern.SECOND_FALLBACK, "shop>cache"));
  }

  @Test
  void twoUsualCallsThatFailTogetherMayShareAFallback() {
    FaultPlan plan = FaultPlan.of(fault("shop", "cart", abort()), fault("shop", "tax", abort()));

    assertThat(hints(plan, struck(answer(500, USUAL), plan, 0, 1)))
        .containsExactly(new Hint(Pattern.SECOND_FALLBACK, "shop>cart, shop>tax"));
  }

  @Test
  void callsThatAreMadeAgainAndAgainAreAStorm() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", delay(100)));
    Spans spans = new Spans("t1").serves(0, "shop", 0, 3_000, false).serves(1, "cart", 1, 8, false);
    for (int i = 0; i < 12; i++) {
      spans.serves(1, "tax", 10 + 110L * i, 100, true);
    }
    Observation seen = took(answer(200, spans.trace()), Duration.ofSeconds(3));

    assertThat(hints(plan, struck(seen, plan, 0)))
        .contains(new Hint(Pattern.RETRY_STORM, "shop>tax, 12 calls instead of 1"));
  }

  @Test
  void aCallThatIsWaitedForToItsEndHasNoTimeout() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", delay(3_000)));
    Trace trace =
        new Spans("t1")
            .serves(0, "shop", 0, 3_020, true)
            .serves(1, "cart", 1, 8, false)
            .calls(1, "shop", 10, 3_005)
            .serves(3, "tax", 3_011, 3, false)
            .trace();
    Observation seen = took(answer(504, trace), Duration.ofMillis(3_020));

    assertThat(hints(plan, struck(seen, plan, 0)))
        .containsExactly(
            new Hint(Pattern.MISSING_TIMEOUT, "shop>tax"),
            new Hint(Pattern.MISSING_FALLBACK, "shop>tax"));
  }

  @Test
  void aServiceThatWaitsOnWhenItsCallerHasLeftHasTooLongATimeout() {
    FaultPlan plan = FaultPlan.of(fault("cart", "stock", delay(3_000)));
    Trace trace =
        new Spans("t1")
            .serves(0, "shop", 0, 1_000, true)
            .calls(1, "shop", 1, 900)
            .serves(2, "cart", 2, 3_050, false)
            .calls(3, "cart", 3, 3_010)
            .serves(4, "stock", 3_004, 5, false)
            .trace();
    Observation seen = took(answer(504, trace), Duration.ofSeconds(1));

    assertThat(hints(plan, struck(seen, plan, 0)))
        .containsExactly(
            new Hint(Pattern.TIMEOUT_INVERSION, "shop>cart"),
            new Hint(Pattern.MISSING_FALLBACK, "cart>stock"));
  }

  @Test
  void anAnswerThatIsLostAfterTheWorkWasDoneIsARetryThatIsNotIdempotent() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", new Effect.Rewrite(503)));
    Observation seen = broken(answer(200, USUAL), "one charge for each order");

    assertThat(hints(plan, struck(seen, plan, 0)))
        .containsExactly(
            new Hint(Pattern.NON_IDEMPOTENT_RETRY, "shop>tax"),
            new Hint(Pattern.BROKEN_INVARIANT, "broken: one charge for each order"));
  }

  @Test
  void aWrongAnswerIsABrokenInvariant() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", new Effect.Abort(429)));
    Observation seen = broken(answer(200, USUAL), "the total is right");

    assertThat(hints(plan, struck(seen, plan, 0)))
        .containsExactly(new Hint(Pattern.BROKEN_INVARIANT, "broken: the total is right"));
  }

  @Test
  void whatFitsNoPatternGetsNoHint() {
    FaultPlan plan = FaultPlan.of(fault("shop", "tax", abort()));

    assertThat(hints(plan, struck(answer(200, USUAL), plan, 0))).isEmpty();
  }

  @Test
  void everyPatternSaysWhatToDo() {
    assertThat(Pattern.values())
        .allSatisfy(pattern -> {
          assertThat(pattern.title()).isNotBlank();
          assertThat(pattern.advice()).endsWith(".");
          assertThat(pattern.word()).matches("[a-z_]+");
        });
  }
}
