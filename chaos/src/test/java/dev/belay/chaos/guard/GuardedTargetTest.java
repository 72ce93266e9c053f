package dev.belay.chaos.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.TargetFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class GuardedTargetTest {
  private static final FaultPlan PLAN =
      FaultPlan.of(Fault.at(new Edge("cart", "pricing"), new Effect.Abort(503)));

  private final VirtualTime time = new VirtualTime();
  private final List<SafetyLog.Entry> log = new ArrayList<>();
  private boolean inForce;
  private Duration removed = Duration.ZERO;
  private Duration trial = Duration.ofSeconds(5);
  private Duration sickFrom = Duration.ofDays(1);
  private Duration sickTo = Duration.ofDays(1);

  /** Keeps the faults in force for the length of a trial. */
  private Observation attempt(FaultPlan plan) throws InterruptedException {
    inForce = !plan.faults().isEmpty();
    try {
      for (long left = trial.toMillis(); left > 0; left -= 50) { // feels it as soon as that
        time.sleep(Duration.ofMillis(50).toNanos());
      }
    } finally {
      inForce = false;
      removed = time.passed();
    }
    return seen();
  }

  private Observation seen() {
    return new Observation(
        "GET /",
        Observation.Reply.of(200, trial),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        time.instant());
  }

  private Probe probe() {
    return new Probe() {
      @Override
      public String name() {
        return "orders";
      }

      @Override
      public Finding check() {
        boolean sick =
            time.passed().compareTo(sickFrom) >= 0 && time.passed().compareTo(sickTo) < 0;
        return new Finding(!sick, sick ? "status 500" : "status 200");
      }
    };
  }

  private GuardedTarget guarded(GuardSettings settings) {
    return new GuardedTarget(
        this::attempt,
        new GuardedTarget.Bounds(BlastRadius.DEFAULT, settings),
        List.of(probe()),
        log::add,
        new GuardedTarget.Clockwork(time, Runnable::run));
  }

  private void sick(double from, double to) {
    sickFrom = Duration.ofMillis((long) (from * 1_000));
    sickTo = Duration.ofMillis((long) (to * 1_000));
  }

  private List<SafetyLog.Kind> kinds() {
    return log.stream().map(SafetyLog.Entry::kind).toList();
  }

  @Test
  void aSteadySystemIsTriedAsIfNobodyLooked() throws Exception {
    Observation seen = guarded(GuardSettings.DEFAULT).run(PLAN);

    assertThat(seen.reply().status()).hasValue(200);
    assertThat(log).isEmpty();
    assertThat(time.passed()).isEqualTo(trial);
  }

  @Test
  void aBreachTakesTheFaultsBackWithinASecond() {
    sick(2.5, 4);

    assertThatThrownBy(() -> guarded(GuardSettings.DEFAULT).run(PLAN))
        .isInstanceOf(TargetFailed.class)
        .hasMessage("broken off: orders: status 500");

    assertThat(inForce).isFalse();
    assertThat(removed).isLessThan(sickFrom.plusSeconds(1));
    assertThat(kinds()).containsExactly(SafetyLog.Kind.BROKEN_OFF, SafetyLog.Kind.RECOVERED);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aTrialThatTakesTooLongIsBrokenOffAndTheNextOneIsMade() throws Exception {
    trial = Duration.ofMinutes(20);
    GuardedTarget guarded = guarded(GuardSettings.DEFAULT);

    assertThatThrownBy(() -> guarded.run(PLAN))
        .isInstanceOf(TargetFailed.class)
        .hasMessage("broken off: it took longer than trial_timeout 600s");

    assertThat(inForce).isFalse();
    assertThat(removed).isBetween(Duration.ofSeconds(600), Duration.ofSeconds(601));
    assertThat(kinds()).containsExactly(SafetyLog.Kind.BROKEN_OFF);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    trial = Duration.ofSeconds(5);
    assertThat(guarded.run(PLAN).reply().status()).hasValue(200);
  }

  @Test
  void slowTrialsDoNotSpendTheErrorBudget() throws Exception {
    trial = Duration.ofSeconds(3);
    GuardedTarget guarded =
        guarded(
            new GuardSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(30), 1, Duration.ofSeconds(2)));

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> guarded.run(PLAN)).isInstanceOf(TargetFailed.class);
    }

    trial = Duration.ofSeconds(1);
    assertThat(guarded.run(PLAN).reply().status()).hasValue(200);
  }

  @Test
  void aSystemThatIsNotSteadyIsNotTried() throws Exception {
    sick(0, 3.5);

    guarded(GuardSettings.DEFAULT).run(PLAN);

    assertThat(kinds()).containsExactly(SafetyLog.Kind.HELD, SafetyLog.Kind.RECOVERED);
    assertThat(removed).isEqualTo(Duration.ofSeconds(4).plus(trial));
  }

  @Test
  void aSystemThatDoesNotRecoverPausesTheSearchAndSaysSo() {
    sick(1.5, 100);

    assertThatThrownBy(() -> guarded(GuardSettings.DEFAULT).run(PLAN))
        .hasMessageContaining("broken off");

    assertThat(kinds())
        .containsExactly(
            SafetyLog.Kind.BROKEN_OFF, SafetyLog.Kind.PAUSED, SafetyLog.Kind.RECOVERED);
    assertThat(log.get(1).detail()).isEqualTo("not steady after 30s: orders: status 500");
    assertThat(time.passed()).isBetween(Duration.ofSeconds(100), Duration.ofSeconds(101));
  }

  @Test
  void theErrorBudgetEndsItAll() {
    GuardedTarget target =
        guarded(
            new GuardSettings(
                Duration.ofSeconds(1), Duration.ofSeconds(30), 2, Duration.ofMinutes(10)));
    for (int i = 0; i < 2; i++) {
      double now = time.passed().toMillis() / 1e3;
      sick(now + 0.5, now + 1.5);
      assertThatThrownBy(() -> target.run(PLAN)).hasMessageContaining("broken off");
    }

    assertThatThrownBy(() -> target.run(PLAN))
        .isInstanceOf(BudgetSpent.class)
        .hasMessageContaining("2 trials");
  }

  @Test
  void aPlanBeyondTheRadiusIsNeverPutInForce() {
    FaultPlan wide = PLAN;
    for (int status = 500; status < 503; status++) {
      wide = wide.and(Fault.at(new Edge("cart", "tax" + status), new Effect.Abort(status)));
    }
    FaultPlan beyond = wide;

    assertThatThrownBy(() -> guarded(GuardSettings.DEFAULT).run(beyond))
        .isInstanceOf(TargetFailed.class)
        .hasMessageContaining("4 faults together");

    assertThat(time.passed()).isZero();
    assertThat(kinds()).containsExactly(SafetyLog.Kind.REFUSED);
  }

  @Test
  void anInterruptionFromOutsideIsNoBreach() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> guarded(GuardSettings.DEFAULT).run(PLAN))
        .isInstanceOf(InterruptedException.class);

    assertThat(log).isEmpty();
  }

  @Test
  void theWatchEndsWithTheTrial() throws Exception {
    trial = Duration.ofMillis(500);
    GuardedTarget target = guarded(GuardSettings.DEFAULT);
    target.run(PLAN);
    sick(0.6, 2);

    time.advance(Duration.ofSeconds(5));

    assertThat(log).isEmpty();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  @Test
  void aBreachBreaksOffAllThatAreUnderWayAndCountsOnce() throws Exception {
    CountDownLatch running = new CountDownLatch(3);
    AtomicBoolean sick = new AtomicBoolean();
    List<SafetyLog.Entry> entries = new CopyOnWriteArrayList<>();
    GuardedTarget guarded =
        new GuardedTarget(
            plan -> {
              running.countDown();
              if (!sick.get()) { // the fourth
                assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS)).isTrue();
              }
              return seen();
            },
            new GuardedTarget.Bounds(
                BlastRadius.DEFAULT,
                new GuardSettings(
                    Duration.ofMillis(100), Duration.ofSeconds(5), 2, Duration.ofMinutes(1))),
            List.of(sickOnceAllRun(running, sick)),
            entries::add,
            new GuardedTarget.Clockwork(Time.system(), task -> Thread.ofVirtual().start(task)));
    List<Future<?>> trials = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        trials.add(threads.submit(() -> guarded.run(PLAN)));
      }
    }

    assertThat(trials)
        .allSatisfy(trial ->
            assertThatThrownBy(trial::get)
                .hasCauseInstanceOf(TargetFailed.class)
                .hasMessageContaining("broken off: orders: status 500"));
    assertThat(entries).filteredOn(entry -> entry.kind() == SafetyLog.Kind.BROKEN_OFF).hasSize(3);
    assertThat(guarded.run(PLAN).reply().status()).as("one breach is left").hasValue(200);
  }

  private static Probe sickOnceAllRun(CountDownLatch running, AtomicBoolean sick) {
    return new Probe() {
      @Override
      public String name() {
        return "orders";
      }

      @Override
      public Finding check() {
        boolean now = running.getCount() == 0 && sick.compareAndSet(false, true);
        return new Finding(!now, now ? "status 500" : "status 200");
      }
    };
  }
}
