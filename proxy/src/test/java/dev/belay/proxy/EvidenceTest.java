package dev.belay.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.belay.Belay;
import dev.belay.Blame;
import dev.belay.BreakerPolicy;
import dev.belay.Call;
import dev.belay.Cases;
import dev.belay.CircuitBreaker;
import dev.belay.Endpoint;
import dev.belay.ErrorClass;
import dev.belay.Hint;
import dev.belay.Pool;
import dev.belay.SharedRandom;
import dev.belay.Verdict;
import dev.belay.VirtualTime;
import dev.belay.http.ProxyAddress;
import dev.belay.select.RoundRobin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class EvidenceTest {
  private static final String TARGET = "target.test:80";
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Verdict FAILED = Verdict.retry(ErrorClass.RESET, Blame.UNKNOWN);

  private final VirtualTime time = new VirtualTime();
  private final Evidence evidence = new Evidence(time);
  private final List<Upstream> proxies = proxies(5);

  private List<Upstream> proxies(int count) {
    List<Upstream> made = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ProxyAddress address = ProxyAddress.parse("http://p%d:1".formatted(i));
      CircuitBreaker breaker =
          new CircuitBreaker(
              address.name(), BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {});
      made.add(new Upstream(address, Endpoint.Traits.NONE, breaker));
    }
    return made;
  }

  private Blame failed(int proxy) {
    return judge(TARGET, proxies.get(proxy), FAILED).blame();
  }

  private void worked(int proxy) {
    worked(TARGET, proxies.get(proxy));
  }

  /** A request that fails once. */
  private Verdict judge(String target, Upstream proxy, Verdict verdict) {
    Visit visit = evidence.visit(target, LONGEST);
    Verdict judged = visit.judge(proxy, verdict);
    visit.over();
    return judged;
  }

  private void worked(String target, Upstream proxy) {
    Visit visit = evidence.visit(target, LONGEST);
    visit.worked(proxy);
    visit.over();
  }

  /** What a request would hear that came now; it leaves again at once. */
  private Optional<Duration> refusal() {
    Visit visit = evidence.visit(TARGET, LONGEST);
    visit.over();
    return visit.refusal();
  }

  /** Until the target is left alone. */
  private void failsForGood() {
    for (int i = 0; i < 7; i++) {
      failed(i % 4);
    }
  }

  /** Some successes elsewhere, which show that a proxy as such works. */
  private void worksElsewhere(int proxy) throws Exception {
    Belay<Upstream> belay =
        Belay.over(Pool.of("one", new RoundRobin(), List.of(proxies.get(proxy))))
            .time(time)
            .build();
    for (int i = 0; i < 6; i++) {
      assertThat(belay.call(() -> "fine")).isEqualTo("fine");
    }
  }

  @Test
  void whatTwoProxiesSawProvesNothing() {
    assertThat(failed(0)).isEqualTo(Blame.UNKNOWN);
    assertThat(failed(1)).isEqualTo(Blame.UNKNOWN);
    assertThat(failed(0)).isEqualTo(Blame.UNKNOWN);
  }

  @Test
  void aTargetThatFailsThroughThreeProxiesIsAtFaultItself() {
    failed(0);
    failed(1);
    assertThat(failed(2)).isEqualTo(Blame.TARGET);
    assertThat(failed(0)).isEqualTo(Blame.TARGET);
  }

  @Test
  void aTargetThatKeepsFailingIsLeftAloneForAWhile() {
    for (int i = 0; i < 7; i++) {
      assertThat(refusal()).isEmpty();
      failed(i % 4);
    }
    assertThat(refusal()).contains(Duration.ofSeconds(5));

    time.advance(Duration.ofSeconds(5));
    assertThat(refusal()).isEmpty();
    worked(1);
    for (int i = 0; i < 3; i++) {
      assertThat(refusal()).isEmpty();
    }
  }

  @Test
  void aTargetThatMayWorkAgainIsTestedByOneRequestAtATime() {
    failsForGood();
    time.advance(Duration.ofSeconds(5));

    Visit test = evidence.visit(TARGET, LONGEST);

    assertThat(test.refusal()).isEmpty();
    assertThat(refusal()).isPresent();
    test.judge(proxies.get(0), FAILED);
    assertThat(refusal().orElseThrow()).isGreaterThan(Duration.ofSeconds(5));
  }

  @Test
  void aTestThatIsNeverOverHoldsNobodyUpForEver() {
    failsForGood();
    time.advance(Duration.ofSeconds(5));
    assertThat(evidence.visit(TARGET, LONGEST).refusal()).isEmpty();

    time.advance(BreakerPolicy.DEFAULT.probe().lease());

    assertThat(refusal()).isEmpty();
  }

  @Test
  void aTestThatBringsNoResultMakesWayForTheNext() {
    failsForGood();
    time.advance(Duration.ofSeconds(5));
    for (Blame blame : List.of(Blame.ENDPOINT, Blame.TARGET, Blame.CALLER)) {
      Visit test = evidence.visit(TARGET, LONGEST);
      assertThat(test.refusal()).isEmpty();
      test.judge(proxies.get(0), Verdict.retry(ErrorClass.CONNECT, blame));
      assertThat(refusal()).isPresent();

      test.over();
    }

    assertThat(refusal()).isEmpty();
  }

  @Test
  void aLateResultLeavesTheTestAlone() {
    Visit early = evidence.visit(TARGET, LONGEST);
    failsForGood();
    time.advance(Duration.ofSeconds(5));
    Visit test = evidence.visit(TARGET, LONGEST);
    assertThat(test.refusal()).isEmpty();

    early.judge(proxies.get(0), FAILED);
    early.worked(proxies.get(1));
    early.over();

    assertThat(refusal()).contains(Duration.ZERO);
    test.worked(proxies.get(2));
    assertThat(evidence.visit(TARGET, LONGEST).refusal()).isEmpty();
    assertThat(evidence.visit(TARGET, LONGEST).refusal()).isEmpty();
  }

  @Test
  void aTargetThatFailsAgainIsLeftAloneForLonger() {
    failsForGood();
    time.advance(Duration.ofSeconds(5));
    failed(0);
    assertThat(refusal().orElseThrow()).isGreaterThan(Duration.ofSeconds(5));
  }

  @Test
  void aProxyThatFailsWhereOthersWorkIsAtFault() {
    failed(0);
    worked(1);
    assertThat(failed(0)).isEqualTo(Blame.ENDPOINT);
  }

  @Test
  void aProxyThatWorksElsewhereIsOnlyKeptAwayFromThisTarget() throws Exception {
    worksElsewhere(0);
    failed(0);
    worked(1);
    assertThat(failed(0)).isEqualTo(Blame.TARGET);
    assertThat(evidence.avoids(TARGET, proxies.get(0))).isTrue();
    assertThat(evidence.avoids(TARGET, proxies.get(1))).isFalse();
    assertThat(evidence.avoids("other.test:80", proxies.get(0))).isFalse();
    assertThat(refusal()).isEmpty();
  }

  @Test
  void aProxyThatWorksIsVouchedForUntilAThirdTargetFailsThroughIt() throws Exception {
    worksElsewhere(0);
    Verdict doubtful = Verdict.retry(ErrorClass.STATUS, Blame.UNKNOWN);
    assertThat(judge("one:80", proxies.get(0), doubtful).blame()).isEqualTo(Blame.TARGET);
    assertThat(judge("one:80", proxies.get(0), doubtful).blame()).isEqualTo(Blame.TARGET);
    assertThat(judge("two:80", proxies.get(0), doubtful).blame()).isEqualTo(Blame.TARGET);
    assertThat(judge("three:80", proxies.get(0), doubtful).blame()).isEqualTo(Blame.UNKNOWN);

    worked("four:80", proxies.get(0));
    assertThat(judge("five:80", proxies.get(0), doubtful).blame()).isEqualTo(Blame.TARGET);
  }

  @Test
  void aPairIsAvoidedForLongerEachTimeAndForgivenAtOnce() throws Exception {
    time.advance(Duration.ofSeconds(1));
    worksElsewhere(0);
    failed(0);
    for (int seconds = 10; seconds <= 20; seconds *= 2) {
      worked(1);
      failed(0);
      time.advance(Duration.ofSeconds(seconds).minusMillis(1));
      assertThat(evidence.avoids(TARGET, proxies.get(0))).isTrue();
      time.advance(Duration.ofMillis(1));
      assertThat(evidence.avoids(TARGET, proxies.get(0))).isFalse();
    }
    worked(1);
    failed(0);
    worked(0);
    assertThat(evidence.avoids(TARGET, proxies.get(0))).isFalse();
  }

  @Test
  void whatWasSeenOverAMinuteAgoCountsNoMore() {
    failed(0);
    failed(1);
    time.advance(Duration.ofSeconds(61));
    assertThat(failed(2)).isEqualTo(Blame.UNKNOWN);
    worked(3);
    time.advance(Duration.ofSeconds(61));
    assertThat(failed(2)).isEqualTo(Blame.UNKNOWN);
  }

  @Test
  void onlyWhatMightBeAnybodysFaultIsJudged() {
    for (Blame blame : List.of(Blame.ENDPOINT, Blame.TARGET, Blame.CALLER)) {
      Verdict verdict = Verdict.retry(ErrorClass.CONNECT, blame);
      assertThat(judge(TARGET, proxies.get(0), verdict)).isEqualTo(verdict);
    }
    assertThat(judge(TARGET, proxies.get(0), Verdict.SUCCESS)).isEqualTo(Verdict.SUCCESS);
    assertThat(evidence.size()).isZero();
  }

  @Test
  void aBoundedNumberOfTargetsIsRemembered() {
    for (int i = 0; i < 10_100; i++) {
      judge("t%d.test:80".formatted(i), proxies.get(0), FAILED);
    }
    assertThat(evidence.size()).isEqualTo(10_000);
  }

  @Test
  void aBoundedNumberOfProxiesIsRememberedForEach() {
    List<Upstream> many = proxies(500);
    for (Upstream proxy : many) {
      assertThat(judge(TARGET, proxy, FAILED).blame()).isNotEqualTo(Blame.ENDPOINT);
    }
    // the first witness is long forgotten, so its success before would not have helped
    worked(TARGET, many.get(0));
    assertThat(judge(TARGET, many.get(1), FAILED).blame()).isEqualTo(Blame.ENDPOINT);
  }

  private record Event(int proxy, boolean worked, int millis) {}

  private static List<Event> story(RandomGenerator random) {
    List<Event> events = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      events.add(new Event(random.nextInt(5), random.nextInt(3) == 0, 1 + random.nextInt(20_000)));
    }
    return events;
  }

  @Test
  void everyVerdictFollowsFromWhatWasSeenInTheLastMinute() {
    Cases.check(
        300,
        EvidenceTest::story,
        story -> {
          EvidenceTest fresh = new EvidenceTest();
          long now = 1;
          long[] workedAt = new long[5];
          long[] failedAt = new long[5];
          for (Event event : story) {
            fresh.time.advance(Duration.ofMillis(event.millis()));
            now += event.millis();
            if (event.worked()) {
              fresh.worked(event.proxy());
              // who never failed where nothing ever failed leaves no trace
              workedAt[event.proxy()] = anyAbove(failedAt) ? now : 0;
              continue;
            }
            failedAt[event.proxy()] = now;
            assertThat(fresh.failed(event.proxy()))
                .isEqualTo(expected(event.proxy(), workedAt, failedAt, now));
          }
        });
  }

  private static boolean anyAbove(long[] times) {
    for (long time : times) {
      if (time > 0) {
        return true;
      }
    }
    return false;
  }

  private static Blame expected(int proxy, long[] workedAt, long[] failedAt, long now) {
    int failing = 0;
    for (int i = 0; i < 5; i++) {
      boolean lately = workedAt[i] > 0 && now - workedAt[i] <= 60_000;
      if (i != proxy && lately && workedAt[i] > failedAt[i]) {
        return Blame.ENDPOINT;
      }
      failing +=
          failedAt[i] > 0 && now - failedAt[i] <= 60_000 && failedAt[i] >= workedAt[i] ? 1 : 0;
    }
    return failing >= 3 ? Blame.TARGET : Blame.UNKNOWN;
  }

  @Test
  void aProxyThatATargetDoesNotLikeIsChosenOnlyWhenNoOtherIsLeft() throws Exception {
    worksElsewhere(0);
    failed(0);
    worked(1);
    failed(0);
    Avoiding selection = new Avoiding(new RoundRobin(), evidence);
    Call call = Call.DEFAULT.withTarget(TARGET);
    for (int i = 0; i < 10; i++) {
      assertThat(selection.select(proxies, call)).isNotSameAs(proxies.get(0));
    }
    assertThat(selection.select(List.of(proxies.get(0)), call)).isSameAs(proxies.get(0));
    assertThat(selection.select(List.of(proxies.get(0)), Call.DEFAULT)).isSameAs(proxies.get(0));
  }

  @Test
  void aProxyThatAskedToBeLeftAloneIsChosenOnlyWhenNoOtherIsLeft() {
    Avoiding selection = new Avoiding(new RoundRobin(), evidence);
    Hint hint = Hint.after(Duration.ofSeconds(20), "Retry-After");
    judge(TARGET, proxies.get(0), FAILED.withBlame(Blame.ENDPOINT).withHint(hint));
    Call other = Call.DEFAULT.withTarget("other.test:80");

    for (int i = 0; i < 10; i++) {
      assertThat(selection.select(proxies, other)).isNotSameAs(proxies.get(0));
    }
    assertThat(selection.select(List.of(proxies.get(0)), other)).isSameAs(proxies.get(0));

    time.advance(Duration.ofSeconds(20));
    assertThat(evidence.isResting(proxies.get(0))).isFalse();
    assertThat(evidence.hasResting()).isFalse();
  }

  @Test
  void nobodyIsLeftAloneForLongerThanThePolicyWouldWait() {
    Hint hint = Hint.after(Duration.ofHours(1), "Retry-After");
    judge(TARGET, proxies.get(0), FAILED.withBlame(Blame.ENDPOINT).withHint(hint));

    time.advance(LONGEST.minusMillis(1));
    assertThat(evidence.isResting(proxies.get(0))).isTrue();
    time.advance(Duration.ofMillis(1));
    assertThat(evidence.isResting(proxies.get(0))).isFalse();
  }

  @Test
  void onlyTheProxyThatIsAtFaultIsLeftAlone() {
    Hint hint = Hint.after(Duration.ofSeconds(20), "Retry-After");

    judge(TARGET, proxies.get(0), FAILED.withBlame(Blame.TARGET).withHint(hint));
    judge(TARGET, proxies.get(1), FAILED.withHint(hint));

    assertThat(evidence.hasResting()).isFalse();
  }

  @Test
  void aPairIsAvoidedAsLongAsTheTargetAsksFor() throws Exception {
    time.advance(Duration.ofSeconds(1));
    worksElsewhere(0);
    failed(0);
    worked(1);
    Hint hint = Hint.after(Duration.ofSeconds(40), "Retry-After");
    judge(TARGET, proxies.get(0), FAILED.withHint(hint));

    time.advance(Duration.ofSeconds(39));
    assertThat(evidence.avoids(TARGET, proxies.get(0))).isTrue();
    time.advance(Duration.ofSeconds(1));
    assertThat(evidence.avoids(TARGET, proxies.get(0))).isFalse();
  }
}
