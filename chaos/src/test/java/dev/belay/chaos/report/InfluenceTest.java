package dev.belay.chaos.report;

import static dev.belay.chaos.report.Story.abort;
import static dev.belay.chaos.report.Story.answer;
import static dev.belay.chaos.report.Story.delay;
import static dev.belay.chaos.report.Story.fault;
import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.trace.Trace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InfluenceTest {
  private static final Trace USUAL = new Spans("t0").serves(0, "shop", 0, 20, false).trace();

  private final Story story = new Story().healthy(answer(200, USUAL));

  /** A system that fails only if the cart is slow and the stock is down. */
  private Influence ofTwoThatOnlyFailTogether() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 150; i++) {
      List<Fault> faults = new ArrayList<>();
      int slow = random.nextInt(1, 3_000);
      boolean cart = random.nextBoolean();
      boolean stock = random.nextBoolean();
      if (cart) {
        faults.add(fault("shop", "cart", delay(slow)));
      }
      if (stock) {
        faults.add(fault("cart", "stock", abort()));
      }
      if (random.nextBoolean()) {
        faults.add(fault("shop", "tax", random.nextBoolean() ? abort() : new Effect.Reset()));
      }
      FaultPlan plan = new FaultPlan(faults);
      boolean fails = cart && slow > 1_500 && stock;
      story.failed("random", plan, answer(fails ? 500 : 200, USUAL), "one");
    }
    return story.report().influence().orElseThrow();
  }

  @Test
  void findsWhatMattersAndWhatDoesNot() {
    Influence influence = ofTwoThatOnlyFailTogether();

    assertThat(influence.target()).isEqualTo("discovery");
    assertThat(influence.explained()).isGreaterThan(0.5);
    assertThat(influence.parts().subList(0, 2))
        .extracting(part -> part.feature().name())
        .containsExactlyInAnyOrder("shop>cart delay", "cart>stock fault");
    double most = influence.parts().getFirst().spread();
    assertThat(influence.parts())
        .filteredOn(part -> part.feature().name().startsWith("shop>tax"))
        .allSatisfy(part -> assertThat(part.spread()).isLessThan(most / 3));
  }

  @Test
  void showsWhereADelayBeginsToHarm() {
    Influence.Part cart =
        ofTwoThatOnlyFailTogether().parts().stream()
            .filter(part -> part.feature().name().equals("shop>cart delay"))
            .findFirst()
            .orElseThrow();

    int half = cart.at().size() / 2;
    assertThat(cart.mean().subList(0, half - 1)).allMatch(score -> score < 1);
    assertThat(cart.mean().subList(half + 1, cart.at().size())).allMatch(score -> score > 2);
    assertThat(cart.lines()).hasSize(20).allMatch(line -> line.size() == cart.at().size());
  }

  @Test
  void knowsWhichTwoChangeEachOther() {
    Influence.Together pair = ofTwoThatOnlyFailTogether().together().orElseThrow();

    assertThat(List.of(pair.across().name(), pair.up().name()))
        .containsExactlyInAnyOrder("shop>cart delay", "cart>stock fault");
    assertThat(pair.strength()).isGreaterThan(1);
    assertThat(pair.mean()).hasSize(pair.upAt().size());
    assertThat(pair.mean().getLast().getLast())
        .isGreaterThan(7); // slow, and down: the last of both
    assertThat(pair.mean().getFirst().getLast()).isLessThan(2);
  }

  @Test
  void isTheSameForTheSameTrials() {
    ofTwoThatOnlyFailTogether();

    assertThat(story.report().influence()).isEqualTo(story.report().influence());
  }

  @Test
  void learnsNothingOfAFewTrialsOrOfTrialsThatAreAllAlike() {
    for (int i = 0; i < Learning.LEAST - 1; i++) {
      FaultPlan plan = FaultPlan.of(fault("shop", "cart", delay(i + 1)));
      story.failed("random", plan, answer(i % 2 == 0 ? 500 : 200, USUAL), "one");
    }
    Story same = new Story().healthy(answer(200, USUAL));
    for (int i = 0; i < 30; i++) {
      same.held("random", FaultPlan.of(fault("shop", "cart", delay(i + 1))), answer(200, USUAL));
    }

    assertThat(story.report().influence()).isEmpty();
    assertThat(same.report().influence()).isEmpty();
    assertThat(Report.brief(story.view(), story.entries).influence()).isEmpty();
  }

  @Test
  void learnsOverTheDimensionsOfASpace() {
    Story told = new Story().healthy(answer(200, USUAL)).space(Story.SPACE);
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 60; i++) {
      int slow = random.nextInt(100, 3_000);
      if (random.nextBoolean()) {
        told.point(Map.of("fault_type", "delay", "delay_ms", slow), slow > 2_000 ? 500 : 200, "");
      } else {
        told.point(Map.of("fault_type", "abort", "error_code", 503), 200, "");
      }
    }

    Influence influence = told.report().influence().orElseThrow();

    Influence.Part first = influence.parts().getFirst();
    assertThat(first.feature().name()).isEqualTo("delay_ms");
    assertThat(first.mean().getFirst()).isLessThan(first.mean().getLast() - 3);
    assertThat(influence.parts())
        .extracting(part -> part.feature().name())
        .doesNotContain("error_code"); // tried with one value only
  }

  @Test
  void writesNumbersAndLevelsAsPeopleDo() {
    assertThat(Feature.number("a", "ms", 0, 900).text(450)).isEqualTo("450 ms");
    assertThat(Feature.number("a", "", 0, 1).text(0.25)).isEqualTo("0.25");
    assertThat(Feature.category("a", List.of("none", "abort")).text(1)).isEqualTo("abort");
    assertThat(Optional.of(Feature.category("a", List.of("x")).grid().length)).contains(1);
  }
}
