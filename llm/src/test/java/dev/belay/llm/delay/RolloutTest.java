package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.VirtualTime;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.Rollout.Mode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RolloutTest {
  private static final RolloutPlan STAGED =
      new RolloutPlan(
          10,
          "run_id",
          "p1",
          List.of(10.0, 50.0, 100.0),
          List.of(Duration.ofDays(3), Duration.ofDays(4)),
          new RolloutPlan.HaltRule(0.1, 0.25, 200),
          RolloutPlan.FIRST_USE);

  private final VirtualTime time = new VirtualTime();
  private String flag = "";
  private DelaySettings settings = DelaySettings.DEFAULT;

  private static RolloutPlan percent(double percent) {
    return new RolloutPlan(
        percent,
        "run_id",
        "p1",
        List.of(),
        List.of(),
        RolloutPlan.HaltRule.NEVER,
        RolloutPlan.FIRST_USE);
  }

  private Rollout rollout() {
    return new Rollout(() -> settings, () -> flag, time);
  }

  private Set<String> in(Rollout rollout) {
    return IntStream.range(0, 2_000)
        .mapToObj(i -> "run-" + i)
        .filter(key -> rollout.mode(key) == Mode.ON)
        .collect(Collectors.toSet());
  }

  /** The matrix of the switch, the file and the percentage. */
  @ParameterizedTest
  @CsvSource({
    "false, true, 100, OFF",
    "false, true, 0, OFF",
    "false, false, 100, OFF",
    "0, true, 100, OFF",
    "No, true, 100, OFF",
    "OFF, true, 100, OFF",
    "true, true, 100, ON",
    "true, true, 0, ON",
    "true, false, 0, ON",
    "true, false, 100, ON",
    "1, false, 0, ON",
    "yes, false, 0, ON",
    "On, false, 0, ON",
    "'', true, 100, ON",
    "'', true, 0, SHADOW",
    "'', false, 100, OFF",
    "'', false, 0, OFF",
  })
  void theSwitchOverrulesTheFile(String flag, boolean enabled, double percent, Mode mode) {
    this.flag = flag;
    settings = DelaySettings.DEFAULT.withEnabled(enabled).withRollout(percent(percent));

    assertThat(rollout().mode("run-1")).isEqualTo(mode);
  }

  @ParameterizedTest
  @ValueSource(strings = {"maybe", "2", "tru", "enabled", "y"})
  void aSwitchThatCannotBeReadIsAnErrorAtTheStart(String text) {
    flag = text;

    assertThatThrownBy(this::rollout)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("LOVABLE_DYNAMIC_RETRY_DELAYS must be one of true, false, 1, 0")
        .hasMessageContaining(text);
  }

  @Test
  void theSwitchIsReadForEachCall() {
    Rollout rollout = rollout();
    assertThat(rollout.mode("a")).isEqualTo(Mode.ON);

    flag = "false";
    assertThat(rollout.mode("a")).isEqualTo(Mode.OFF);

    flag = "broken while we run";
    assertThat(rollout.mode("a")).isEqualTo(Mode.OFF);
  }

  @Test
  void whoIsInStaysInAsItGrows() {
    List<Set<String>> rising = new ArrayList<>();
    for (double percent : List.of(0.0, 1.0, 10.0, 50.0, 100.0)) {
      settings = DelaySettings.DEFAULT.withRollout(percent(percent));
      rising.add(in(rollout()));
    }

    for (int i = 1; i < rising.size(); i++) {
      assertThat(rising.get(i)).containsAll(rising.get(i - 1));
    }
    assertThat(rising.getFirst()).isEmpty();
    assertThat(rising.get(2)).hasSizeBetween(150, 250);
    assertThat(rising.get(3)).hasSizeBetween(900, 1_100);
    assertThat(rising.getLast()).hasSize(2_000);
  }

  @Test
  void anotherSaltDrawsOthers() {
    RolloutPlan other =
        new RolloutPlan(
            10,
            "run_id",
            "p2",
            List.of(),
            List.of(),
            RolloutPlan.HaltRule.NEVER,
            RolloutPlan.FIRST_USE);
    settings = DelaySettings.DEFAULT.withRollout(percent(10));
    Set<String> first = in(rollout());
    settings = DelaySettings.DEFAULT.withRollout(other);

    assertThat(in(rollout())).isNotEqualTo(first);
  }

  @Test
  void stagesFollowEachOtherAfterTheirSoak() {
    settings = DelaySettings.DEFAULT.withRollout(STAGED);
    Rollout rollout = rollout();

    assertThat(rollout.state().percent()).isEqualTo(10);
    time.advance(Duration.ofDays(3).minusNanos(1));
    assertThat(rollout.state().percent()).isEqualTo(10);
    time.advance(Duration.ofNanos(1));
    assertThat(rollout.state().percent()).isEqualTo(50);
    time.advance(Duration.ofDays(4));
    assertThat(rollout.state().percent()).isEqualTo(100);
    assertThat(rollout.state().since()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void aStartInTheFileSurvivesARestart() {
    RolloutPlan started =
        new RolloutPlan(
            10,
            "run_id",
            "p1",
            STAGED.stages(),
            STAGED.soak(),
            STAGED.halt(),
            Instant.parse("2025-12-27T00:00:00Z"));
    settings = DelaySettings.DEFAULT.withRollout(started);

    assertThat(rollout().state().percent()).isEqualTo(50);
  }

  @Test
  void aStageWithoutASoakDoesNotComeByItself() {
    assertThat(percent(10).percentAfter(Duration.ofDays(900))).isEqualTo(10);
    RolloutPlan high =
        new RolloutPlan(
            60, "k", "s", STAGED.stages(), STAGED.soak(), STAGED.halt(), RolloutPlan.FIRST_USE);
    assertThat(high.percentAfter(Duration.ofDays(3))).isEqualTo(60);
    assertThat(high.percentAfter(Duration.ofDays(4))).isEqualTo(100);
    RolloutPlan low =
        new RolloutPlan(
            5, "k", "s", STAGED.stages(), STAGED.soak(), STAGED.halt(), RolloutPlan.FIRST_USE);
    assertThat(low.percentAfter(Duration.ofDays(90))).isEqualTo(5);
  }

  @Test
  void haltsWhenMoreCallsFailThanBefore() {
    settings = DelaySettings.DEFAULT.withRollout(STAGED);
    Rollout rollout = rollout();
    boolean halted = false;
    for (int i = 0; i < 1_000 && !halted; i++) {
      rollout.ended(Mode.SHADOW, i % 20 == 0, Duration.ofSeconds(1));
      halted = rollout.ended(Mode.ON, i % 4 == 0, Duration.ofSeconds(1));
    }

    assertThat(halted).isTrue();
    assertThat(rollout.state().halted()).contains("of the calls failed");
    assertThat(rollout.state().percent()).isZero();
    assertThat(in(rollout)).isEmpty();
  }

  @Test
  void haltsWhenCallsTakeLongerThanBefore() {
    settings = DelaySettings.DEFAULT.withRollout(STAGED);
    Rollout rollout = rollout();
    for (int i = 0; i < 300; i++) {
      rollout.ended(Mode.OFF, false, Duration.ofMillis(i % 10 == 0 ? 1_000 : 100));
      rollout.ended(Mode.ON, false, Duration.ofMillis(i % 10 == 0 ? 2_000 : 100));
    }

    assertThat(rollout.state().halted()).startsWith("p95 was 2");
  }

  @Test
  void doesNotHaltForTooFewCallsOrForChance() {
    settings = DelaySettings.DEFAULT.withRollout(STAGED);
    Rollout few = rollout();
    for (int i = 0; i < 199; i++) {
      few.ended(Mode.ON, true, Duration.ofSeconds(9));
      few.ended(Mode.SHADOW, false, Duration.ofSeconds(1));
    }
    Rollout equal = rollout();
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 50_000; i++) {
      equal.ended(Mode.ON, random.nextInt(100) < 4, Duration.ofMillis(random.nextInt(2_000)));
      equal.ended(Mode.SHADOW, random.nextInt(100) < 5, Duration.ofMillis(random.nextInt(2_000)));
    }

    assertThat(few.state().halted()).isEmpty();
    assertThat(equal.state().halted()).isEmpty();
  }

  @Test
  void goesOnAfterAHaltWhenSomebodySaysSo() {
    settings = DelaySettings.DEFAULT.withRollout(STAGED);
    Rollout rollout = rollout();
    rollout.halt("by hand");
    assertThat(rollout.state().halted()).isEqualTo("by hand");
    assertThat(rollout.mode("a")).isEqualTo(Mode.SHADOW);

    rollout.resume();

    assertThat(rollout.state().halted()).isEmpty();
  }

  @Test
  void anotherPlanBeginsAnew() {
    settings = DelaySettings.DEFAULT.withRollout(STAGED);
    Rollout rollout = rollout();
    time.advance(Duration.ofDays(3));
    settings = settings.withHints(settings.hints());
    assertThat(rollout.state().percent()).isEqualTo(50);

    settings = settings.withRollout(percent(20));

    assertThat(rollout.state().percent()).isEqualTo(20);
    assertThat(rollout.state().since()).isEqualTo(time.instant());
  }

  @Test
  void rejectsPlansThatMakeNoSense() {
    assertThatThrownBy(() -> percent(101)).hasMessage("percent must be 0 to 100, was 101.0");
    assertThatThrownBy(() ->
            new RolloutPlan(
                1, "k", "", List.of(50.0, 10.0), List.of(), STAGED.halt(), Instant.EPOCH))
        .hasMessageStartingWith("stages must rise");
    assertThatThrownBy(() ->
            new RolloutPlan(
                1, "k", "", List.of(), List.of(Duration.ZERO), STAGED.halt(), Instant.EPOCH))
        .hasMessageStartingWith("soak must have at most");
  }

  @Test
  void offDecidesExactlyAsBefore() {
    for (String position : List.of("false", "")) {
      flag = position;
      settings = DelaySettings.DEFAULT.withRollout(percent(0));
      ArmTelemetry telemetry = ArmTelemetry.empty();
      RolloutDelays delays =
          new RolloutDelays(rollout(), () -> settings, new SplittableRandom(1), telemetry);
      SplittableRandom here = new SplittableRandom(99);
      SplittableRandom there = new SplittableRandom(99);
      DelayPolicy legacy = DelayPolicy.legacy();
      DelayPolicy off = delays.policy("run-1");

      for (int round = 0; round < 20; round++) {
        for (ErrorKind kind : ErrorKind.values()) {
          Situation situation =
              new Situation(
                  "x", ProviderError.of(kind, ""), round % 4, Duration.ofHours(1), time.instant());
          assertThat(off.decide(situation, here)).isEqualTo(legacy.decide(situation, there));
          assertThat(off.verdict("x", situation.error(), here).kind())
              .isEqualTo(legacy.verdict("x", situation.error(), there).kind());
        }
      }
      off.verdict("x", ProviderError.of(ErrorKind.RATE_LIMIT, ""), here);
      assertThat(off.name()).isEqualTo("legacy");
      assertThat(telemetry.baseline().total("shadow") > 0).isEqualTo(position.isEmpty());
    }
  }

  @Test
  void onDecidesByTheSettingsThatAreInForce() {
    RolloutDelays delays =
        new RolloutDelays(rollout(), () -> settings, new SplittableRandom(1), ArmTelemetry.empty());
    DelayPolicy policy = delays.policy("run-1");
    assertThat(policy.name()).isEqualTo("interactive");

    settings = DelaySettings.of(Preset.BATCH);

    assertThat(policy.name()).isEqualTo("batch");
    assertThat(
            policy
                .verdict("x", ProviderError.of(ErrorKind.RATE_LIMIT, ""), new SplittableRandom(1))
                .pace()
                .attempts())
        .isEqualTo(10);
    assertThat(
            policy.decide(
                new Situation(
                    "x", ProviderError.of(ErrorKind.AUTH, ""), 0, Duration.ZERO, time.instant()),
                new SplittableRandom(1)))
        .isInstanceOf(Decision.Fallback.class);
  }

  @Test
  void readsTheSwitchFromTheEnvironment() {
    assertThat(Rollout.environment().get()).isEqualTo(System.getenv().getOrDefault(Flag.NAME, ""));
    assertThat(Flag.NAME).isEqualTo("LOVABLE_DYNAMIC_RETRY_DELAYS");
  }
}
