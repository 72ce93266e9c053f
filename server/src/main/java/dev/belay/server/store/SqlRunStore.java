package dev.belay.server.store;

import static dev.belay.server.store.RunWrites.nanos;
import static dev.belay.server.store.RunWrites.text;

import dev.belay.Time;
import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Change;
import dev.belay.flow.Cooldown;
import dev.belay.flow.Message;
import dev.belay.flow.Question;
import dev.belay.flow.RunStatus;
import dev.belay.flow.SessionNote;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.Request;
import dev.belay.flow.journal.RunStore;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * Runs in a database, which outlive the process and which all servers on that database share. A
 * write is one transaction, however many changes it has. NULs and halves of characters, which no
 * database takes, are kept as marks. Throws {@link java.io.UncheckedIOException} while the database
 * fails. Safe for any number of threads.
 */
final class SqlRunStore implements RunStore {
  /** How long runs are kept that are over. */
  static final Duration RETENTION = Duration.ofDays(30);

  private static final List<String> PARTS =
      List.of(
          "belay_run_plans",
          "belay_run_tasks",
          "belay_run_attempts",
          "belay_run_results",
          "belay_run_sessions",
          "belay_run_messages",
          "belay_run_questions",
          "belay_run_requests",
          "belay_run_claims");

  private static final String BEGIN =
      """
      insert into belay_runs (run, name, state, why, directory, started, cost, input_tokens,
        output_tokens, said)
      values (?, '', '', '', '', 0, 0, 0, 0, 0)
      on conflict (run) do nothing
      """;

  /** Only one of many who take a run at the same time changes the row. */
  private static final String CLAIM =
      """
      insert into belay_run_claims (run, owner, ends)
      select run, ?, ? from belay_runs where run = ?
      on conflict (run) do update set owner = excluded.owner, ends = excluded.ends
      where belay_run_claims.owner = excluded.owner or belay_run_claims.ends <= ?
      """;

  private static final String RAISE =
      """
      insert into belay_cooldowns (account, ends, reason, source) values (?, ?, ?, ?)
      on conflict (account) do update set ends = excluded.ends, reason = excluded.reason,
        source = excluded.source
      where excluded.ends > belay_cooldowns.ends
      """;

  private static final String OVER = "state in ('completed', 'failed', 'cancelled') and ended < ?";

  private final Sql sql;
  private final Time time;

  /** Reads nothing yet. */
  SqlRunStore(Sql sql, Time time) {
    this.sql = sql;
    this.time = time;
  }

  @Override
  public void begin(RunStatus run, String plan, List<TaskStatus> tasks) {
    boolean begun =
        sql.change(handle -> {
          if (handle.execute(BEGIN, text(run.run())) == 0) {
            return false;
          }
          handle.execute(
              "insert into belay_run_plans (run, plan) values (?, ?)", text(run.run()), text(plan));
          RunWrites writes = new RunWrites(handle);
          writes.write(List.of(run));
          writes.write(tasks);
          return true;
        });
    if (!begun) {
      throw new IllegalArgumentException("run %s is there".formatted(run.run()));
    }
  }

  @Override
  public void write(List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    // in the order of their names, so that no two writes wait for each other
    Map<String, Long> messages = new TreeMap<>();
    changes.forEach(
        change -> messages.merge(change.run(), change instanceof Message ? 1L : 0L, Long::sum));
    Optional<String> unknown =
        sql.change(handle -> {
          RunWrites writes = new RunWrites(handle);
          for (Map.Entry<String, Long> run : messages.entrySet()) {
            if (!writes.hold(run.getKey(), run.getValue())) {
              return Optional.of(run.getKey()); // places that nobody takes do no harm
            }
          }
          writes.write(changes);
          return Optional.empty();
        });
    if (unknown.isPresent()) {
      throw unknown(unknown.get());
    }
  }

  private static IllegalArgumentException unknown(String run) {
    return new IllegalArgumentException("there is no run %s".formatted(run));
  }

  @Override
  public List<RunStatus> runs(int most) {
    return sql.read(handle -> RunRows.runs(handle, most));
  }

  @Override
  public Optional<RunStatus> run(String run) {
    return sql.read(handle -> RunRows.run(handle, run));
  }

