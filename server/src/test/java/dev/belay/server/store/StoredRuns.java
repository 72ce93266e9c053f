package dev.belay.server.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.belay.Time;
import dev.belay.VirtualTime;
import dev.belay.flow.Change;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Message;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.Request;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.journal.RunStoreContract;
import dev.belay.server.Processes;
import java.io.BufferedReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the runs of every database have to do alike. */
abstract class StoredRuns extends RunStoreContract {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final List<Sql> open = new ArrayList<>();

  /** An address of a database that the test has for itself. */
  abstract String url();

  @Override
  protected final RunStore empty() throws Exception {
    return new SqlRunStore(database("belay"), Time.system());
  }

  private Sql database(String instance) throws Exception {
    Sql sql = new Sql(Place.of(url()), instance, new Alarm());
    open.add(sql);
    sql.open();
    return sql;
  }

  @AfterEach
  void close() {
    open.forEach(Sql::close);
  }

  private static List<Change> changes(int count) {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; changes.size() < count; i++) {
      changes.add(task(RUN, "t" + i).in(TaskState.RUNNING, "so"));
      changes.add(attempt(RUN, "t" + i, 1));
      changes.add(new TaskResult(RUN, "t" + i, 0, "done"));
      changes.add(new Message(RUN, "t" + i, "claude", "hello", NOON));
    }
    return changes;
  }

  /** Counts transactions, and statements in and out of them. */
  private static final class Watched extends DelegatingTransactionHandler implements SqlLogger {
    final AtomicInteger transactions = new AtomicInteger();
    final AtomicInteger statements = new AtomicInteger();

    Watched() {
      super(LocalTransactionHandler.binding());
    }

    @Override
    public <R, X extends Exception> R inTransaction(Handle handle, HandleCallback<R, X> work)
        throws X {
      transactions.incrementAndGet();
      return super.inTransaction(handle, work);
    }

    @Override
    public void logAfterExecution(StatementContext context) {
      statements.incrementAndGet();
    }
  }

  @Test
  void manyChangesAreOneTransactionOfFewStatements() throws Exception {
    Sql sql = database("watched");
    RunStore runs = new SqlRunStore(sql, Time.system());
    runs.begin(run(RUN, NOON), "plan", List.of());
    Watched watched = new Watched();
    var jdbi = requireNonNull(sql.database()).jdbi();
    jdbi.setTransactionHandler(watched);
    jdbi.setSqlLogger(watched);

    runs.write(changes(1_000));

    assertThat(watched.transactions).hasValue(1);
    assertThat(watched.statements.get()).isBetween(1, 10);
    assertThat(runs.tasks(RUN)).hasSize(250);
    assertThat(runs.attempts(RUN)).hasSize(250);
    assertThat(runs.messages(RUN, "t249")).hasSize(1);
  }

  @Test
  void aWriteThatFailsHalfWayLeavesNothing() throws Exception {
    Sql sql = database("one");
    RunStore runs = new SqlRunStore(sql, Time.system());
    runs.begin(run(RUN, NOON), "plan", List.of());
    requireNonNull(sql.database())
        .jdbi()
        .useHandle(handle -> handle.execute("alter table belay_run_results rename to gone"));

    assertThatThrownBy(() -> runs.write(changes(8))).isInstanceOf(UncheckedIOException.class);

    assertThat(runs.tasks(RUN)).isEmpty();
    assertThat(runs.attempts(RUN)).isEmpty();
    assertThat(runs.messages(RUN, "t0")).isEmpty();
  }

  @Test
  void textsThatNoColumnTakesAreKeptWithMarksInThem() throws Exception {
    String odd = "a\u0000b\ud83dc\ude00 😀";
    store.begin(run(RUN, NOON), odd, List.of());

    store.write(
        List.of(new TaskResult(RUN, "a", 0, odd), new Message(RUN, "a", "claude", odd, NOON)));
    store.raise(new Cooldown(odd, NOON, odd, "default"));

    String kept = "a\ufffdb\ufffdc\ufffd 😀";
    assertThat(store.plan(RUN)).contains(kept);
    assertThat(store.result(RUN, "a", 0)).contains(new TaskResult(RUN, "a", 0, kept));
    assertThat(store.messages(RUN, "a")).extracting(Message::text).containsExactly(kept);
    assertThat(store.run(odd)).isEmpty();
    assertThat(store.result(odd, odd, 0)).isEmpty();
    assertThat(store.takeRequests(odd)).isEmpty();
    assertThat(store.claim(odd, odd, NOON, NOON)).isFalse();
    store.endCooldown(odd);
    assertThat(store.cooldowns()).isEmpty();
  }

  @Test
  void twoServersOnOneDatabaseSeeTheSame() throws Exception {
    RunStore one = new SqlRunStore(database("one"), Time.system());
    RunStore two = new SqlRunStore(database("two"), Time.system());
    one.begin(run(RUN, NOON), "plan", List.of(task(RUN, "a")));
    two.request(new Request(RUN, ""));

    assertThat(two.run(RUN)).isEqualTo(one.run(RUN)).isPresent();
    assertThat(one.takeRequests(RUN)).containsExactly(new Request(RUN, ""));
    assertThat(two.takeRequests(RUN)).isEmpty();
    assertThat(one.claim(RUN, "one", NOON, NOON.plusSeconds(30))).isTrue();
    assertThat(two.claim(RUN, "two", NOON, NOON.plusSeconds(30))).isFalse();
  }

  private static RunStatus over(String id, RunState state, Instant ended) {
    return run(id, ended.minusSeconds(60)).in(state, "", Optional.of(ended));
  }

  @Test
  void runsThatAreOverAreForgottenAfterAMonthAndOthersNever() throws Exception {
    VirtualTime time = new VirtualTime();
    Sql sql = database("one");
    SqlRunStore runs = new SqlRunStore(sql, time);
    Instant ended = time.instant();
    for (RunState state : RunState.values()) {
      String id = state.name();
      runs.begin(over(id, state, ended), "plan", List.of(task(id, "a")));
      runs.write(
          List.of(
              attempt(id, "a", 1),
              new TaskResult(id, "a", 0, "done"),
              new Message(id, "a", "claude", "hello", ended)));
      runs.request(new Request(id, ""));
      runs.claim(id, "me", ended, ended);
    }
    time.advance(SqlRunStore.RETENTION);
    runs.removeOld();
    assertThat(runs.runs(100)).hasSize(5);

    time.advance(Duration.ofNanos(1));
    runs.removeOld();

    assertThat(runs.runs(100))
        .extracting(RunStatus::state)
        .containsExactlyInAnyOrder(RunState.RUNNING, RunState.INTERRUPTED);
    assertThat(runs.attempts("COMPLETED")).isEmpty();
    assertThat(runs.plan("FAILED")).isEmpty();
    assertThat(runs.messages("INTERRUPTED", "a")).hasSize(1);
    assertThat(rowsOf(sql, "COMPLETED")).isZero();
    assertThat(rowsOf(sql, "RUNNING")).isEqualTo(8);
  }

  /** In all tables. */
  private static long rowsOf(Sql sql, String run) {
    return sql.read(handle ->
        List.of(
                "runs",
                "run_plans",
                "run_tasks",
                "run_attempts",
                "run_results",
                "run_sessions",
                "run_messages",
                "run_questions",
                "run_requests",
                "run_claims")
            .stream()
            .mapToLong(table ->
                handle
                    .select("select count(*) from belay_%s where run = ?".formatted(table), run)
                    .mapTo(Long.class)
                    .one())
            .sum());
  }

  /** Writes a run, says so, and waits to be killed. */
  public static final class Killed {
    private Killed() {}

    /** Takes the URL of the store. */
    public static void main(String[] args) throws Exception {
      Store store = Store.opening(StorePorts.config(args[0], "belay"));
      store.await(LONG);
      store.runs().begin(run(RUN, NOON), "plan", List.of());
      store.runs().write(changes(400));
      store.runs().request(new Request(RUN, "t1"));
      store.runs().raise(new Cooldown("team", NOON, "used up", "event"));
      System.out.println("stored");
      Thread.currentThread().join();
    }
  }

  @Test
  void whatWasWrittenSurvivesAKill() throws Exception {
    open.forEach(Sql::close);
    Process process =
        new ProcessBuilder(Processes.java(Killed.class, url()))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("stored");
    } finally {
      process.destroyForcibly().waitFor();
    }

    RunStore runs = new SqlRunStore(database("after"), Time.system());
    assertThat(runs.run(RUN)).contains(run(RUN, NOON));
    assertThat(runs.tasks(RUN)).hasSize(100).extracting(TaskStatus::why).containsOnly("so");
    assertThat(runs.attempts(RUN)).hasSize(100);
    assertThat(runs.messages(RUN, "t99")).hasSize(1);
    assertThat(runs.result(RUN, "t99", 0)).isPresent();
    assertThat(runs.takeRequests(RUN)).containsExactly(new Request(RUN, "t1"));
    assertThat(runs.cooldowns()).extracting(Cooldown::account).containsExactly("team");
  }
}
