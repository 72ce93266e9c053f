package dev.belay.chaos.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.belay.Time;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.guard.GuardSettings;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.score.Score;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several trials at a time, in threads of their own and in real time. */
class ParallelTrialsTest {
  private static final Edge EDGE = new Edge("cart", "pricing");
  private static final int TRIALS = 30;
  private static final SessionSpec SPEC =
      new SessionSpec("shop", "{}", TRIALS, Duration.ofMinutes(10), 1, 4);

  private final AtomicInteger inForce = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final AtomicInteger lookedMeanwhile = new AtomicInteger();
  private final CountDownLatch together = new CountDownLatch(4);
  private volatile int stuckFrom = Integer.MAX_VALUE;
  private volatile int apart = 8;
  private SessionStore store = new MemorySessionStore();

  @TempDir private Path folder;

  /** The first four meet; from some status on, all wait until they are broken off. */
  private Observation attempt(FaultPlan plan) throws InterruptedException {
    if (plan.size() == 0) {
      lookedMeanwhile.addAndGet(inForce.get());
      return seen(200);
    }
    most.accumulateAndGet(inForce.incrementAndGet(), Math::max);
    try {
      together.countDown();
      assertThat(together.await(20, TimeUnit.SECONDS)).isTrue();
      if (status(plan) >= stuckFrom) {
        assertThat(new CountDownLatch(1).await(20, TimeUnit.SECONDS)).isTrue();
      }
      return seen(status(plan) == 507 ? 500 : 200);
    } finally {
      inForce.decrementAndGet();
    }
  }

  private static int status(FaultPlan plan) {
    return ((Effect.Abort) plan.faults().getFirst().effect()).status();
  }

