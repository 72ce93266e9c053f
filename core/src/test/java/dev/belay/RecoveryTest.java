package dev.belay;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.belay.select.RoundRobin;
import dev.belay.select.Strategies;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecoveryTest {
  private static final Duration OPEN = Duration.ofSeconds(30);

  private final VirtualTime time = new VirtualTime();

  private List<Endpoint> endpoints(int count) {
    List<Endpoint> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      made.add(EndpointHistory.endpoint("e" + i, time));
    }
    return made;
  }

  private static void recover(Endpoint endpoint) {
    Permit probe = endpoint.tryStart();
    assertThat(probe.isGranted()).isTrue();
    endpoint.settle(probe, Verdict.SUCCESS, 1);
  }

  @Test
  void rejectsValuesOutOfRange() {
    assertThatThrownBy(() -> new Recovery(Duration.ofSeconds(-1), 1))
        .hasMessageContaining("slow_start must be 0 (off) to an hour");
    assertThatThrownBy(() -> new Recovery(Duration.ofMinutes(61), 1))
        .hasMessageContaining("slow_start");
    assertThatThrownBy(() -> new Recovery(Duration.ZERO, 0))
        .hasMessage("max_ejection must be above 0 and at most 1, was 0.0");
    assertThatThrownBy(() -> new Recovery(Duration.ZERO, 1.01))
        .hasMessageContaining("max_ejection");
  }

  @Nested
  class SlowStart {
    private final Recovery recovery = new Recovery(Duration.ofSeconds(100), 1);
    private final SplittableRandom random = new SplittableRandom(7);

    /** In what share of 20,000 choices the last of them took part. */
    private double shareOfLast(List<Endpoint> candidates) {
      int part = 0;
      for (int i = 0; i < 20_000; i++) {
        part += recovery.warm(candidates, random).contains(candidates.getLast()) ? 1 : 0;
      }
      return part / 20_000.0;
    }

    private List<Endpoint> oldOnesAndOneThatJustRecovered() {
      List<Endpoint> all = endpoints(3);
      time.advance(Duration.ofSeconds(500));
      all.getLast().breaker().trip();
      time.advance(OPEN);
      recover(all.getLast());
      return all;
    }

    @Test
    void givesARecoveredOneAGrowingShare() {
      List<Endpoint> all = oldOnesAndOneThatJustRecovered();

      assertThat(shareOfLast(all)).isCloseTo(0.1, within(0.02));
      time.advance(Duration.ofSeconds(50));
      assertThat(shareOfLast(all)).isCloseTo(0.5, within(0.02));
      time.advance(Duration.ofSeconds(50));
      assertThat(shareOfLast(all)).isEqualTo(1);
    }

    @Test
    void givesANewOneAGrowingShare() {
      List<Endpoint> all = endpoints(2);
      time.advance(Duration.ofSeconds(200));
      all.add(EndpointHistory.endpoint("new", time));

      time.advance(Duration.ofSeconds(30));
      assertThat(shareOfLast(all)).isCloseTo(0.3, within(0.02));
    }

    @Test
    void leavesAPoolThatIsNewAsAWholeAlone() {
      List<Endpoint> all = endpoints(4);
      time.advance(Duration.ofSeconds(20));

      assertThat(shareOfLast(all)).isEqualTo(1);
    }

    @Test
    void alwaysLeavesSomebody() {
      Cases.check(
          300,
          cases -> {
            List<Endpoint> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
              time.advance(Duration.ofMillis(cases.nextInt(60_000)));
              all.add(EndpointHistory.endpoint("e" + i, time));
              if (cases.nextInt(4) == 0) {
                all.getLast().breaker().trip();
              }
            }
            return all;
          },
          all -> assertThat(recovery.warm(all, random)).isNotEmpty());
    }

    @Test
    void doesNotKeepBackOneThatIsDueForItsProbe() {
      List<Endpoint> all = oldOnesAndOneThatJustRecovered();
      all.getFirst().breaker().trip();
      time.advance(OPEN);

      for (int i = 0; i < 1_000; i++) {
        assertThat(recovery.warm(all, random)).contains(all.getFirst());
      }
    }

    @Test
    void changesNothingWhileNobodyIsNew() {
      List<Endpoint> all = endpoints(3);
      time.advance(Duration.ofSeconds(101));

      assertThat(recovery.warm(all, random)).isSameAs(all);
      assertThat(Recovery.OFF.warm(all, random)).isSameAs(all);
      assertThat(recovery.warm(all.subList(0, 1), random)).hasSize(1);
    }

    @Test
    void doesNotKeepAwayFromAColdOneWhenTheWarmOnesAreFull() throws InterruptedException {
      Endpoint warm =
          EndpointHistory.endpoint("warm", Endpoint.Traits.NONE.withMaxConcurrent(1), time);
      time.advance(Duration.ofSeconds(500));
      Endpoint cold = EndpointHistory.endpoint("cold", time);
      Pool<Endpoint> pool = Pool.of("pool", new RoundRobin(), List.of(warm, cold));
      pool.recoverBy(recovery);
      Selection thief =
          new Selection() {
            @Override
            public <E extends Endpoint> E select(List<E> candidates, Call call) {
              // takes the last place of whatever it is offered first
              E first = candidates.getFirst();
              Permit unused = first.name().equals("warm") ? first.tryStart() : FreePermit.INSTANCE;
              return first;
            }
          };
      pool.chooseBy(thief);

      String visited =
          Belay.over(pool).time(time).build().call(Call.DEFAULT, at -> at.endpoint().name());
      assertThat(visited).isEqualTo("cold");
    }
  }

  @Nested
  class MaxEjection {
    private final List<Endpoint> all = endpoints(4);
    private final Pool<Endpoint> pool = Pool.of("pool", new RoundRobin(), all);

    private void tripAll() {
      all.forEach(endpoint -> endpoint.breaker().trip());
    }

    private Map<String, Integer> visits(int calls) throws InterruptedException {
      Belay<Endpoint> belay = Belay.over(pool).time(time).build();
      Map<String, Integer> visits = new HashMap<>();
      for (int i = 0; i < calls; i++) {
        visits.merge(
            belay.call(Call.DEFAULT, at -> at.endpoint().name()), 1, (one, two) -> one + two);
      }
      return visits;
    }

    @Test
    void refusesWhenAllAreOpenUnlessToldOtherwise() {
      tripAll();

      assertThatThrownBy(() -> visits(1)).isInstanceOf(CallRefused.class);
    }

    @Test
    void leavesTheLeastBadSelectable() throws InterruptedException {
      EndpointHistory.succeed(all.get(0), 50, Duration.ofMillis(10));
      EndpointHistory.fail(all.get(0), 50, Duration.ofMillis(10));
      EndpointHistory.succeed(all.get(1), 90, Duration.ofMillis(10));
      EndpointHistory.fail(all.get(1), 10, Duration.ofMillis(10));
      EndpointHistory.fail(all.get(2), 100, Duration.ofMillis(10));
      EndpointHistory.succeed(all.get(3), 70, Duration.ofMillis(10));
      EndpointHistory.fail(all.get(3), 30, Duration.ofMillis(10));
      tripAll();
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      assertThat(visits(10)).isEqualTo(Map.of("e1", 5, "e3", 5));
    }

    @Test
    void takesTheOneThatIsTestedSoonerAmongEquals() throws InterruptedException {
      for (Endpoint endpoint : all) {
        endpoint.breaker().trip();
        time.advance(Duration.ofSeconds(1));
      }
      pool.recoverBy(new Recovery(Duration.ZERO, 0.75));

      assertThat(visits(3)).isEqualTo(Map.of("e0", 3));
    }

    @Test
    void doesNothingWhileFewAreOut() throws InterruptedException {
      all.get(0).breaker().trip();
      all.get(1).breaker().trip();
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      assertThat(visits(10)).containsOnlyKeys("e2", "e3");
    }

    @Test
    void alwaysLetsOneBeEjected() throws InterruptedException {
      all.get(0).breaker().trip();
      pool.recoverBy(new Recovery(Duration.ZERO, 0.01));
      assertThat(visits(9)).doesNotContainKey("e0");

      all.get(1).breaker().trip();
      assertThat(visits(9)).hasSize(3);
    }

    @Test
    void leavesTheBreakerToItsOwnTest() throws InterruptedException {
      tripAll();
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      visits(4);
      assertThat(all).allMatch(one -> one.breaker().state() == BreakerState.OPEN);
      time.advance(OPEN);
      visits(8);
      assertThat(all).allMatch(one -> one.breaker().state() == BreakerState.CLOSED);
      assertThat(all).allMatch(one -> one.stats().inFlight() == 0);
    }

    @Test
    void aFailureThereIsOnTheRecordButNotOnTheBreaker() {
      tripAll();
      pool.recoverBy(new Recovery(Duration.ZERO, 0.75));
      Belay<Endpoint> belay = Belay.over(pool).time(time).policy(RetryPolicy.NONE).build();

      assertThatThrownBy(() ->
              belay.call(
                  Call.DEFAULT,
                  at -> {
                    throw new ConnectException("refused");
                  }))
          .isInstanceOf(CallFailed.class);
      Endpoint spared =
          all.stream().filter(one -> one.stats().snapshot().failures() == 1).findFirst().get();
      assertThat(spared.breaker().untilTest()).isEqualTo(OPEN);
      assertThat(spared.breaker().snapshot().openings()).isEqualTo(1);
    }

    @Test
    void neverDisobeysAServerThatAskedToBeLeftAlone() {
      Hint hint = Hint.after(Duration.ofMinutes(1), "Retry-After");
      all.forEach(endpoint -> endpoint.breaker().acquire().throttled(hint));
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      assertThatThrownBy(() -> visits(1)).isInstanceOf(CallRefused.class);
    }

    @Test
    void sparesOneWhoseServerAskedForMoreThanIsObeyed() throws InterruptedException {
      Hint hint = Hint.after(Duration.ofDays(1), "Retry-After");
      all.forEach(endpoint -> endpoint.breaker().acquire().throttled(hint));
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      assertThat(visits(2)).hasSize(2);
    }

    @Test
    void neverTakesWhatSomebodyHoldsOpen() {
      all.forEach(endpoint -> endpoint.breaker().holdOpen());
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      assertThatThrownBy(() -> visits(1)).isInstanceOf(CallRefused.class);
    }

    @Test
    void countsOneWithItsProbeOutAsEjected() throws InterruptedException {
      tripAll();
      time.advance(OPEN);
      all.forEach(endpoint -> assertThat(endpoint.breaker().tryAcquire().isGranted()).isTrue());
      assertThatThrownBy(() -> visits(1)).isInstanceOf(CallRefused.class);

      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));
      assertThat(visits(2)).hasSize(2);
    }

    @Test
    void doesNotCountOneThatWaitsForItsProbe() throws InterruptedException {
      tripAll();
      time.advance(OPEN);
      all.forEach(endpoint -> endpoint.breaker().tryAcquire().release());
      pool.recoverBy(new Recovery(Duration.ZERO, 0.5));

      assertThat(visits(4)).hasSize(4);
      assertThat(all).allMatch(one -> one.breaker().state() == BreakerState.CLOSED);
    }

    @Test
    void keepsToTheConcurrencyLimitOfASparedOne() {
      Endpoint.Traits one = Endpoint.Traits.NONE.withMaxConcurrent(1);
      Endpoint a = EndpointHistory.endpoint("a", one, time);
      Endpoint b = EndpointHistory.endpoint("b", one, time);
      a.breaker().trip();
      b.breaker().trip();
      Pool<Endpoint> small = Pool.of("small", new RoundRobin(), List.of(a, b));
      small.recoverBy(new Recovery(Duration.ZERO, 0.5));

      Pool.Chosen<Endpoint> first =
          requireNonNull(small.choose(Call.DEFAULT, List.of(), List.of()), "one is spared");
      assertThat(small.choose(Call.DEFAULT, List.of(), List.of())).isNull();
      assertThat(a.tryStartAnyway().isGranted()).isFalse();
      first.endpoint().settle(first.permit(), Verdict.CANCELLED, 1);
      assertThat(small.choose(Call.DEFAULT, List.of(), List.of())).isNotNull();
    }
  }

  @Nested
  class AfterAnOutage {

    /** Every strategy must bring all back by traffic alone, whatever the pool looks like. */
    @ParameterizedTest
    @MethodSource("dev.belay.select.Strategies#names")
    void everyRecoveredEndpointComesBack(String strategy) throws InterruptedException {
      List<Endpoint> all = endpoints(3);
      Pool<Endpoint> pool = Pool.of("pool", Strategies.named(strategy, time), all);
      pool.recoverBy(new Recovery(Duration.ofSeconds(20), 1));
      Belay<Endpoint> belay = Belay.over(pool).time(time).policy(RetryPolicy.NONE).build();
      for (Endpoint endpoint : all) {
        EndpointHistory.fail(endpoint, 5, Duration.ofMillis(5));
        endpoint.breaker().trip();
      }
      time.advance(OPEN);

      int calls = 0;
      while (all.stream().anyMatch(one -> one.breaker().state() != BreakerState.CLOSED)) {
        assertThat(++calls).as("calls until all were back").isLessThan(500);
        String visited = belay.call(Call.DEFAULT, at -> at.endpoint().name());
        assertThat(visited).isNotEmpty();
      }
      assertThat(all).allMatch(one -> one.stats().snapshot().successRate() == 1);
    }

    @Test
    void aProbeThatCountsNeitherWayLeavesRoomForAnother() {
      Endpoint endpoint = endpoints(1).getFirst();
      endpoint.breaker().trip();
      time.advance(OPEN);

      for (Verdict verdict :
          List.of(
              Verdict.IGNORED,
              Verdict.CANCELLED,
              Verdict.permanent(ErrorClass.REJECTED, Blame.CALLER))) {
        endpoint.settle(endpoint.tryStart(), verdict, 1);
        assertThat(endpoint.isSelectable()).as("after %s", verdict).isTrue();
      }
      recover(endpoint);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void failuresInARowLeaveNothingThatASuccessCannotUndo() {
      Endpoint endpoint = endpoints(1).getFirst();
      for (int i = 0; i < 3; i++) {
        endpoint.settle(endpoint.tryStart(), Verdict.retry(ErrorClass.RESET, Blame.ENDPOINT), 1);
      }
      assertThat(endpoint.isSelectable()).isTrue();
      endpoint.settle(endpoint.tryStart(), Verdict.SUCCESS, 1);
      assertThat(endpoint.stats().snapshot().consecutiveFailures()).isZero();
    }
  }

  @Nested
  class Checks {
    private final Endpoint endpoint = endpoints(1).getFirst();
    private final Verdict refused = Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT);

    private void check(Verdict verdict, boolean decisive) {
      endpoint.settleCheck(endpoint.breaker().tryAcquire(), verdict, decisive);
    }

    @Test
    void aFailureCountsOnTheBreakerButNotOnTheRecord() {
      for (int i = 0; i < 4; i++) {
        check(refused, false);
      }
      assertThat(endpoint.breaker().snapshot().failureCount()).isEqualTo(4);
      assertThat(endpoint.stats().snapshot().samples()).isZero();
      check(refused, false);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.OPEN);
    }

    @Test
    void aDecisiveFailureOpensAtOnce() {
      check(refused, true);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.OPEN);
      assertThat(endpoint.breaker().snapshot().openings()).isEqualTo(1);

      check(refused, true);
      assertThat(endpoint.breaker().snapshot().openings()).isEqualTo(1);
    }

    @Test
    void aFaultOfOthersIsNotDecisive() {
      check(Verdict.retry(ErrorClass.STATUS, Blame.TARGET), true);
      check(Verdict.IGNORED, true);
      check(Verdict.CANCELLED, true);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.CLOSED);
    }

    @Test
    void aSuccessIsTheTestThatAnOpenBreakerWaitsFor() {
      EndpointHistory.fail(endpoint, 50, Duration.ofMillis(5));
      endpoint.breaker().trip();
      check(Verdict.SUCCESS, false);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.OPEN);

      time.advance(OPEN);
      check(Verdict.SUCCESS, false);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.CLOSED);
      assertThat(endpoint.stats().snapshot().successRate()).isEqualTo(1);
    }

    @Test
    void aFailedTestOpensItAgain() {
      endpoint.breaker().trip();
      time.advance(OPEN);
      check(Verdict.permanent(ErrorClass.AUTH, Blame.ENDPOINT), true);
      assertThat(endpoint.breaker().untilTest()).isEqualTo(OPEN);
      assertThat(endpoint.breaker().snapshot().openings()).isEqualTo(2);
    }

    @Test
    void doesNotTouchABreakerThatSomebodyHolds() {
      endpoint.breaker().holdClosed();
      check(refused, true);
      assertThat(endpoint.breaker().state()).isEqualTo(BreakerState.HELD_CLOSED);
    }

    @Test
    void aSuccessIsNoCallInTheWindow() {
      check(Verdict.SUCCESS, false);
      assertThat(endpoint.breaker().snapshot().calls()).isZero();
      assertThat(endpoint.isSelectable()).isTrue();
    }
  }

  @Test
  void aPermitPastTheBreakerTellsItNothing() {
    FreePermit permit = FreePermit.INSTANCE;
    permit.success(1);
    permit.failure(Blame.ENDPOINT, Hint.NONE, 1);
    permit.throttled(Hint.NONE);
    permit.release();
    assertThat(permit.isGranted()).isTrue();
    assertThatThrownBy(permit::refusal).isInstanceOf(IllegalStateException.class);
  }
}
