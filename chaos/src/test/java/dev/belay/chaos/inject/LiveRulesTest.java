package dev.belay.chaos.inject;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LiveRulesTest {
  private static final Policy POLICY =
      PolicyDocument.read(
          """
          {"metadata":{"name":"p"},"spec":{"rules":[{"match":{"path":{"prefix":"/"}},
            "fault":{"percentage":100,"duration_seconds":60,"abort":{"httpStatus":503}}}]}}
          """);

  private final VirtualTime time = new VirtualTime();
  private final LiveRules rules = new LiveRules(time, new Random(1), Duration.ofSeconds(15));

  private static RuleFeed.Dated dated(long generation, int ageSeconds) {
    return new RuleFeed.Dated(POLICY, generation, Duration.ofSeconds(ageSeconds));
  }

  private boolean strikes() {
    return !rules.strikes(Asked.get("/")).isEmpty();
  }

  @Test
  void dropsAllRulesWhenNothingWasHeardForTheLease() {
    rules.replace(1, List.of(dated(1, 0)));

    time.advance(Duration.ofSeconds(15));
    assertThat(strikes()).isTrue();
    time.advance(Duration.ofNanos(1));
    assertThat(strikes()).isFalse();
    rules.heard();
    assertThat(strikes()).isTrue();
  }

  @Test
  void endsAPolicyWithItsLeaseThoughSomebodyKeepsTalking() {
    Duration left = Duration.ofSeconds(2);
    rules.replace(
        1, List.of(new RuleFeed.Dated(POLICY, 1, Duration.ZERO, Optional.of(left)), dated(2, 58)));

    time.advance(Duration.ofMillis(1_999));
    rules.heard();
    assertThat(strikes()).isTrue();
    time.advance(Duration.ofMillis(1));
    assertThat(strikes()).isFalse(); // and the other one is over by its age
    rules.replace(2, List.of(new RuleFeed.Dated(POLICY, 1, left, Optional.of(left))));
    assertThat(strikes()).isTrue();
  }

  @Test
  void aLeaseThatIsRenewedGoesOn() {
    Duration left = Duration.ofSeconds(2);
    for (int i = 0; i < 5; i++) {
      rules.replace(
          1,
          List.of(
              new RuleFeed.Dated(POLICY, 1, Duration.ofSeconds(i), Optional.of(left)),
              dated(2, 55 + i)));
      time.advance(Duration.ofSeconds(1));
      assertThat(strikes()).isTrue();
    }
    time.advance(Duration.ofSeconds(1));
    assertThat(strikes()).isFalse();
  }

  @Test
  void theControlPlaneTellsWhatIsLeftOfALeaseAndEachRenewal() {
    FaultPolicies policies = new FaultPolicies(FaultPolicyStore.inMemory(), time, Runnable::run);
    AtomicInteger told = new AtomicInteger();
    policies.put(
        POLICY.withMetadata(
            new Policy.Metadata("p", "", 0, "session", Optional.of(Duration.ofSeconds(10)))));
    policies.addListener(told::incrementAndGet);
    time.advance(Duration.ofSeconds(4));
    assertThat(left(policies)).contains(Duration.ofSeconds(6));

    policies.renew("p");

    assertThat(told).hasValue(1);
    assertThat(left(policies)).contains(Duration.ofSeconds(10));
    assertThat(policies.renewAll("session")).isEqualTo(1);
    assertThat(told).hasValue(2);
  }

  private Optional<Duration> left(FaultPolicies policies) {
    String told = RuleFeed.dated(policies.snapshot().dated());
    return RuleFeed.read(told).getFirst().left();
  }

  @Test
  void countsTheAgeOfAPolicyFromWhenItWasSetAndNotFromWhenItWasHeardOf() {
    rules.replace(1, List.of(dated(1, 50)));

    for (int i = 0; i < 9; i++) {
      time.advance(Duration.ofSeconds(1));
      rules.replace(2 + i, List.of(dated(1, 51 + i)));
    }
    assertThat(strikes()).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(strikes()).isFalse();
    rules.replace(20, List.of(dated(2, 0)));
    assertThat(strikes()).isTrue();
    assertThat(rules.version()).isEqualTo(20);
  }

  @Test
  void readsBackWhatTheControlPlaneTells() {
    FaultPolicies policies = new FaultPolicies(FaultPolicyStore.inMemory(), time, Runnable::run);
    policies.put(POLICY);
    time.advance(Duration.ofSeconds(3));
    List<FaultPolicyStore.Kept> all = policies.snapshot().policies();

    assertThat(RuleFeed.read(RuleFeed.dated(policies.snapshot().dated())))
        .containsExactly(dated(1, 3));
    assertThat(RuleFeed.read(RuleFeed.plain(all))).containsExactly(dated(0, 0));
    assertThat(RuleFeed.read("{\"policies\":" + RuleFeed.plain(all) + "}")).hasSize(1);
  }
}
