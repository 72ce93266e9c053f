package dev.belay.llm.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Cases;
import dev.belay.Hint;
import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.http.RateAdvice;
import dev.belay.http.RateHints;
import dev.belay.llm.ErrorKind;
import dev.belay.llm.ProviderError;
import dev.belay.llm.delay.GateEntry.Priority;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GateTest {
  private static final GateKey KEY = new GateKey("openai", "work", "gpt", "");
  private static final GateEntry PATIENT = GateEntry.within(Duration.ofMinutes(5));

  private final VirtualTime time = new VirtualTime();
  private final Gates gates = new Gates(GateRules.DEFAULT, time, Runnable::run);
  private final Gate gate = gates.gate(KEY);

  private record Call(int number, Duration at) {}

  private CompletableFuture<Admission> enter(GateEntry entry) {
    return gate.enter(entry).toCompletableFuture();
  }

  private List<Call> enterMany(int callers, GateEntry entry) {
    List<Call> passed = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      int number = i;
      var unused =
          enter(entry)
              .thenAccept(admission -> {
                if (admission instanceof Admission.Granted) {
                  passed.add(new Call(number, time.passed()));
                }
              });
    }
    return passed;
  }

  @Test
  void letsEverybodyThroughAsLongAsNobodyWasTurnedAway() {
    List<Call> passed = enterMany(1_000, GateEntry.within(Duration.ZERO));

    assertThat(passed).hasSize(1_000);
    assertThat(gate.state().gap()).isZero();
  }

  /** Acceptance: one 429 with 2 s among 256 callers. */
  @Test
  void twoHundredAndFiftySixCallersWaitOutOneHintAndAreAllServedOneByOne() {
    gate.close(Duration.ofSeconds(2), "Retry-After: 2");
    List<Call> passed = enterMany(256, PATIENT);

    time.advance(Duration.ofSeconds(2).minusNanos(1));
    assertThat(passed).isEmpty();
    assertThat(gate.state().waiting()).isEqualTo(256);
    time.run();

    assertThat(passed).extracting(Call::number).isSorted().hasSize(256);
    assertThat(passed.getFirst().at()).isEqualTo(Duration.ofSeconds(2));
    Map<Long, Integer> perTick = new HashMap<>();
    passed.forEach(call -> perTick.merge(call.at().toMillis() / 100, 1, Integer::sum));
    assertThat(perTick.get(20L)).as("in the first 100 ms").isEqualTo(2);
    assertThat(passed.getLast().at()).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
  }

  @Test
  void refusesAtOnceWhoeverHasLessPatienceThanTheHint() {
    gate.close(Duration.ofSeconds(277_403), "Retry-After: 277403");

    Admission admission = enter(PATIENT).join();

    assertThat(admission)
        .isInstanceOfSatisfying(
            Admission.Refused.class,
            refused -> {
              assertThat(refused.why()).isEqualTo("Retry-After: 277403");
              assertThat(refused.retryAt()).isEqualTo(time.instant().plusSeconds(277_403));
              assertThat(refused.retryAfter()).isEqualTo(Duration.ofSeconds(277_403));
            });
    assertThat(gate.state().waiting()).isZero();
  }

  @Test
  void refusesThoseWhoWaitWhenTheWaitBecomesTooLong() {
    gate.close(Duration.ofSeconds(1), "first");
    CompletableFuture<Admission> hasty = enter(GateEntry.within(Duration.ofSeconds(5)));
    CompletableFuture<Admission> patient = enter(PATIENT);

    gate.close(Duration.ofSeconds(20), "second");

    assertThat(hasty).isCompletedWithValueMatching(Admission.Refused.class::isInstance);
    assertThat(patient).isNotDone();
    time.run();
    assertThat(patient.join()).isEqualTo(new Admission.Granted(Duration.ofSeconds(20)));
  }

  @Test
  void refusesThoseWhoseTurnDoesNotComeInTime() {
    gate.close(Duration.ofSeconds(2), "x");
    GateEntry hasty = new GateEntry("", Priority.LOW, Duration.ofMillis(2_100));
    CompletableFuture<Admission> late = enter(hasty);
    for (int i = 0; i < 20; i++) {
      var unused = enter(new GateEntry("", Priority.HIGH, Duration.ofMinutes(1)));
    }

    time.run();

    assertThat(late.join())
        .isInstanceOfSatisfying(
            Admission.Refused.class, refused -> assertThat(refused.retryAfter()).isPositive());
    assertThat(gate.state().waiting()).isZero();
  }

  @Test
  void aShorterHintDoesNotOpenItSooner() {
    gate.close(Duration.ofSeconds(10), "long");
    gate.close(Duration.ofSeconds(1), "short");
    gate.close(Duration.ZERO, "none");

    assertThat(gate.state().closedFor()).isEqualTo(Duration.ofSeconds(10));
    assertThat(gate.state().why()).isEqualTo("long");
  }

  @Test
  void whoGivesUpLeavesTheLineAtOnce() {
    gate.close(Duration.ofSeconds(2), "x");
    List<CompletableFuture<Admission>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(enter(PATIENT));
    }

    all.subList(0, 4).forEach(one -> one.cancel(false));

    assertThat(gate.state().waiting()).isEqualTo(1);
    time.run();
    assertThat(all.get(4).join()).isEqualTo(new Admission.Granted(Duration.ofSeconds(2)));
  }

  @Test
  void takesOnlySoManyIntoTheLine() {
    GateRules rules = new GateRules(2, Duration.ofMillis(50), 10, Duration.ofMinutes(1));
    Gate small = new Gates(rules, time, Runnable::run).gate(KEY);
    small.close(Duration.ofSeconds(1), "x");
    CompletableFuture<Admission> first = small.enter(PATIENT).toCompletableFuture();
    CompletableFuture<Admission> second = small.enter(PATIENT).toCompletableFuture();

    Admission third = small.enter(PATIENT).toCompletableFuture().join();

    assertThat(first).isNotDone();
    assertThat(second).isNotDone();
    assertThat(((Admission.Refused) third).why()).isEqualTo("2 wait already");
  }

  @Test
  void tenantsTakeTurnsHoweverManyCallersTheyHave() {
    gate.close(Duration.ofSeconds(1), "x");
    List<String> passed = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      var unused =
          enter(new GateEntry("greedy", Priority.NORMAL, Duration.ofMinutes(1)))
              .thenAccept(admission -> passed.add("greedy"));
    }
    for (int i = 0; i < 3; i++) {
      var unused =
          enter(new GateEntry("modest", Priority.NORMAL, Duration.ofMinutes(1)))
              .thenAccept(admission -> passed.add("modest"));
    }

    time.run();

    assertThat(passed.subList(0, 6))
        .containsExactly("greedy", "modest", "greedy", "modest", "greedy", "modest");
    assertThat(passed).hasSize(23);
  }

  @Test
  void theUrgentGoFirstAndNobodyStarves() {
    gate.close(Duration.ofSeconds(1), "x");
    List<Priority> passed = new ArrayList<>();
    for (Priority priority : List.of(Priority.LOW, Priority.NORMAL, Priority.HIGH)) {
      for (int i = 0; i < 10; i++) {
        var unused =
            enter(new GateEntry("", priority, Duration.ofMinutes(1)))
                .thenAccept(admission -> passed.add(priority));
      }
    }

    time.run();

    assertThat(passed.subList(0, 7)).containsOnly(Priority.HIGH);
    assertThat(passed.get(7)).isEqualTo(Priority.LOW);
    assertThat(passed).hasSize(30);
  }

  @Test
  void slowDownMakesTheRampFlatter() {
    gate.close(Duration.ofSeconds(1), "quick");
    List<Call> quick = enterMany(100, PATIENT);
    time.run();
    Duration quickly = quick.getLast().at();
    time.advance(Duration.ofMinutes(2));
    Duration start = time.passed();

    gate.slowDown();
    gate.close(Duration.ofSeconds(1), "slow_down");
    List<Call> slow = enterMany(100, PATIENT);
    time.run();

    assertThat(slow.getLast().at().minus(start)).isGreaterThan(quickly.multipliedBy(3));
  }

  @Test
  void learnsHowQuicklyRequestsMayFollowEachOther() {
    gate.learn(advice(Map.of("x-ratelimit-limit", "10;w=1", "x-ratelimit-remaining", "3")));
    gate.close(Duration.ofSeconds(1), "x");
    List<Call> passed = enterMany(50, PATIENT);

    time.run();

    assertThat(passed.getLast().at()).isEqualTo(Duration.ofMillis(1_000 + 49 * 100));
  }

  @Test
  void closesBeforeAnybodyIsTurnedAwayWhenAnAllowanceIsUsedUp() {
    gate.learn(
        advice(
            Map.of(
                "anthropic-ratelimit-requests-remaining", "0",
                "anthropic-ratelimit-requests-reset", "2026-01-01T00:00:07Z")));

    assertThat(gate.state().closedFor()).isEqualTo(Duration.ofSeconds(7));
    assertThat(gate.state().why())
        .isEqualTo("anthropic-ratelimit-requests-reset: 2026-01-01T00:00:07Z");
    assertThat(gate.state().remaining()).isEqualTo(Map.of("requests", 0L));
  }

  private RateAdvice advice(Map<String, String> headers) {
    return RateHints.read(
        RateHints.Reply.of(
            name -> headers.containsKey(name) ? List.of(headers.get(name)) : List.of(),
            time.instant()));
  }

  @Test
  void closesForWhatConcernsEverybody() {
    Hint hint = Hint.after(Duration.ofSeconds(3), "Retry-After: 3");
    gate.refused(ProviderError.of(ErrorKind.SERVER_ERROR, "").withHint(hint), Duration.ofDays(1));
    assertThat(gate.state().closedFor()).isZero();

    gate.refused(ProviderError.of(ErrorKind.RATE_LIMIT, ""), Duration.ofSeconds(1));
    assertThat(gate.state().closedFor()).isEqualTo(Duration.ofSeconds(1));
    assertThat(gate.state().why()).isEqualTo("RATE_LIMIT");

    gate.refused(ProviderError.of(ErrorKind.OVERLOADED, "").withHint(hint), Duration.ofDays(1));
    assertThat(gate.state().closedFor()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void speedsUpLessQuicklyWhenAsked() {
    gate.refused(
        new ProviderError(ErrorKind.RATE_LIMIT, 429, "slow_down", "", "", Hint.NONE),
        Duration.ofSeconds(1));

    assertThat(gate.state().gap()).isEqualTo(GateRules.DEFAULT.firstGap().multipliedBy(4));
  }

  @Test
  void beingTurnedAwayAgainMakesItMoreCareful() {
    gate.close(Duration.ofSeconds(1), "once");
    enterMany(2, PATIENT);
    time.advance(Duration.ofMillis(1_001));
    Duration gap = gate.state().gap();

    gate.close(Duration.ofSeconds(1), "twice");

    assertThat(gate.state().gap()).isEqualTo(gap.multipliedBy(2));
  }

  @Test
  void forgetsAfterAWhile() {
    gate.close(Duration.ofSeconds(1), "x");

    time.advance(Duration.ofSeconds(61));

    assertThat(gate.state().gap()).isZero();
    assertThat(enterMany(10, GateEntry.within(Duration.ZERO))).hasSize(10);
  }

  @Test
  void anOperatorCanOpenIt() {
    gate.close(Duration.ofHours(1), "x");
    List<Call> passed = enterMany(3, GateEntry.within(Duration.ofHours(2)));

    gate.open();

    assertThat(passed).hasSize(3);
    assertThat(gate.state().closedFor()).isZero();
  }

  @Test
  void oneGateForEachKeyAndNotTooMany() {
    assertThat(gates.gate(KEY)).isSameAs(gate);
    for (int i = 0; i < 2_000; i++) {
      gates.gate(new GateKey("p" + i, "", "", ""));
    }

    assertThat(gates.states()).hasSizeLessThanOrEqualTo(1_000);
  }

  @Test
  void modelsShareAGateIfTheProviderCountsThemTogether() {
    ModelsFile file =
        ModelsFile.parse(
            "m",
            "lovable_patterns: {p1_dynamic_retry_delays: {providers: {anthropic: {shared_gate: true}}}}");

    assertThat(GateKey.of(file.delays(), "anthropic", "a", "claude")).hasToString("anthropic@a");
    assertThat(GateKey.of(file.delays(), "openai", "", "gpt")).hasToString("openai/gpt");
    assertThat(new GateKey("o", "a", "m", "tokens")).hasToString("o/m@a#tokens");
  }

  @Test
  void servesAllOfAnyCrowdAndNobodyInsideTheWindow() {
    Cases.check(
        100,
        random -> random.ints(40, 0, 3_000).boxed().toList(),
        arrivals -> {
          VirtualTime own = new VirtualTime();
          Gate crowded = new Gates(GateRules.DEFAULT, own, Runnable::run).gate(KEY);
          List<Duration> passed = new ArrayList<>();
          crowded.close(Duration.ofSeconds(2), "x");
          for (int at : arrivals) {
            own.after(
                Duration.ofMillis(at).toNanos(),
                Runnable::run,
                () -> {
                  var unused =
                      crowded.enter(PATIENT).thenAccept(admission -> passed.add(own.passed()));
                });
          }
          own.run();
          assertThat(passed).hasSize(arrivals.size());
          assertThat(passed).allMatch(at -> at.compareTo(Duration.ofSeconds(2)) >= 0);
        });
  }

  @Test
  void threadsWaitAndObeyInterruption() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gate real = new Gates(GateRules.DEFAULT, Time.system(), threads).gate(KEY);
      real.close(Duration.ofHours(1), "x");
      CountDownLatch interrupted = new CountDownLatch(1);
      Thread waiter =
          Thread.startVirtualThread(() -> {
            try {
              real.await(GateEntry.within(Duration.ofHours(2)));
            } catch (InterruptedException expected) {
              interrupted.countDown();
            }
          });
      while (real.state().waiting() == 0) {
        Thread.onSpinWait();
      }

      waiter.interrupt();

      assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(real.state().waiting()).isZero();
    }
  }

  @Test
  void nobodyIsForgottenHoweverMuchHappensAtOnce() throws Exception {
    GateRules quick = new GateRules(100_000, Duration.ofNanos(20_000), 10, Duration.ofSeconds(1));
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gate real = new Gates(quick, Time.system(), threads).gate(KEY);
      List<Future<List<CompletableFuture<Admission>>>> actors = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        SplittableRandom random = new SplittableRandom(i);
        actors.add(threads.submit(() -> anything(real, random)));
      }

      List<CompletableFuture<Admission>> all = new ArrayList<>();
      for (Future<List<CompletableFuture<Admission>>> actor : actors) {
        all.addAll(actor.get(60, TimeUnit.SECONDS));
      }
      for (CompletableFuture<Admission> one : all) {
        assertThat(one.isCancelled() || one.get(60, TimeUnit.SECONDS) != null).isTrue();
      }
      assertThat(all).hasSizeGreaterThan(4_000);
      assertThat(real.state().waiting()).isZero();
    }
  }

  private static List<CompletableFuture<Admission>> anything(Gate gate, SplittableRandom random) {
    List<CompletableFuture<Admission>> entered = new ArrayList<>();
    Priority[] priorities = Priority.values();
    for (int i = 0; i < 1_000; i++) {
      switch (random.nextInt(10)) {
        case 0 -> gate.close(Duration.ofNanos(random.nextLong(2_000_000)), "x");
        case 1 -> gate.open();
        case 2 -> {
          if (!entered.isEmpty()) {
            entered.get(random.nextInt(entered.size())).cancel(false);
          }
        }
        default ->
            entered.add(
                gate.enter(
                        new GateEntry(
                            "tenant-" + random.nextInt(3),
                            priorities[random.nextInt(priorities.length)],
                            Duration.ofMillis(random.nextInt(30_000))))
                    .toCompletableFuture());
      }
    }
    return entered;
  }

  @Test
  void threadsPassWhenItIsTheirTurn() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Gate real = new Gates(GateRules.DEFAULT, Time.system(), threads).gate(KEY);
      real.close(Duration.ofMillis(20), "x");

      Admission admission = real.await(PATIENT);

      assertThat(admission)
          .isInstanceOfSatisfying(
              Admission.Granted.class,
              granted ->
                  assertThat(granted.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(15)));
    }
  }

  @Test
  void rejectsRulesOutOfRange() {
    assertThatThrownBy(() -> new GateRules(0, Duration.ofMillis(1), 1, Duration.ofSeconds(1)))
        .hasMessageStartingWith("most_waiting");
    assertThatThrownBy(() -> GateEntry.within(Duration.ofSeconds(-1)))
        .hasMessageStartingWith("patience");
  }
}
