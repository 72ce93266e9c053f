package dev.belay.chaos.session;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.session.HeldSessions.Held;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions: takes them, carries them out beside each other, and shows them. Safe for any number
 * of threads.
 */
public final class Sessions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final Experiments experiments;
  private final SessionStore store;
  private final Settings settings;
  private final Time time;
  private final Executor threads;
  private final HeldSessions sessions;

  /**
   * How many, and how long.
   *
   * @param most how many may be at work together; 1 to 1,000
   * @param keep how long one that is over is kept; 1 minute to 10 years
   * @param trials how many trials one has if whoever starts it does not say; 1 to 1,000
   */
  public record Settings(int most, Duration keep, int trials) {
    /** Sixteen, for seven days, a hundred trials. */
    public static final Settings DEFAULT =
        new Settings(16, Duration.ofDays(7), SessionSpec.DEFAULT_TRIALS);

    public Settings {
      Check.that(most >= 1 && most <= 1_000, "max_sessions must be in 1..1000, was %d", most);
      Check.that(
          keep.compareTo(Duration.ofMinutes(1)) >= 0 && keep.compareTo(Duration.ofDays(3_653)) <= 0,
          "retention must be in 1m..3653d, was %s",
          keep);
      Check.that(trials >= 1 && trials <= 1_000, "max_trials must be in 1..1000, was %d", trials);
    }
  }

  /** How many, and how long. */
  public Settings settings() {
    return settings;
  }

  /**
   * No session yet; {@link #resume} takes those of the store.
   *
   * @param threads runs each session, and its probes, on a thread of its own
   */
  public Sessions(
      Experiments experiments, SessionStore store, Settings settings, Time time, Executor threads) {
    this.experiments = experiments;
    this.store = store;
    this.settings = settings;
    this.time = time;
    this.threads = threads;
    this.sessions = new HeldSessions(store, time);
  }

  /**
   * Takes the sessions that the store remembers, and goes on with those that had not ended. Those
   * that ended long ago are forgotten, and those that another process works at are only shown.
   */
  public void resume() {
    for (SessionStore.Saved saved : store.load()) {
      SessionLog log = SessionLog.of(saved, store);
      if (log.state().isOver()) {
        keep(log);
      } else if (store.claim(saved.id())) {
        // more may have been written before the claim
        SessionLog now =
            store.load(saved.id()).map(again -> SessionLog.of(again, store)).orElse(log);
        if (now.state().isOver()) {
          keep(now);
        } else {
          goOn(now);
        }
      } else {
        LOG.info("session {} is another server's", saved.id());
        sessions.holdOthers(log);
      }
    }
  }

  private void keep(SessionLog log) {
    if (isOld(log.view(Duration.ZERO))) {
      store.remove(log.id());
    } else {
      sessions.hold(Held.over(log));
    }
  }

  private boolean isOld(SessionView view) {
    Instant end = view.times().completed().orElse(view.times().updated());
    return end.plus(settings.keep()).isBefore(time.instant());
  }

  /** Those that ended long ago; else a server that is never restarted would keep them all. */
  private void forgetOld() {
    for (Held held : sessions.all()) {
      SessionView view = held.view();
      if (view.state().isOver() && isOld(view)) {
        sessions.drop(view.id());
        store.remove(view.id());
      }
    }
  }

  private void goOn(SessionLog log) {
    try {
      Session session = new Session(log, experiments.open(log.id(), log.spec()), time, threads);
      sessions.hold(Held.ours(session));
      threads.execute(session);
      LOG.info("session {} goes on after trial {}", log.id(), log.trials().size());
    } catch (IllegalArgumentException gone) {
      log.move(
          SessionState.FAILED,
          time.instant(),
          "it cannot go on with the settings of now: " + gone.getMessage());
      sessions.hold(Held.over(log));
    }
  }

  /**
   * Takes a session and begins it. Those that ended long ago are forgotten.
   *
   * @return how it stands, with its id
   * @throws IllegalArgumentException if it cannot be carried out as it is asked for
   * @throws BusyException if there are as many at work as there may be
   * @throws java.io.UncheckedIOException if it cannot be written down
   */
  public SessionView start(SessionSpec spec) {
    String id = UUID.randomUUID().toString();
    Experiment experiment = experiments.open(id, spec);
    try {
      Check.that(
          spec.parallel() <= experiment.mostParallel(),
          "parallel_trials must be in 1..%d where %s, was %d",
          experiment.mostParallel(),
          "faults of one trial cannot be kept from the requests of others",
          spec.parallel());
      return begin(id, spec, experiment);
    } catch (RuntimeException refused) {
      experiment.close();
      throw refused;
    }
  }

  /**
   * What a session would try, without trying it.
   *
   * @param most how many plans at the most
   * @throws IllegalArgumentException if it cannot be carried out as it is asked for
   * @throws TargetFailed if the healthy system could not be asked
   */
  public DryRun dryRun(SessionSpec spec, int most) throws TargetFailed, InterruptedException {
    try (Experiment experiment = experiments.open("dry-run", spec)) {
      return DryRun.of(experiment, spec, most, time.instant());
    }
  }

  /**
   * What it takes to see a failure under a plan once more.
   *
   * @return nothing if there is no such session, or if only this process can ask its system
   * @throws IllegalArgumentException if its system is not known any more
   */
  public Optional<Reproducer> reproducer(String id, FaultPlan plan) {
    Optional<Held> held = sessions.find(id);
    if (held.isEmpty()) {
      return Optional.empty();
    }
    try (Experiment experiment = experiments.open(id, held.get().log().spec())) {
      return experiment.reproducer(plan);
    }
  }

  private SessionView begin(String id, SessionSpec spec, Experiment experiment) {
    forgetOld();
    Session session =
        sessions.add(
            settings.most(),
            () -> {
              Instant now = time.instant();
              store.create(id, spec, now);
              return new Session(new SessionLog(id, spec, now, store), experiment, time, threads);
            });
    SessionView view = session.view();
    threads.execute(session);
    return view;
  }

  /** The services that a session can be of, as far as they are known. */
  public List<String> services() {
    return experiments.services();
  }

  /** Why none could put a fault in force now; empty if one could, as far as is known. */
  public Optional<String> unavailable() {
    return experiments.unavailable();
  }

  /** How a session stands. */
  public Optional<SessionView> view(String id) {
    return sessions.find(id).map(Held::view);
  }

  /** All sessions, newest first. */
  public List<SessionView> list() {
    return sessions.all().stream()
        .map(Held::view)
        .sorted(
            Comparator.comparing((SessionView view) -> view.times().created())
                .reversed()
                .thenComparing(SessionView::id))
        .toList();
  }

  /**
   * The trials of a session that are over, in the order in which they ended; empty if there is no
   * such session.
   */
  public List<Trial> trials(String id) {
    return sessions.find(id).map(held -> held.log().trials()).orElse(List.of());
  }

  /** The journal of a session, in order; empty if there is no such session. */
  public List<Entry> entries(String id) {
    return sessions.find(id).map(held -> held.log().entries()).orElse(List.of());
  }

  /** The journal of a session from an index on, counted from 0; empty if there is nothing. */
  public List<Entry> entries(String id, int from) {
    return sessions.find(id).map(held -> held.log().entries(from)).orElse(List.of());
  }

  /**
   * Tells what happens in a session from now on.
   *
   * @param watcher must not block; what it is told may be in {@link #entries} already
   * @return ends it; nothing if there is no such session
   */
  public Optional<Runnable> watch(String id, Consumer<Entry> watcher) {
    return sessions.find(id).map(held -> held.log().watch(watcher));
  }

  /**
   * Lets the trial that runs come to its end, and then ends the session.
   *
   * @param reason for people; may be empty
   * @return how it stands; nothing if there is no such session
   * @throws StateException if it has ended
   */
  public Optional<SessionView> stop(String id, String reason) {
    return end(id, session -> session.stop(reason.isBlank() ? "stopped" : "stopped: " + reason));
  }

  /**
   * Takes the faults back at once and ends the session.
   *
   * @param reason for people; may be empty
   * @return how it stands; nothing if there is no such session
   * @throws StateException if it has ended
   */
  public Optional<SessionView> abort(String id, String reason) {
    return end(id, session -> session.abort(reason.isBlank() ? "aborted" : "aborted: " + reason));
  }

  private Optional<SessionView> end(String id, Consumer<Session> how) {
    @Nullable Held held = sessions.find(id).orElse(null);
    if (held == null) {
      return Optional.empty();
    }
    if (held.read().isPresent()) {
      throw new StateException(
          held.log().state(), "another server works at this session; ask that one");
    }
    if (held.session().isEmpty()) {
      throw new StateException(held.log().state(), "the session has ended already");
    }
    how.accept(held.session().get());
    return Optional.of(held.view());
  }

  /** Aborts all sessions that are at work. */
  public void halt(String reason) {
    for (Session session : sessions.ours()) {
      try {
        session.abort(reason);
      } catch (StateException over) {
        LOG.debug("session {} has ended by itself", session.log().id());
      }
    }
  }

  /**
   * Ends the work, and waits up to ten seconds until all faults are taken back; sessions that have
   * not ended go on when they are taken up again.
   */
  @Override
  public void close() {
    sessions.close();
    List<Session> working = sessions.ours();
    working.forEach(Session::suspend);
    try {
      long from = time.nanos();
      for (Session session : working) {
        Duration left = CLOSING.minusNanos(time.nanos() - from);
        if (!session.awaitEnd(left.isNegative() ? Duration.ZERO : left)) {
          LOG.warn(
              "session {} did not end in time; it is swept at the next start", session.log().id());
        }
      }
    } catch (InterruptedException hurried) {
      Thread.currentThread().interrupt();
    }
  }
}
