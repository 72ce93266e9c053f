package dev.belay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoolTest {
  private final VirtualTime time = new VirtualTime();
  private final List<String> visited = new ArrayList<>();

  /** Takes the first candidate in the order of the pool. */
  private static final class InOrder implements Selection {
    @Override
    public <E extends Endpoint> E select(List<E> candidates, Call call) {
      return candidates.getFirst();
    }
  }

  private Endpoint endpoint(String name) {
    return endpoint(name, Endpoint.Traits.NONE);
  }

  private Endpoint endpoint(String name, Endpoint.Traits traits) {
    return new Endpoint(
        name,
        traits,
        new CircuitBreaker(name, BreakerPolicy.DEFAULT, time, SharedRandom.INSTANCE, event -> {}));
  }

  private Pool<Endpoint> pool(String... names) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String name : names) {
      endpoints.add(endpoint(name));
    }
    return Pool.of("pool", new InOrder(), endpoints);
  }

  private Belay<Endpoint> over(Pool<Endpoint> pool, RetryPolicy policy) {
    return Belay.over(pool).policy(policy).time(time).budget(RetryBudget.unlimited()).build();
  }

  private Operation<Endpoint, String> failingAt(String... bad) {
    return attempt -> {
      String name = attempt.endpoint().name();
      visited.add(name);
      if (List.of(bad).contains(name)) {
        throw new ConnectException("refused");
      }
      return name;
    };
  }

  @Test
  void movesToAnotherEndpointAfterAFailure() throws InterruptedException {
    Belay<Endpoint> belay = over(pool("a", "b", "c"), RetryPolicy.DEFAULT);
    assertThat(belay.call(Call.DEFAULT, failingAt("a", "b"))).isEqualTo("c");
    assertThat(visited).containsExactly("a", "b", "c");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void movesAtOnceIfThePolicySaysSoAndWaitsOnlyWhenNobodyIsLeft() throws InterruptedException {
    RetryPolicy policy = RetryPolicy.named("x").maxAttempts(4).immediateFailover(true).build();
    Belay<Endpoint> belay = over(pool("a", "b"), policy);
    assertThatThrownBy(() -> belay.call(Call.DEFAULT, failingAt("a", "b")))
        .isInstanceOf(CallFailed.class);
    assertThat(visited).containsExactly("a", "b", "a", "a");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(2 + 4));
  }

  @Test
  void movesAtOnceAlsoWhereNobodyKnowsWhoseFaultItWasButNotWhereTheTargetFails()
      throws InterruptedException {
    RetryPolicy policy = RetryPolicy.named("x").immediateFailover(true).build();
    Belay<Endpoint> unknown =
        Belay.over(pool("a", "b"))
            .time(time)
            .policy(policy)
            .classifier(blaming(Blame.UNKNOWN))
            .build();
    Belay<Endpoint> target =
        Belay.over(pool("a", "b"))
            .time(time)
            .policy(policy)
            .classifier(blaming(Blame.TARGET))
            .build();

    assertThat(unknown.call(Call.DEFAULT, failingAt("a"))).isEqualTo("b");
    assertThat(time.passed()).isZero();
    assertThat(target.call(Call.DEFAULT, failingAt("a"))).isEqualTo("b");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(1));
  }

  private static Classifier blaming(Blame blame) {
    return Classifier.builder()
        .failure(ConnectException.class, e -> Verdict.retry(ErrorClass.RESET, blame))
        .build();
  }

  @Test
  void movesAtOnceWhenCredentialsAreRefused() throws InterruptedException {
    Classifier classifier =
        Classifier.builder()
            .failure(ConnectException.class, e -> Verdict.retry(ErrorClass.AUTH, Blame.ENDPOINT))
            .build();
    Belay<Endpoint> belay = Belay.over(pool("a", "b")).time(time).classifier(classifier).build();
    assertThat(belay.call(Call.DEFAULT, failingAt("a"))).isEqualTo("b");
    assertThat(time.passed()).isZero();
  }

  @Test
  void leavesAHintedEndpointAloneAndGoesElsewhereWithoutWaitingForIt() throws InterruptedException {
    Classifier classifier =
        Classifier.builder()
            .failure(
                ConnectException.class,
                e -> Verdict.throttled(Blame.ENDPOINT, Hint.after(Duration.ofMinutes(2), "t")))
            .build();
    Pool<Endpoint> pool = pool("a", "b");
    Belay<Endpoint> belay = Belay.over(pool).time(time).classifier(classifier).build();
    assertThat(belay.call(Call.DEFAULT, failingAt("a"))).isEqualTo("b");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(1));
    assertThat(pool.endpoints().getFirst().breaker().untilTest())
        .isEqualTo(Duration.ofSeconds(119));
  }

  @Test
  void whoIsOverTheAllowanceOfOneGoesElsewhereAndLeavesItsBreakerAlone()
      throws InterruptedException {
    Classifier classifier =
        Classifier.builder()
            .failure(
                ConnectException.class,
                e -> Verdict.throttled(Blame.CALLER, Hint.after(Duration.ofMinutes(2), "t")))
            .build();
    Pool<Endpoint> pool = pool("a", "b");
    Belay<Endpoint> belay = Belay.over(pool).time(time).classifier(classifier).build();

    assertThat(belay.call(Call.DEFAULT, failingAt("a"))).isEqualTo("b");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(1));
    assertThat(pool.endpoints().getFirst().isSelectable()).isTrue();
  }

  @Test
  void comesBackToAnEndpointNoSoonerThanItsHintSays() throws InterruptedException {
    Classifier classifier =
        Classifier.builder()
            .failure(
                ConnectException.class,
                failure -> visited.getLast().equals("a"),
                failure -> Verdict.throttled(Blame.CALLER, Hint.after(Duration.ofSeconds(30), "t")))
            .build();
    RetryPolicy policy = RetryPolicy.named("p").maxAttempts(4).build();
    Belay<Endpoint> belay =
        Belay.over(pool("a", "b")).policy(policy).time(time).classifier(classifier).build();

    assertThatThrownBy(() -> belay.call(Call.DEFAULT, failingAt("a", "b")))
        .isInstanceOf(CallFailed.class);

    assertThat(visited).containsExactly("a", "b", "b", "b");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void waitsForTheFirstHintToEndWhereAllAskedToBeLeftAlone() throws InterruptedException {
    Classifier classifier =
        Classifier.builder()
            .failure(
                ConnectException.class,
                failure ->
                    Verdict.throttled(
                        Blame.CALLER,
                        Hint.after(Duration.ofSeconds(visited.size() == 1 ? 30 : 50), "t")))
            .build();
    RetryPolicy policy = RetryPolicy.named("p").maxAttempts(3).build();
    Belay<Endpoint> belay =
        Belay.over(pool("a", "b")).policy(policy).time(time).classifier(classifier).build();

    assertThatThrownBy(() -> belay.call(Call.DEFAULT, failingAt("a", "b")))
        .isInstanceOf(CallFailed.class);

    assertThat(visited).containsExactly("a", "b", "a");
    assertThat(time.passed()).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void skipsEndpointsWithOpenBreakers() throws InterruptedException {
    Pool<Endpoint> pool = pool("a", "b");
    pool.endpoints().getFirst().breaker().trip();
    assertThat(over(pool, RetryPolicy.DEFAULT).call(Call.DEFAULT, failingAt())).isEqualTo("b");
  }

  @Test
  void refusesAtOnceWhenAllAreOpenAndSaysWhenTheFirstIsTested() {
    Pool<Endpoint> pool = pool("a", "b");
    pool.endpoints().get(0).breaker().trip();
    time.advance(Duration.ofSeconds(10));
    pool.endpoints().get(1).breaker().trip();

    assertThatThrownBy(() -> over(pool, RetryPolicy.DEFAULT).call(Call.DEFAULT, failingAt()))
        .isInstanceOfSatisfying(
            CallRefused.class,
            refused -> assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(20)));
    assertThat(visited).isEmpty();
    assertThat(pool.untilTest()).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void anEmptyPoolRefuses() {
    assertThatThrownBy(() -> over(pool(), RetryPolicy.DEFAULT).call(Call.DEFAULT, failingAt()))
        .isInstanceOf(CallRefused.class)
        .hasMessageContaining("every endpoint");
  }

  @Test
  void stopsUsingAnEndpointWhoseBreakerOpensDuringTheCall() {
    RetryPolicy policy = RetryPolicy.named("x").maxAttempts(10).build();
    Belay<Endpoint> belay = over(pool("a"), policy);
    assertThatThrownBy(() -> belay.call(Call.DEFAULT, failingAt("a")))
        .isInstanceOf(CallFailed.class);
    assertThat(visited).hasSize(5);
  }

  @Test
  void everyRecoveredEndpointComesBack() throws InterruptedException {
    Pool<Endpoint> pool = pool("a", "b", "c");
    pool.endpoints().forEach(endpoint -> endpoint.breaker().trip());
    time.advance(Duration.ofSeconds(30));
    Map<String, Integer> calls = new HashMap<>();
    pool.chooseBy(
        new Selection() {
          private int next;

          @Override
          public <E extends Endpoint> E select(List<E> candidates, Call call) {
            return candidates.get(next++ % candidates.size());
          }
        });
    Belay<Endpoint> belay = over(pool, RetryPolicy.DEFAULT);
    for (int i = 0; i < 21; i++) {
      calls.merge(belay.call(Call.DEFAULT, failingAt()), 1, Integer::sum);
    }

    assertThat(calls).containsOnlyKeys("a", "b", "c");
    assertThat(pool.endpoints())
        .allMatch(endpoint -> endpoint.breaker().snapshot().state() == BreakerState.CLOSED);
  }

  @Test
  void forgetsThePastOfAnEndpointThatRecovered() throws InterruptedException {
    Pool<Endpoint> pool = pool("a");
    Belay<Endpoint> belay = over(pool, RetryPolicy.NONE);
    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> belay.call(Call.DEFAULT, failingAt("a")))
          .isInstanceOf(CallFailed.class);
    }
    EndpointStats stats = pool.endpoints().getFirst().stats();
    assertThat(stats.snapshot().successRate()).isZero();
    assertThat(stats.snapshot().consecutiveFailures()).isEqualTo(5);

    time.advance(Duration.ofSeconds(30));
    belay.call(Call.DEFAULT, failingAt());
    assertThat(stats.snapshot().successRate()).isEqualTo(1);
    assertThat(stats.snapshot().samples()).isZero();
    assertThat(stats.snapshot().failures()).isEqualTo(5);
    assertThat(stats.snapshot().successes()).isEqualTo(1);
  }

  @Test
  void keepsToTheConcurrencyLimit() throws InterruptedException {
    Pool<Endpoint> pool =
        Pool.of(
            "pool",
            new InOrder(),
            List.of(endpoint("a", Endpoint.Traits.NONE.withMaxConcurrent(1)), endpoint("b")));
    Belay<Endpoint> belay = over(pool, RetryPolicy.DEFAULT);
    String inner =
        belay.call(
            Call.DEFAULT, attempt -> belay.call(Call.DEFAULT, nested -> nested.endpoint().name()));
    assertThat(inner).isEqualTo("b");
    assertThat(pool.endpoints().getFirst().stats().inFlight()).isZero();
  }

  @Test
  void tryingAFullEndpointChangesNothing() {
    Endpoint full = endpoint("a", Endpoint.Traits.NONE.withMaxConcurrent(1));
    Permit first = full.tryStart();
    Permit second = full.tryStart();
    assertThat(second.isGranted()).isFalse();
    assertThat(second.refusal()).hasMessageContaining("concurrency limit");
    second.success(0);
    second.failure(Blame.ENDPOINT, Hint.NONE, 0);
    second.throttled(Hint.NONE);
    second.release();
    assertThat(full.isSelectable()).isFalse();
    full.settle(first, Verdict.SUCCESS, 5);
    assertThat(full.isSelectable()).isTrue();
  }

  @Test
  void asksAgainWhenTheChosenOneWasJustTaken() throws InterruptedException {
    Pool<Endpoint> pool = pool("a", "b");
    Selection thief =
        new Selection() {
          @Override
          public <E extends Endpoint> E select(List<E> candidates, Call call) {
            E chosen = candidates.getFirst();
            if (chosen.name().equals("a")) {
              chosen.breaker().trip();
            }
            return chosen;
          }
        };
    pool.chooseBy(thief);
    assertThat(over(pool, RetryPolicy.DEFAULT).call(Call.DEFAULT, failingAt())).isEqualTo("b");
  }

  @Test
  void listsCanBeReplacedWhileCallsRun() throws InterruptedException {
    Pool<Endpoint> pool = pool("a");
    Belay<Endpoint> belay = over(pool, RetryPolicy.DEFAULT);
    Endpoint before = pool.endpoints().getFirst();
    String value =
        belay.call(
            Call.DEFAULT,
            attempt -> {
              if (attempt.number() == 1) {
                pool.replace(List.of(endpoint("z")));
                throw new IOException("gone");
              }
              return attempt.endpoint().name();
            });
    assertThat(value).isEqualTo("z");
    assertThat(before.stats().inFlight()).isZero();
  }

  @Test
  void newTraitsKeepBreakerAndRecord() {
    Endpoint before = endpoint("a");
    before.breaker().trip();
    Endpoint after =
        new Endpoint(
            before, Endpoint.Traits.NONE.withRegion("US-EAST").withWeight(3).withCost(0.5));
    assertThat(after.breaker()).isSameAs(before.breaker());
    assertThat(after.stats()).isSameAs(before.stats());
    assertThat(after.traits().region()).isEqualTo("US-EAST");
    assertThat(after.name()).isEqualTo("a");
  }

  @Test
  void namesMustDiffer() {
    assertThatThrownBy(() -> pool("a", "a"))
        .hasMessage("endpoint names must differ, 'a' is there twice");
  }

  @Test
  void traitsAreChecked() {
    assertThatThrownBy(() -> Endpoint.Traits.NONE.withWeight(0)).hasMessageContaining("weight");
    assertThatThrownBy(() -> Endpoint.Traits.NONE.withCost(-1)).hasMessageContaining("cost");
    assertThatThrownBy(() -> Endpoint.Traits.NONE.withMaxConcurrent(0))
        .hasMessageContaining("max_concurrent");
  }

  @Test
  void aFastFailureDoesNotLookLikeAFastEndpoint() {
    Endpoint endpoint = endpoint("a");
    Permit permit = endpoint.tryStart();
    endpoint.settle(permit, Verdict.SUCCESS, Duration.ofMillis(50).toNanos());
    double before = endpoint.stats().snapshot().peakNanos();
    permit = endpoint.tryStart();
    endpoint.settle(permit, Verdict.retry(ErrorClass.CONNECT, Blame.ENDPOINT), 1_000);
    assertThat(endpoint.stats().snapshot().peakNanos()).isGreaterThan(3 * before);
    time.advance(Duration.ofMinutes(5));
    assertThat(endpoint.stats().snapshot().peakNanos()).isLessThan(1);
    assertThat(endpoint.stats().snapshot().meanNanos()).isEqualTo(5e7);
  }

  @Test
  void theRecordCoversTheLastHundredAttempts() {
    Endpoint endpoint = endpoint("a");
    for (int i = 0; i < 300; i++) {
      Permit permit = endpoint.tryStart();
      boolean bad = i >= 250 && i < 275;
      endpoint.settle(
          permit, bad ? Verdict.retry(ErrorClass.RESET, Blame.UNKNOWN) : Verdict.SUCCESS, 10);
      endpoint.breaker().reset();
    }
    assertThat(endpoint.stats().snapshot().successRate()).isEqualTo(0.75);
    assertThat(endpoint.stats().snapshot().samples()).isEqualTo(100);
    assertThat(endpoint.stats().snapshot().started()).isEqualTo(300);
  }

  @Test
  void faultsOfOthersAreNotOnTheRecord() {
    Endpoint endpoint = endpoint("a");
    for (Verdict verdict :
        List.of(Verdict.retry(ErrorClass.DNS, Blame.TARGET), Verdict.IGNORED, Verdict.CANCELLED)) {
      endpoint.settle(endpoint.tryStart(), verdict, 10);
    }
    assertThat(endpoint.stats().snapshot().samples()).isZero();
    assertThat(endpoint.stats().inFlight()).isZero();
  }
}