  private static Observation seen(int status) {
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(50)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        Instant.EPOCH);
  }

  /** Tries statuses upwards, and remembers which of them it was told of. */
  private static final class Upwards implements Search {
    private final Set<Integer> open = new HashSet<>();
    private int asked;

    @Override
    public Optional<Proposal> next() {
      asked++;
      open.add(asked);
      FaultPlan plan = FaultPlan.of(Fault.at(EDGE, new Effect.Abort(499 + asked)));
      return Optional.of(new Proposal(plan, "upwards", Map.of()));
    }

    @Override
    public Insight saw(int number, Observation observation, Score score) {
      assertThat(open.remove(number)).isTrue();
      return score.bug() >= 10 ? new Insight(Optional.of("it broke"), true) : Insight.HELD;
    }

    @Override
    public void failed(int number) {
      assertThat(open.remove(number)).isTrue();
    }

    @Override
    public List<Defect> defects() {
      return List.of();
    }
  }

  private final class Shop implements Experiment {
    @Override
    public void sweep() {
      assertThat(inForce.get()).isZero();
    }

    @Override
    public Target target() {
      return ParallelTrialsTest.this::attempt;
    }

    @Override
    public int mostParallel() {
      return apart;
    }

    @Override
    public GuardedTarget.Bounds bounds() {
      GuardSettings usual = GuardSettings.DEFAULT;
      return new GuardedTarget.Bounds(
          BlastRadius.DEFAULT,
          new GuardSettings(usual.every(), usual.recovery(), usual.breaches(), usual.trial(), 7));
    }

    @Override
    public int healthyRuns() {
      return 2;
    }

    @Override
    public Search search(List<Observation> healthy) {
      return new Upwards();
    }

    @Override
    public Scoring scoring(List<Observation> healthy) {
      return new Analyzer(AnalyzerSettings.PARITY, Baseline.of(healthy))::score;
    }
  }

  private Sessions sessions() {
    return new Sessions(
        (id, spec) -> new Shop(),
        store,
        Sessions.Settings.DEFAULT,
        Time.system(),
        task -> Thread.ofVirtual().start(task));
  }

  private static SessionView ended(Sessions sessions, String id) throws InterruptedException {
    CountDownLatch over = new CountDownLatch(1);
    try (Followed followed = sessions.follow(id).orElseThrow()) {
      followed.watch(entry -> {
        if (entry instanceof Entry.Moved moved && moved.state().isOver()) {
          over.countDown();
        }
      });
      if (!followed.isOver()) {
        assertThat(over.await(30, TimeUnit.SECONDS)).isTrue();
      }
    }
    return sessions.view(id).orElseThrow();
  }

  private static List<Integer> numbers(Sessions sessions, String id) {
    return sessions.trials(id).stream().map(Trial::number).sorted().toList();
  }

  private void awaitInForce(int count) {
    long from = System.nanoTime();
    while (inForce.get() != count) {
      assertThat(System.nanoTime() - from).isLessThan(TimeUnit.SECONDS.toNanos(20));
      Thread.onSpinWait();
    }
  }

  @Test
  void asManyAreMadeAtATimeAsTheSessionSays() throws Exception {
    Sessions sessions = sessions();

    String id = sessions.start(SPEC).id();

    SessionView view = ended(sessions, id);
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.note().stop()).contains("all 30 trials are done");
    assertThat(most.get()).isEqualTo(4);
    assertThat(numbers(sessions, id)).isEqualTo(IntStream.rangeClosed(1, TRIALS).boxed().toList());
    assertThat(view.progress().scores().orElseThrow().best().number()).isEqualTo(8);
  }

  @Test
  void nothingIsInForceWhenTheHealthySystemIsLookedAt() throws Exception {
    Sessions sessions = sessions();

    SessionView view = ended(sessions, sessions.start(SPEC).id());

    assertThat(view.progress().looks().made()).isGreaterThanOrEqualTo(2);
    assertThat(lookedMeanwhile.get()).isZero();
  }

  @Test
  void anAbortTakesAllOfThemBack() throws Exception {
    stuckFrom = 0;
    Sessions sessions = sessions();
    String id = sessions.start(SPEC).id();
    awaitInForce(4);

    var unused = sessions.abort(id, "enough");

    assertThat(ended(sessions, id).note().stop()).contains("aborted: enough");
    assertThat(inForce.get()).isZero();
    assertThat(sessions.trials(id)).isEmpty();
  }

  @Test
  void aStopLetsAllOfThemComeToTheirEnd() throws Exception {
    Sessions sessions = sessions();
    String id = sessions.start(SPEC).id();
    var unused = sessions.stop(id, "enough");

    SessionView view = ended(sessions, id);

    long begun = sessions.entries(id).stream().filter(Entry.Applying.class::isInstance).count();
    assertThat(view.progress().done()).isEqualTo((int) begun).isLessThanOrEqualTo(TRIALS);
  }

  @Test
  void whatIsCutOffIsMadeOnceMoreAndWhatWasDoneIsNot() throws Exception {
    stuckFrom = 510;
    try (FileSessionStore files = new FileSessionStore(folder)) {
      store = files;
      Sessions first = sessions();
      String id = first.start(SPEC).id();
      awaitInForce(4);
      while (status(last(first, id)) < 513) {
        Thread.onSpinWait();
      }
      first.close();
      assertThat(inForce.get()).isZero();
      assertThat(numbers(first, id)).hasSize(10);
    }
    stuckFrom = Integer.MAX_VALUE;
    try (FileSessionStore files = new FileSessionStore(folder)) {
      store = files;
      Sessions second = sessions();
      second.resume();
      String id = second.list().getFirst().id();

      SessionView view = ended(second, id);

      assertThat(view.state()).as("%s", view.note()).isEqualTo(SessionState.COMPLETED);
      assertThat(view.spec().parallel()).isEqualTo(4);
      assertThat(numbers(second, id)).isEqualTo(IntStream.rangeClosed(1, TRIALS).boxed().toList());
      assertThat(second.trials(id))
          .allSatisfy(
              trial -> assertThat(status(trial.proposal().plan())).isEqualTo(499 + trial.number()));
      second.close();
    }
  }

  private static FaultPlan last(Sessions sessions, String id) {
    List<FaultPlan> begun =
        new ArrayList<>(List.of(FaultPlan.of(Fault.at(EDGE, new Effect.Abort(500)))));
    for (Entry entry : sessions.entries(id)) {
      if (entry instanceof Entry.Applying applying) {
        begun.add(applying.proposal().plan());
      }
    }
    return begun.getLast();
  }

  @Test
  void whereFaultsCannotBeKeptApartOneTrialIsMadeAtATime() {
    apart = 1;
    Sessions sessions = sessions();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> sessions.start(SPEC))
        .withMessageContaining("parallel_trials must be in 1..1")
        .withMessageEndingWith("was 4");
    assertThat(sessions.list()).isEmpty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionSpec("shop", "{}", 1, Duration.ofMinutes(10), 1, 9))
        .withMessage("parallel_trials must be in 1..8, was 9");
  }
}
