package dev.belay.server.store;

import static dev.belay.server.store.RunWrites.text;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Message;
import dev.belay.flow.OutcomeClass;
import dev.belay.flow.Question;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.SessionNote;
import dev.belay.flow.Spend;
import dev.belay.flow.TaskResult;
import dev.belay.flow.TaskState;
import dev.belay.flow.TaskStatus;
import dev.belay.flow.journal.Request;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is read of the tables of runs. */
final class RunRows {
  private static final String RUNS =
      """
      select run, name, state, why, directory, started, ended, cost, input_tokens, output_tokens
      from belay_runs
      """;

  private RunRows() {}

  static List<RunStatus> runs(Handle handle, int most) {
    return handle
        .select(RUNS + "order by started desc, run desc limit ?", most)
        .map((row, context) -> run(row))
        .list();
  }

  static Optional<RunStatus> run(Handle handle, String run) {
    return handle
        .select(RUNS + "where run = ?", text(run))
        .map((row, context) -> run(row))
        .findOne();
  }

  private static RunStatus run(ResultSet row) throws SQLException {
    return new RunStatus(
        row.getString("run"),
        row.getString("name"),
        RunState.valueOf(constant(row.getString("state"))),
        row.getString("why"),
        row.getString("directory"),
        moment(row.getLong("started")),
        maybe(row, "ended"),
        spend(row));
  }

  static Optional<String> plan(Handle handle, String run) {
    return handle
        .select("select plan from belay_run_plans where run = ?", text(run))
        .mapTo(String.class)
        .findOne();
  }

  static Optional<String> owner(Handle handle, String run) {
    return handle
        .select("select owner from belay_run_claims where run = ?", text(run))
        .mapTo(String.class)
        .findOne();
  }

  static Map<String, Map<TaskState, Integer>> tallies(Handle handle, List<String> runs) {
    Map<String, Map<TaskState, Integer>> tallies = new HashMap<>();
    handle
        .createQuery(
            """
            select run, state, count(*) as tasks from belay_run_tasks
            where run in (<runs>) group by run, state
            """)
        .bindList("runs", runs.stream().map(RunWrites::text).toList())
        .map((row, context) ->
            tallies
                .computeIfAbsent(row.getString("run"), none -> new EnumMap<>(TaskState.class))
                .put(TaskState.valueOf(constant(row.getString("state"))), row.getInt("tasks")))
        .list();
    return tallies;
  }

  static List<TaskStatus> tasks(Handle handle, String run) {
    return handle
        .select("select * from belay_run_tasks where run = ? order by task", text(run))
        .map((row, context) ->
            new TaskStatus(
                row.getString("run"),
                row.getString("task"),
                TaskState.valueOf(constant(row.getString("state"))),
                row.getString("why"),
                outcome(row),
                row.getInt("attempts"),
                row.getInt("step"),
                row.getInt("round"),
                maybe(row, "until_time"),
                spend(row),
                row.getString("branch"),
                maybe(row, "started"),
                maybe(row, "ended")))
        .list();
  }

  /** Sorted here: databases have orders of texts of their own. */
  static List<AttemptStatus> attempts(Handle handle, String run) {
    return handle
        .select("select * from belay_run_attempts where run = ?", text(run))
        .map((row, context) ->
            new AttemptStatus(
                row.getString("run"),
                row.getString("task"),
                row.getInt("number"),
                row.getInt("step"),
                row.getInt("round"),
                row.getString("backend"),
                row.getString("account"),
                moment(row.getLong("started")),
                maybe(row, "ended"),
                outcome(row),
                row.getString("message"),
                spend(row),
                row.getString("session")))
        .stream()
        .sorted(Comparator.comparing(AttemptStatus::task).thenComparingInt(AttemptStatus::number))
        .toList();
  }

  static List<Question> questions(Handle handle, String run) {
    return handle
        .select(
            "select * from belay_run_questions where run = ? order by asked, task, number",
            text(run))
        .map((row, context) ->
            new Question(
                row.getString("run"),
                row.getString("task"),
                row.getInt("number"),
                row.getString("question"),
                moment(row.getLong("asked")),
                Optional.ofNullable(row.getString("answer")),
                row.getString("answered_by")))
        .list();
  }

  static List<Message> messages(Handle handle, String run, String task) {
    return handle
        .select(
            "select * from belay_run_messages where run = ? and task = ? order by place",
            text(run),
            text(task))
        .map((row, context) ->
            new Message(
                row.getString("run"),
                row.getString("task"),
                row.getString("speaker"),
                row.getString("message"),
                moment(row.getLong("at"))))
        .list();
  }

  static List<SessionNote> sessions(Handle handle, String run) {
    return handle
        .select("select * from belay_run_sessions where run = ? and session <> ''", text(run))
        .map((row, context) ->
            new SessionNote(
                row.getString("run"),
                row.getString("task"),
                row.getInt("step"),
                row.getString("backend"),
                row.getString("session")))
        .list();
  }

  static Optional<TaskResult> result(Handle handle, String run, String task, int step) {
    return handle
        .select(
            "select result from belay_run_results where run = ? and task = ? and step = ?",
            text(run),
            text(task),
            step)
        .map((row, context) -> new TaskResult(run, task, step, row.getString("result")))
        .findOne();
  }

  static List<Request> requests(Handle handle, String run) {
    return handle
        .select("select run, task from belay_run_requests where run = ? order by place", text(run))
        .map((row, context) -> new Request(row.getString("run"), row.getString("task")))
        .list();
  }

  private static Spend spend(ResultSet row) throws SQLException {
    return new Spend(
        row.getDouble("cost"), row.getLong("input_tokens"), row.getLong("output_tokens"));
  }

  private static Optional<OutcomeClass> outcome(ResultSet row) throws SQLException {
    return Optional.ofNullable(row.getString("outcome"))
        .map(word -> OutcomeClass.valueOf(constant(word)));
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT);
  }

  private static Optional<Instant> maybe(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(moment(value));
  }

  static Instant moment(long nanos) {
    return Instant.ofEpochSecond(
        Math.floorDiv(nanos, 1_000_000_000L), Math.floorMod(nanos, 1_000_000_000L));
  }
}
