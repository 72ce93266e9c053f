package dev.belay.chaos.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BlastRadiusTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z"); // a Thursday
  private static final Fault ABORT = Fault.at(new Edge("cart", "pricing"), new Effect.Abort(503));

  private static Fault delay(long millis) {
    return ABORT.withEffect(new Effect.Delay(Duration.ofMillis(millis)));
  }

  private static Fault on(String path) {
    Match match = new Match(Optional.empty(), Optional.of(path), Map.of());
    return new Fault(ABORT.edge(), ABORT.effect(), match, 100, Duration.ZERO, Fault.Hits.ALL);
  }

  private static BlastRadius radius(Set<String> services, BlastRadius.Limits limits) {
    return new BlastRadius(services, 2, limits, List.of("/health"), List.of());
  }

  @Test
  void theHealthySystemIsAlwaysAllowed() {
    TimeWindow never =
        new TimeWindow(Set.of(DayOfWeek.MONDAY), LocalTime.of(1, 0), LocalTime.of(2, 0));
    BlastRadius radius =
        new BlastRadius(Set.of("other"), 1, BlastRadius.Limits.DEFAULT, List.of(), List.of(never));

    assertThat(radius.refusal(FaultPlan.NONE)).isEmpty();
    assertThat(radius.closed(FaultPlan.of(ABORT), NOON)).get().asString().contains("windows");
    assertThat(radius.closed(FaultPlan.NONE, NOON)).isEmpty();
  }

  @Test
  void whatIsWithinAllBoundsIsAllowed() {
    assertThat(BlastRadius.DEFAULT.refusal(FaultPlan.of(ABORT, delay(30_000)))).isEmpty();
  }

  @Test
  void eachBoundSaysWhatItIs() {
    BlastRadius.Limits limits =
        new BlastRadius.Limits(50, Duration.ofMillis(800), Duration.ofSeconds(60));
    BlastRadius radius = radius(Set.of("pricing"), limits);

    assertThat(radius.refusal(FaultPlan.of(on("/a"), delay(1), delay(2))))
        .contains("3 faults together are more than max_faults 2");
    assertThat(radius.refusal(new FaultPlan(List.of(on("/a")), Duration.ofSeconds(61))))
        .contains("61s in force is longer than max_duration 60s");
    assertThat(radius.refusal(FaultPlan.of(Fault.at(new Edge("cart", "tax"), new Effect.Reset()))))
        .contains("service tax is not one of the allowed [pricing]");
    assertThat(radius.refusal(FaultPlan.of(Fault.at(Edge.into("*"), new Effect.Reset()))))
        .get()
        .asString()
        .contains("strikes all services");
    assertThat(radius.refusal(FaultPlan.of(on("/a").withPercentage(51))))
        .contains("51 % of the requests of cart>pricing are more than max_percentage 50");
    assertThat(radius.refusal(FaultPlan.of(delay(801).withPercentage(1))))
        .contains("a delay of 801ms at cart>pricing is longer than max_delay 800ms");
  }

  @Test
  void aProtectedPathIsSafeFromAllThatMayStrikeIt() {
    BlastRadius radius = radius(Set.of(), BlastRadius.Limits.DEFAULT);

    assertThat(radius.refusal(FaultPlan.of(ABORT))).get().asString().contains("/health");
    assertThat(radius.refusal(FaultPlan.of(on("/")))).isPresent();
    assertThat(radius.refusal(FaultPlan.of(on("/health/deep")))).isPresent();
    assertThat(radius.refusal(FaultPlan.of(on("/orders")))).isEmpty();
  }

  @Test
  void whereProtectedPathsAreSparedAFaultMayMeanAllOthers() {
    BlastRadius radius = radius(Set.of(), BlastRadius.Limits.DEFAULT).sparing();

    assertThat(radius.refusal(FaultPlan.of(ABORT))).isEmpty();
    assertThat(radius.refusal(FaultPlan.of(on("/")))).isEmpty();
    assertThat(radius.refusal(FaultPlan.of(on("/heal")))).isEmpty();
    assertThat(radius.refusal(FaultPlan.of(on("/health")))).isPresent();
    assertThat(radius.refusal(FaultPlan.of(on("/x/../health")))).isPresent();
    BlastRadius nothing =
        new BlastRadius(Set.of(), 2, BlastRadius.Limits.DEFAULT, List.of("/"), List.of());
    assertThat(nothing.sparing().refusal(FaultPlan.of(ABORT)))
        .get()
        .asString()
        .contains("would strike the protected path /");
  }

  @Test
  void aWindowGoesByTheClocksOfItsZone() {
    TimeWindow work =
        new TimeWindow(
            Set.of(DayOfWeek.FRIDAY, DayOfWeek.THURSDAY),
            LocalTime.of(9, 0),
            LocalTime.of(17, 0),
            ZoneId.of("Europe/Berlin"));

    assertThat(work.contains(Instant.parse("2026-01-01T08:00:00Z"))).isTrue(); // 9 h in winter
    assertThat(work.contains(Instant.parse("2026-01-01T07:59:59Z"))).isFalse();
    assertThat(work.contains(Instant.parse("2026-07-02T07:00:00Z"))).isTrue(); // 9 h in summer
    assertThat(work.contains(Instant.parse("2026-07-02T15:00:00Z"))).isFalse();
    assertThat(work).hasToString("thu, fri 09:00-17:00 Europe/Berlin");
  }

  @Test
  void aWindowPastMidnightBelongsToTheDayItBeginsOn() {
    TimeWindow night =
        new TimeWindow(Set.of(DayOfWeek.THURSDAY), LocalTime.of(22, 0), LocalTime.of(4, 0));

    assertThat(night.contains(NOON)).isFalse();
    assertThat(night.contains(Instant.parse("2026-01-01T23:00:00Z"))).isTrue();
    assertThat(night.contains(Instant.parse("2026-01-02T03:59:59Z"))).isTrue();
    assertThat(night.contains(Instant.parse("2026-01-02T04:00:00Z"))).isFalse();
    assertThat(night.contains(Instant.parse("2026-01-01T03:00:00Z"))).isFalse();
    TimeWindow day = new TimeWindow(Set.of(), LocalTime.of(9, 0), LocalTime.of(17, 0));
    assertThat(day.contains(NOON)).isTrue();
    assertThat(day.contains(Instant.parse("2026-01-01T17:00:00Z"))).isFalse();
    TimeWindow always = new TimeWindow(Set.of(), LocalTime.NOON, LocalTime.NOON);
    assertThat(always.contains(NOON.minusSeconds(1))).isTrue();
  }

  @Test
  void boundsThatCannotBeAreRefusedByName() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new BlastRadius(Set.of(), 0, BlastRadius.Limits.DEFAULT, List.of(), List.of()))
        .withMessage("max_faults must be in 1..20, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new BlastRadius(Set.of(), 1, BlastRadius.Limits.DEFAULT, List.of("health"), List.of()))
        .withMessageContaining("must begin with /");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new BlastRadius.Limits(0, Duration.ofSeconds(1), Duration.ofSeconds(1)))
        .withMessageContaining("max_percentage");
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            new GuardSettings(
                Duration.ofMillis(1), Duration.ofSeconds(1), 1, Duration.ofMinutes(1)))
        .withMessageContaining("probe interval");
  }
}
