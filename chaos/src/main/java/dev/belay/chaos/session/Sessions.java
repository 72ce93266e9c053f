package dev.belay.chaos.session;

import dev.belay.Check;
import dev.belay.Time;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.TargetFailed;
import dev.belay.chaos.export.Reproducer;
import dev.belay.chaos.session.HeldSessions.Held;
import dev.belay.chaos.trace.ServiceMap;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
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
    for (String id : store.ids()) { // one by one: all of them together may not fit into the memory
      store.load(id).ifPresent(saved -> resume(SessionLog.of(saved, store)));
    }
  }

  private void resume(SessionLog log) {
    if (log.state().isOver()) {
      keep(log);
    } else if (store.claim(log.id())) {
      log.catchUp(); // more may have been written before the claim
      if (log.state().isOver()) {
        keep(log);
      } else {
        goOn(log);
      }
    } else {
      LOG.info("session {} is another server's", log.id());
      sessions.holdOthers(log);
    }
  }

  private void keep(SessionLog log) {
    if (isOld(log.view(Duration.ZERO))) {
      store.remove(log.id());
    } else {
      sessions.holdOver(log);
    }
  }

  private boolean isOld(SessionView view) {
    Instant end = view.times().completed().orElse(view.times().updated());
    return end.plus(settings.keep()).isBefore(time.instant());
  }

  /** Those that ended long ago; else a server that is never restarted would keep them all. */
  private void forgetOld() {
    for (SessionView view : sessions.views()) {
      if (view.state().isOver() && isOld(view)) {
        sessions.drop(view.id());
        store.remove(view.id());
      }
    }
  }

  private void goOn(SessionLog log) {
    try {
      Session session = new Session(log, experiments.open(log.id(), log.spec()), time, threads);
      sessions.hold(session);
      work(session);
      LOG.info("session {} goes on after trial {}", log.id(), log.trials().size());
    } catch (IllegalArgumentException gone) {
      log.move(
          SessionState.FAILED,
          time.instant(),
          "it cannot go on with the settings of now: " + gone.getMessage());
      sessions.holdOver(log);
    }
  }

  /** What a session works with is let go when it is over. */
  private void work(Session session) {
    threads.execute(() -> {
      try {
        session.run();
      } finally {
        sessions.holdOver(session.log());
      }
    });
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
      experiment.check();
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
      experiment.check();
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
    Optional<SessionView> view = sessions.view(id);
    if (view.isEmpty()) {
      return Optional.empty();
    }
    try (Experiment experiment = experiments.open(id, view.get().spec())) {
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
    work(session);
    return view;
  }

  /** The services that a session can be of, as far as they are known. */
  public List<String> services() {
    return experiments.services();
  }

  /**
   * Who calls whom in a system, as far as that is known before it is asked; none if it is not.
   *
   * @throws dev.belay.chaos.wire.WireException if what should tell it cannot be read
   */
  public Optional<ServiceMap> map(String service) {
    return experiments.map(service);
  }

  /** Why none could put a fault in force now; empty if one could, as far as is known. */
  public Optional<String> unavailable() {
    return experiments.unavailable();
  }

  /** How a session stands. */
  public Optional<SessionView> view(String id) {
    return sessions.view(id);
  }

  /** All sessions, newest first. */
  public List<SessionView> list() {
    return sessions.views().stream()
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
    return sessions.log(id).map(SessionLog::trials).orElse(List.of());
  }

  /** The journal of a session, in order; empty if there is no such session. */
  public List<Entry> entries(String id) {
    return sessions.log(id).map(SessionLog::entries).orElse(List.of());
  }

  /** A session to be followed; nothing if there is no such session. Reads what it has to here. */
  public Optional<Followed> follow(String id) {
    Consumer<Followed> reading = isOthers(id) ? this::readLater : none -> {};
    return sessions.log(id).map(log -> new Followed(log, reading));
  }

  private boolean isOthers(String id) {
    return sessions.find(id, HeldSessions.REREAD).orElse(null) instanceof Held.Others;
  }

  /** Somebody has to ask what others do, or their followers would hear nothing. */
  private void readLater(Followed followed) {
    Time.Timer unused =
        time.after(
            HeldSessions.REREAD.toNanos(),
            threads,
            () -> {
              if (!followed.isClosed() && isOthers(followed.id())) {
                readLater(followed);
              }
            });
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
    Optional<Held> held = sessions.find(id, Duration.ZERO);
    held.ifPresent(one -> {
      switch (one) {
        case Held.Ours ours -> how.accept(ours.session());
        case Held.Others others ->
            throw new StateException(
                others.log().state(), "another server works at this session; ask that one");
        case Held.Over over ->
            throw new StateException(over.view().state(), "the session has ended already");
      }
    });
    return held.map(Held::view);
  }

  /** Aborts all sessions that are at work. */
  public void halt(String reason) {
    for (Session session : sessions.working()) {
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
    List<Session> working = sessions.working();
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