  @Override
  public Optional<String> plan(String run) {
    return sql.read(handle -> RunRows.plan(handle, run));
  }

  @Override
  public List<TaskStatus> tasks(String run) {
    return sql.read(handle -> RunRows.tasks(handle, run));
  }

  @Override
  public Map<String, Map<TaskState, Integer>> tallies(List<String> runs) {
    return runs.isEmpty() ? Map.of() : sql.read(handle -> RunRows.tallies(handle, runs));
  }

  @Override
  public List<AttemptStatus> attempts(String run) {
    return sql.read(handle -> RunRows.attempts(handle, run));
  }

  @Override
  public List<Question> questions(String run) {
    return sql.read(handle -> RunRows.questions(handle, run));
  }

  @Override
  public List<Message> messages(String run, String task) {
    return sql.read(handle -> RunRows.messages(handle, run, task));
  }

  @Override
  public List<SessionNote> sessions(String run) {
    return sql.read(handle -> RunRows.sessions(handle, run));
  }

  @Override
  public Optional<TaskResult> result(String run, String task, int step) {
    return sql.read(handle -> RunRows.result(handle, run, task, step));
  }

  @Override
  public boolean claim(String run, String owner, Instant now, Instant until) {
    return sql.change(
            handle -> handle.execute(CLAIM, text(owner), nanos(until), text(run), nanos(now)))
        > 0;
  }

  @Override
  public Optional<String> owner(String run) {
    return sql.read(handle -> RunRows.owner(handle, run));
  }

  @Override
  public void release(String run, String owner) {
    sql.write(handle ->
        handle.execute(
            "delete from belay_run_claims where run = ? and owner = ?", text(run), text(owner)));
  }

  @Override
  public void request(Request request) {
    boolean left =
        sql.change(handle -> {
          RunWrites writes = new RunWrites(handle);
          if (!writes.hold(request.run(), 1)) {
            return false;
          }
          handle.execute(
              "insert into belay_run_requests (run, place, task) values (?, ?, ?)",
              text(request.run()),
              writes.place(request.run()),
              text(request.task()));
          return true;
        });
    if (!left) {
      throw unknown(request.run());
    }
  }

  /** Looks before it writes: it is asked for again and again, and mostly there is none. */
  @Override
  public List<Request> takeRequests(String run) {
    if (sql.read(handle -> RunRows.requests(handle, run)).isEmpty()) {
      return List.of();
    }
    return sql.change(handle -> {
      if (!new RunWrites(handle).hold(run, 0)) {
        return List.of();
      }
      List<Request> all = RunRows.requests(handle, run);
      handle.execute("delete from belay_run_requests where run = ?", text(run));
      return all;
    });
  }

  @Override
  public List<Cooldown> cooldowns() {
    return sql.read(handle ->
        handle
            .select("select account, ends, reason, source from belay_cooldowns order by ends")
            .map((row, context) ->
                new Cooldown(
                    row.getString("account"),
                    RunRows.moment(row.getLong("ends")),
                    row.getString("reason"),
                    row.getString("source")))
            .list());
  }

  @Override
  public void raise(Cooldown cooldown) {
    sql.write(handle ->
        handle.execute(
            RAISE,
            text(cooldown.account()),
            nanos(cooldown.until()),
            text(cooldown.reason()),
            text(cooldown.source())));
  }

  @Override
  public void endCooldown(String account) {
    sql.write(
        handle -> handle.execute("delete from belay_cooldowns where account = ?", text(account)));
  }

  /** Forgets runs that were over longer ago than they are kept; for whoever comes by regularly. */
  void removeOld() {
    long before = nanos(time.instant().minus(RETENTION));
    List<String> old =
        sql.read(handle ->
            handle
                .select("select run from belay_runs where " + OVER, before)
                .mapTo(String.class)
                .list());
    old.forEach(run -> sql.write(handle -> remove(handle, run, before)));
  }

  /** Unless it was taken up again meanwhile. */
  private static void remove(Handle handle, String run, long before) {
    if (handle.execute("delete from belay_runs where run = ? and " + OVER, run, before) > 0) {
      PARTS.forEach(part -> handle.execute("delete from %s where run = ?".formatted(part), run));
    }
  }
}
