package dev.belay.chaos.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.VirtualTime;
import dev.belay.chaos.Defect;
import dev.belay.chaos.Edge;
import dev.belay.chaos.Effect;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Target;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.guard.BlastRadius;
import dev.belay.chaos.guard.GuardSettings;
import dev.belay.chaos.guard.GuardedTarget;
import dev.belay.chaos.guard.Probe;
import dev.belay.chaos.guard.TimeWindow;
import dev.belay.chaos.score.Analyzer;
import dev.belay.chaos.score.AnalyzerSettings;
import dev.belay.chaos.score.Baseline;
import dev.belay.chaos.score.Score;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionsTest {
  private static final Edge EDGE = new Edge("cart", "pricing");
  private static final SessionSpec SPEC =
      new SessionSpec("shop", "{}", 20, Duration.ofMinutes(10), 1);

  private final VirtualTime time = new VirtualTime();
  private final List<FaultPlan> tried = new ArrayList<>();
  private SessionStore store = new MemorySessionStore();
  private Duration length = Duration.ofSeconds(2);
  private int failFrom = Integer.MAX_VALUE;
  private int failFor = Integer.MAX_VALUE;
  private int sickFrom = Integer.MAX_VALUE;
  private int sickUntil = Integer.MAX_VALUE;
  private int healthyEvery = 20;
  private int inForce;
  private int sweeps;
  private int runs;
  private Runnable during = () -> {};
  private Runnable sweeping = () -> {};
  private Optional<BooleanSupplier> steady = Optional.empty();
  private BlastRadius radius = BlastRadius.DEFAULT;

  private Observation seen(int status) {
    return new Observation(
        "GET /",
        Observation.Reply.of(status, Duration.ofMillis(50)),
        List.of(),
        Optional.empty(),
        List.of(),
        List.of(),
        time.instant());
  }

  private Observation attempt(FaultPlan plan) throws TargetFailed, InterruptedException {
    runs++;
    if (runs >= failFrom && runs < (long) failFrom + failFor) {
      throw new TargetFailed("the executor is away");
    }
    tried.add(plan);
    inForce++;
    try {
      for (long left = length.toMillis(); left > 0; left -= 50) {
        time.sleep(Duration.ofMillis(50).toNanos());
        during.run();
      }
    } finally {
      inForce--;
    }
    if (plan.size() == 0 && tried.size() >= sickFrom && tried.size() < sickUntil) {
      return seen(500);
    }
    boolean breaks = plan.faults().stream().anyMatch(fault -> fault.toString().contains("507"));
    return seen(breaks ? 500 : 200);
  }

  /** Tries statuses upwards, and says what fails. */
  private static final class Upwards implements Search {
    private int next = 500;

    @Override
    public Optional<Proposal> next() {
      if (next > 599) {
        return Optional.empty();
      }
      FaultPlan plan = FaultPlan.of(Fault.at(EDGE, new Effect.Abort(next)));
      return Optional.of(new Proposal(plan, "upwards", Map.of("status", next)));
    }

    @Override
    public Insight saw(int number, Observation observation, Score score) {
      next++;
      return score.bug() >= 10 ? new Insight(Optional.of("it broke"), true) : Insight.HELD;
    }

    @Override
    public void failed(int number) {
      next++;
    }

    @Override
    public List<Defect> defects() {
      return next <= 508
          ? List.of()
          : List.of(
              new Defect(
                  "it broke",
                  FaultPlan.of(Fault.at(EDGE, new Effect.Abort(507))),
                  8,
                  Optional.empty()));
    }
  }

  private static Probe probe(BooleanSupplier holds) {
    return new Probe() {
      @Override
      public String name() {
        return "orders";
      }

      @Override
      public Finding check() {
        return new Finding(holds.getAsBoolean(), "as told");
      }
    };
  }

  private final class Shop implements Experiment {
    @Override
    public void sweep() throws InterruptedException {
      sweeping.run();
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      sweeps++;
    }

    @Override
    public Target target() {
      return SessionsTest.this::attempt;
    }

    @Override
    public GuardedTarget.Bounds bounds() {
      GuardSettings settings = GuardSettings.DEFAULT;
      return new GuardedTarget.Bounds(
          radius,
          new GuardSettings(
              settings.every(),
              settings.recovery(),
              settings.breaches(),
              settings.trial(),
              healthyEvery));
    }

    @Override
    public List<Probe> probes() {
      return steady.map(SessionsTest::probe).stream().toList();
    }

    @Override
    public int healthyRuns() {
      return 3;
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

  private Sessions sessions(java.util.concurrent.Executor threads) {
    Experiments experiments =
        (id, spec) -> {
          if (!spec.service().equals("shop")) {
            throw new IllegalArgumentException("there is no service " + spec.service());
          }
          return new Shop();
        };
    return new Sessions(
        experiments, store, new Sessions.Settings(2, Duration.ofDays(7), 100), time, threads);
  }

  /** Carried out before the call returns. */
  private Sessions atOnce() {
    return sessions(Runnable::run);
  }

  @Test
  void makesItsTrialsAndSaysWhatItFound() {
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.note().stop()).contains("all 20 trials are done");
    assertThat(view.progress().done()).isEqualTo(20);
    SessionView.Scores scores = view.progress().scores().orElseThrow();
    assertThat(scores.best().number()).isEqualTo(8);
    assertThat(scores.worst()).isZero();
    assertThat(view.defects()).extracting(Defect::signature).containsExactly("it broke");
    assertThat(tried.subList(0, 3)).containsOnly(FaultPlan.NONE);
    assertThat(sessions.trials(id)).extracting(Trial::number).startsWith(1, 2, 3).hasSize(20);
    assertThat(sweeps).isEqualTo(2);
  }

  @Test
  void aDryRunSaysWhatWouldBeTriedAndTriesNothing() throws Exception {
    Sessions sessions = atOnce();

    DryRun dry = sessions.dryRun(SPEC, 5);

    assertThat(tried).containsExactly(FaultPlan.NONE);
    assertThat(sweeps).isZero();
    assertThat(sessions.list()).isEmpty();
    assertThat(dry.asked()).contains("GET /");
    assertThat(dry.steps()).hasSize(5);
    assertThat(dry.steps().getFirst().proposal().plan())
        .isEqualTo(FaultPlan.of(Fault.at(EDGE, new Effect.Abort(500))));
    assertThat(dry.steps().getFirst().refusal()).isEmpty();
    assertThat(dry.steps().getFirst().policy().rules()).hasSize(1);
    assertThat(dry.longest()).isEqualTo(Duration.ofMinutes(20));
  }

  private static List<Entry.Looked> looks(Sessions sessions, String id) {
    return sessions.entries(id).stream()
        .filter(Entry.Looked.class::isInstance)
        .map(Entry.Looked.class::cast)
        .toList();
  }

  @Test
  void theSystemIsLookedAtWithoutAFaultFromTimeToTime() {
    healthyEvery = 6;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    assertThat(looks(sessions, id)).extracting(Entry.Looked::after).containsExactly(6, 12, 18);
    assertThat(tried.get(3 + 6)).isEqualTo(FaultPlan.NONE);
    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.progress().done()).isEqualTo(20);
    assertThat(view.progress().looks())
        .isEqualTo(new SessionView.Looks(3, 0, Duration.ofSeconds(6)));
  }

  @Test
  void nobodyLooksWhereThatIsNotWanted() {
    healthyEvery = 0;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    assertThat(looks(sessions, id)).isEmpty();
    assertThat(tried).hasSize(23);
  }

  @Test
  void aSystemThatFailsByItselfIsNoDefectAndIsWaitedFor() {
    healthyEvery = 6;
    sickFrom = 4;
    sickUntil = 3 + 6 + 4;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    assertThat(looks(sessions, id))
        .extracting(look -> look.after() + (look.broken().isPresent() ? " sick" : ""))
        .containsExactly("6 sick", "6 sick", "6 sick", "6", "12", "18");
    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.progress().done()).isEqualTo(20);
    assertThat(view.progress().looks().broken()).isEqualTo(3);
    assertThat(view.defects()).extracting(Defect::signature).containsExactly("it broke");
    assertThat(view.note().pause()).isEmpty();
    List<String> safety =
        sessions.entries(id).stream()
            .filter(Entry.Safety.class::isInstance)
            .map(entry -> ((Entry.Safety) entry).entry())
            .map(entry -> entry.kind() + " " + entry.detail())
            .toList();
    assertThat(safety).hasSize(4);
    assertThat(safety.getFirst()).startsWith("PAUSED the system fails without a fault: GET /");
    assertThat(safety.getLast()).isEqualTo("RECOVERED it holds without a fault again");
  }

  @Test
  void aSystemThatStaysSickCostsTimeAndNoTrials() {
    healthyEvery = 6;
    sickFrom = 4;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.note().stop()).contains("the time budget of 600s is spent");
    assertThat(view.progress().done()).isEqualTo(6);
    assertThat(view.progress().looks().made()).isBetween(10, 30);
  }

  @Test
  void lookingIsRememberedAcrossARestart(@TempDir Path folder) throws Exception {
    healthyEvery = 4;
    try (FileSessionStore files = new FileSessionStore(folder)) {
      store = files;
      Sessions sessions = atOnce();
      during =
          () -> {
            if (tried.size() == 3 + 4 + 1 + 1) {
              sessions.close();
            }
          };
      String id = sessions.start(SPEC).id();
      assertThat(sessions.view(id).orElseThrow().progress().looks().made()).isEqualTo(1);

      during = () -> {};
      Sessions again = atOnce();
      again.resume();

      assertThat(looks(again, id)).extracting(Entry.Looked::after).containsExactly(4, 8, 12, 16);
      assertThat(again.view(id).orElseThrow().progress().done()).isEqualTo(20);
    }
  }

  @Test
  void theTimeBudgetEndsIt() {
    length = Duration.ofSeconds(50);
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.note().stop()).contains("the time budget of 600s is spent");
    assertThat(view.progress().done()).isEqualTo(9);
  }

  @Test
  void theTimeBudgetEndsItAlsoWhileTheGuardWaits() {
    steady = Optional.of(() -> tried.size() < 8);
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.note().stop()).get().asString().startsWith("the time budget of 600s is spent");
    assertThat(time.passed()).isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
  }

  @Test
  void aStopJustBeforeTheGuardWaitsIsHeard() {
    steady = Optional.of(() -> tried.size() < 8);
    Sessions sessions = sessions(Runnable::run);
    List<Duration> stopped = new ArrayList<>();
    during =
        () -> {
          if (tried.size() == 8 && stopped.isEmpty()) {
            stopped.add(time.passed());
            assertThat(sessions.list().getFirst().note().pause()).isEmpty();
            var unused = sessions.stop(sessions.list().getFirst().id(), "enough");
          }
        };

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.note().stop()).get().asString().startsWith("stopped: enough");
    assertThat(time.passed().minus(stopped.getFirst())).isLessThan(Duration.ofSeconds(30));
  }

  @Test
  void aSystemThatTheLastTrialLeftBrokenIsToldSo() {
    steady = Optional.of(() -> tried.size() < 23 || inForce > 0);
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    assertThat(sessions.view(id).orElseThrow().note().stop())
        .contains("all 20 trials are done; not steady: orders: as told");
  }

  @Test
  void aSystemThatFailsFromTheStartIsNotSearched() {
    sickFrom = 0;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.FAILED);
    assertThat(view.note().stop())
        .get()
        .asString()
        .startsWith("the system fails without a fault, 3 of 3 times: GET /: ")
        .endsWith("mend it, or ask it for what holds");
    assertThat(view.progress().done()).isZero();
  }

  @Test
  void aWindowThatIsShutIsWaitedForAndCostsNoTrial() {
    LocalTime now = LocalTime.ofInstant(time.instant(), ZoneOffset.UTC);
    TimeWindow later = new TimeWindow(Set.of(), now.plusMinutes(3), now.plusMinutes(8));
    radius = new BlastRadius(Set.of(), 5, BlastRadius.Limits.DEFAULT, List.of(), List.of(later));
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.note().stop()).contains("all 20 trials are done");
    assertThat(view.progress().failed()).isZero();
    assertThat(time.passed()).isGreaterThan(Duration.ofMinutes(3));
  }

  @Test
  void aSpaceThatIsExhaustedEndsIt() {
    SessionSpec many = new SessionSpec("shop", "{}", 1_000, Duration.ofHours(1), 1);
    Sessions sessions = atOnce();

    String id = sessions.start(many).id();

    assertThat(sessions.view(id).orElseThrow().note().stop())
        .contains("all there was to try has been tried");
    assertThat(sessions.trials(id)).hasSize(100);
  }

  @Test
  void aStopLetsTheTrialThatRunsComeToItsEnd() {
    Sessions sessions = sessions(Runnable::run);
    List<SessionState> states = new ArrayList<>();
    during =
        () -> {
          if (tried.size() == 8 && states.isEmpty()) {
            String id = sessions.list().getFirst().id();
            states.add(sessions.stop(id, "enough").orElseThrow().state());
          }
        };

    String id = sessions.start(SPEC).id();

    assertThat(states).containsExactly(SessionState.STOPPING);
    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.note().stop()).contains("stopped: enough");
    assertThat(view.progress().done()).isEqualTo(5);
    assertThatThrownBy(() -> sessions.stop(id, ""))
        .isInstanceOfSatisfying(
            StateException.class,
            over -> assertThat(over.state()).isEqualTo(SessionState.COMPLETED));
  }

  @Test
  void anAbortTakesTheFaultsBackAtOnce() {
    Sessions sessions = sessions(Runnable::run);
    List<Duration> asked = new ArrayList<>();
    during =
        () -> {
          if (tried.size() == 8 && asked.isEmpty()) {
            asked.add(time.passed());
            sessions.abort(sessions.list().getFirst().id(), "");
          }
        };

    String id = sessions.start(SPEC).id();

    assertThat(time.passed().minus(asked.getFirst())).isLessThan(Duration.ofSeconds(1));
    assertThat(inForce).isZero();
    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.note().stop()).contains("aborted");
    assertThat(view.progress().done()).isEqualTo(4);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void theLastSweepGoesOnHoweverOftenItIsInterrupted() {
    int[] interruptions = {0};
    sweeping =
        () -> {
          if (tried.size() == 23 && interruptions[0]++ < 3) {
            Thread.currentThread().interrupt();
          }
        };

    String id = atOnce().start(SPEC).id();

    assertThat(interruptions[0]).isEqualTo(4);
    assertThat(sweeps).isEqualTo(2);
    assertThat(store.load(id)).isPresent();
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void aTrialThatCannotBeMadeCountsAndIsNotScored() {
    failFrom = 10;
    failFor = 2;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.progress().done()).isEqualTo(20);
    assertThat(view.progress().failed()).isEqualTo(2);
  }

  @Test
  void anExecutorThatStaysAwayFailsTheSession() {
    failFrom = 10;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.FAILED);
    assertThat(view.note().stop())
        .contains("no trial could be made 5 times in a row: the executor is away");
    assertThat(view.progress().failed()).isEqualTo(5);
  }

  @Test
  void aSystemThatIsNotThereAtFirstFailsTheSession() {
    failFrom = 1;
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    assertThat(sessions.view(id).orElseThrow().note().stop())
        .contains("the healthy system could not be tried 5 times in a row: the executor is away");
  }

  @Test
  void theTimeThatIsLeftIsThatOfTheLastTrials() {
    Sessions sessions = sessions(Runnable::run);
    List<Optional<Duration>> left = new ArrayList<>();
    during =
        () -> {
          if (tried.size() == left.size() + 4) {
            left.add(sessions.list().getFirst().progress().left());
          }
        };

    SessionView end = sessions.view(sessions.start(SPEC).id()).orElseThrow();

    assertThat(left.getFirst()).isEmpty();
    assertThat(left.get(1)).contains(Duration.ofSeconds(38));
    assertThat(left.get(10)).contains(Duration.ofSeconds(20));
    assertThat(end.progress().left()).isEmpty();
  }

  @Test
  void moreThanMayBeAtWorkAreRefused() {
    List<Runnable> waiting = new ArrayList<>();
    Sessions sessions = sessions(waiting::add);
    sessions.start(SPEC);
    sessions.start(SPEC);

    assertThatThrownBy(() -> sessions.start(SPEC))
        .isInstanceOf(BusyException.class)
        .hasMessageContaining("2 sessions");
    waiting.forEach(Runnable::run);
    assertThat(sessions.start(SPEC).state()).isEqualTo(SessionState.PENDING);
  }

  @Test
  void whatCannotBeIsRefusedAndLeavesNothing() {
    Sessions sessions = atOnce();

    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> sessions.start(new SessionSpec("other", "{}", 1, Duration.ofMinutes(1), 1)))
        .withMessage("there is no service other");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionSpec("Shop!", "{}", 1, Duration.ofMinutes(1), 1))
        .withMessageContaining("service_name");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionSpec("shop", "{}", 0, Duration.ofMinutes(1), 1))
        .withMessage("max_trials must be in 1..1000, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new SessionSpec("shop", "{}", 1, Duration.ofSeconds(59), 1))
        .withMessage("time_budget_sec must be in 60..86400, was 59");
    assertThat(store.load()).isEmpty();
    assertThat(sessions.stop("none", "")).isEmpty();
    assertThat(sessions.view("none")).isEmpty();
  }

  @Test
  void onlyMovesForward() {
    for (SessionState from : SessionState.values()) {
      assertThat(from.mayBecome(from)).isFalse();
      assertThat(from.mayBecome(SessionState.PENDING)).isFalse();
      if (from.isOver()) {
        assertThat(SessionState.values()).noneMatch(from::mayBecome);
      }
    }
    SessionLog log = new SessionLog("a", SPEC, Instant.EPOCH, new MemorySessionStore());
    assertThatThrownBy(() -> log.move(SessionState.COMPLETED, Instant.EPOCH, ""))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("PENDING does not become COMPLETED");
  }

  @Test
  void watchersHearOfEachTrial() {
    List<Runnable> waiting = new ArrayList<>();
    Sessions sessions = sessions(waiting::add);
    String id = sessions.start(SPEC).id();
    List<Entry> heard = new ArrayList<>();
    try (Followed followed = sessions.follow(id).orElseThrow()) {
      followed.watch(heard::add);

      waiting.getFirst().run();

      assertThat(heard).isEqualTo(sessions.entries(id)).isEqualTo(followed.entries(0));
      assertThat(heard.stream().filter(Entry.Done.class::isInstance)).hasSize(20);
      assertThat(followed.isOver()).isTrue();
    }
  }

  @Test
  void ofManySessionsThatAreOverOnlyTheLastAreKeptAtHand() {
    SessionSpec brief = new SessionSpec("shop", "{}", 1, Duration.ofMinutes(10), 1);
    List<String> read = new ArrayList<>();
    SessionStore inner = store;
    store = reading(inner, read::add);
    Sessions sessions = atOnce();
    List<String> ids = new ArrayList<>();
    for (int i = 0; i <= HeldSessions.MOST_OPEN; i++) {
      ids.add(sessions.start(brief).id());
    }

    assertThat(sessions.list()).hasSize(ids.size());
    assertThat(sessions.trials(ids.getLast())).hasSize(1);
    assertThat(read).isEmpty();
    assertThat(sessions.trials(ids.getFirst())).hasSize(1);
    assertThat(sessions.entries(ids.getFirst()))
        .isEqualTo(inner.load(ids.getFirst()).orElseThrow().entries());
    assertThat(read).containsExactly(ids.getFirst());
  }

  /** Tells before a session is read. */
  private static SessionStore reading(SessionStore inner, Consumer<String> before) {
    return new SessionStore() {
      @Override
      public void create(String id, SessionSpec spec, Instant at) {
        inner.create(id, spec, at);
      }

      @Override
      public void append(String id, Entry entry) {
        inner.append(id, entry);
      }

      @Override
      public List<String> ids() {
        return inner.ids();
      }

      @Override
      public Optional<Saved> load(String id) {
        before.accept(id);
        return inner.load(id);
      }

      @Override
      public boolean claim(String id) {
        return !id.equals("theirs");
      }

      @Override
      public void remove(String id) {
        inner.remove(id);
      }
    };
  }

  @Test
  void nobodyWaitsWhileTheSessionOfAnotherIsRead() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch read = new CountDownLatch(1);
    boolean[] slow = {false};
    store.create("theirs", SPEC, time.instant());
    store =
        reading(
            store,
            id -> {
              if (slow[0]) {
                reading.countDown();
                awaitUninterruptibly(read);
              }
            });
    Sessions sessions = atOnce();
    sessions.resume();
    time.advance(Duration.ofSeconds(2));
    slow[0] = true;
    Thread slowly = Thread.ofPlatform().start(() -> sessions.view("theirs"));
    assertThat(reading.await(20, TimeUnit.SECONDS)).isTrue();

    assertThat(sessions.list()).extracting(SessionView::id).containsExactly("theirs");

    read.countDown();
    slowly.join();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopped) {
      throw new AssertionError(stopped);
    }
  }

  // After a crash.

  @TempDir Path folder;

  /** What is written is written; the process is gone in the middle of a trial. */
  private static final class Crash extends Error {
    @java.io.Serial private static final long serialVersionUID = 1;
  }

  @Test
  void goesOnAfterACrashWhereverItCameAndLosesNoTrial() {
    for (int at = 1; at <= 23; at += 2) {
      Path home = folder.resolve("at" + at);
      int crash = at;
      tried.clear();
      during =
          () -> {
            if (tried.size() == crash) {
              throw new Crash();
            }
          };
      try (FileSessionStore files = new FileSessionStore(home)) {
        store = files;
        assertThatThrownBy(() -> atOnce().start(SPEC)).isInstanceOf(Crash.class);
      }
      during = () -> {};
      List<FaultPlan> before = List.copyOf(tried.subList(0, tried.size() - 1));
      tried.clear();
      sweeps = 0;
      List<FaultPlan> sweptBefore = new ArrayList<>();
      during =
          () -> {
            if (sweptBefore.isEmpty()) {
              assertThat(sweeps).as("swept before anything is tried").isEqualTo(1);
              sweptBefore.add(FaultPlan.NONE);
            }
          };
      try (FileSessionStore files = new FileSessionStore(home)) {
        store = files;
        Sessions sessions = atOnce();
        sessions.resume();
        SessionView view = sessions.list().getFirst();
        assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
        assertThat(view.progress().done()).isEqualTo(20);
        List<FaultPlan> all = new ArrayList<>(before);
        all.addAll(tried);
        assertThat(all).as("each once, but the one that the crash cut").hasSize(23);
        assertThat(sessions.trials(view.id()).stream().map(one -> one.proposal().plan()))
            .containsExactlyElementsOf(all.subList(3, 23));
      }
    }
  }

  @Test
  void whatIsReadAgainIsWhatWasWritten() {
    try (FileSessionStore files = new FileSessionStore(folder)) {
      store = files;
      Sessions sessions = atOnce();
      String id = sessions.start(SPEC).id();

      SessionStore.Saved saved = files.load().getFirst();

      assertThat(saved.spec()).isEqualTo(SPEC);
      assertThat(saved.entries()).isEqualTo(sessions.entries(id));
      files.remove(id);
      assertThat(files.load()).isEmpty();
    }
  }

  @Test
  void aLineThatACrashHasCutIsTakenAway() throws IOException {
    try (FileSessionStore files = new FileSessionStore(folder)) {
      files.create("a", SPEC, Instant.EPOCH);
      files.append("a", new Entry.Moved(SessionState.RUNNING, Instant.EPOCH, ""));
    }
    Path journal = folder.resolve("a").resolve("journal.jsonl");
    Files.writeString(
        journal, "{\"event\":\"state\",\"at\"", StandardCharsets.UTF_8, StandardOpenOption.APPEND);

    try (FileSessionStore files = new FileSessionStore(folder)) {
      assertThat(files.load().getFirst().entries()).hasSize(1);
      files.append("a", new Entry.Moved(SessionState.COMPLETED, Instant.EPOCH, "done"));
      assertThat(files.load().getFirst().entries()).hasSize(2);
    }
  }

  @Test
  void whatCannotBeReadIsLeftOut() throws IOException {
    try (FileSessionStore files = new FileSessionStore(folder)) {
      files.create("a", SPEC, Instant.EPOCH);
      files.create("b", SPEC, Instant.EPOCH.plusSeconds(1));
      Files.writeString(folder.resolve("a").resolve("session.json"), "{}");

      assertThat(files.load()).extracting(SessionStore.Saved::id).containsExactly("b");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> files.create("../c", SPEC, Instant.EPOCH));
      assertThatIllegalArgumentException().isThrownBy(() -> files.create("b", SPEC, Instant.EPOCH));
    }
  }

  /** Remembers what is written, after something else has happened. */
  private static SessionStore writing(BiConsumer<String, Entry> before) {
    return new SessionStore() {
      private final SessionStore inner = new MemorySessionStore();

      @Override
      public void create(String id, SessionSpec spec, Instant at) {
        inner.create(id, spec, at);
      }

      @Override
      public void append(String id, Entry entry) {
        before.accept(id, entry);
        inner.append(id, entry);
      }

      @Override
      public List<String> ids() {
        return inner.ids();
      }

      @Override
      public Optional<Saved> load(String id) {
        return inner.load(id);
      }

      @Override
      public void remove(String id) {
        inner.remove(id);
      }
    };
  }

  @Test
  void aFullDiskFailsTheSessionAndLeavesNoFault() {
    int[] written = {0};
    store =
        writing((id, entry) -> {
          if (++written[0] > 10) {
            throw new UncheckedIOException(new IOException("No space left on device"));
          }
        });
    Sessions sessions = atOnce();

    String id = sessions.start(SPEC).id();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.FAILED);
    assertThat(view.note().stop().orElseThrow()).contains("No space left on device");
    assertThat(inForce).isZero();
    assertThat(sweeps).isEqualTo(2);
  }

  @Test
  void whatEndedLongAgoIsForgotten() {
    atOnce().start(SPEC);
    Sessions later = atOnce();
    later.resume();
    assertThat(later.list()).hasSize(1);

    time.advance(Duration.ofDays(8));
    Sessions muchLater = atOnce();
    muchLater.resume();

    assertThat(muchLater.list()).isEmpty();
    assertThat(store.load()).isEmpty();
  }

  @Test
  void whatEndedLongAgoIsForgottenWhenAnotherBegins() {
    Sessions sessions = atOnce();
    String old = sessions.start(SPEC).id();

    time.advance(Duration.ofDays(8));
    String fresh = sessions.start(SPEC).id();

    assertThat(sessions.view(old)).isEmpty();
    assertThat(store.load()).extracting(SessionStore.Saved::id).containsExactly(fresh);
  }

  @Test
  void whatWasFoundIsKnownWhenTheSessionIsOnlyReadAgain() {
    try (FileSessionStore files = new FileSessionStore(folder)) {
      store = files;
      String id = atOnce().start(SPEC).id();
      Sessions later = atOnce();

      later.resume();

      assertThat(later.view(id).orElseThrow().defects())
          .hasSize(1)
          .allSatisfy(defect -> {
            assertThat(defect.signature()).isEqualTo("it broke");
            assertThat(defect.found().faults()).hasSize(1);
            assertThat(defect.minimal()).isEmpty();
          });
    }
  }

  @Test
  void whatTheGuardOfAnEarlierProcessWaitedForIsNotWaitedForNow() throws Exception {
    try (FileSessionStore files = new FileSessionStore(folder)) {
      store = files;
      boolean[] sick = {false};
      steady = Optional.of(() -> !sick[0]);
      during = () -> sick[0] = tried.size() == 8;
      Sessions[] first = new Sessions[1];
      first[0] =
          sessions(task -> {
            time.after(Duration.ofMinutes(1).toNanos(), Runnable::run, () -> first[0].close());
            task.run();
          });
      String id = first[0].start(SPEC).id();
      assertThat(first[0].view(id).orElseThrow().note().pause()).isPresent();
      sick[0] = false;
      List<Optional<String>> pauses = new ArrayList<>();
      Sessions again = atOnce();
      during = () -> pauses.add(again.list().getFirst().note().pause());

      again.resume();

      assertThat(pauses).isNotEmpty().allSatisfy(pause -> assertThat(pause).isEmpty());
    }
  }

  @Test
  void aSessionEndsOnceWhenItIsStoppedAsItEnds() throws Exception {
    List<Thread> stops = new ArrayList<>();
    Sessions[] sessions = new Sessions[1];
    store =
        writing((id, entry) -> {
          if (entry instanceof Entry.Moved moved && moved.state() == SessionState.COMPLETED) {
            Thread late = Thread.ofPlatform().start(() -> stopLate(sessions[0], id));
            stops.add(late);
            while (late.isAlive() && late.getState() != Thread.State.WAITING) {
              Thread.onSpinWait();
            }
          }
        });
    sessions[0] = atOnce();

    String id = sessions[0].start(SPEC).id();

    for (Thread stop : stops) {
      stop.join();
    }
    assertThat(stops).hasSize(1);
    assertThat(sessions[0].view(id).orElseThrow().state()).isEqualTo(SessionState.COMPLETED);
    assertThat(store.load().getFirst().entries().getLast())
        .isInstanceOfSatisfying(
            Entry.Moved.class, last -> assertThat(last.state()).isEqualTo(SessionState.COMPLETED));
  }

  private static void stopLate(Sessions sessions, String id) {
    assertThatThrownBy(() -> sessions.stop(id, "late")).isInstanceOf(StateException.class);
  }

  @Test
  void haltAbortsWhateverIsAtWork() {
    List<Runnable> waiting = new ArrayList<>();
    Sessions sessions = sessions(waiting::add);
    String id = sessions.start(SPEC).id();

    sessions.halt("halted");
    waiting.getFirst().run();

    SessionView view = sessions.view(id).orElseThrow();
    assertThat(view.state()).isEqualTo(SessionState.COMPLETED);
    assertThat(view.progress().done()).isZero();
    sessions.halt("again");
  }
}
