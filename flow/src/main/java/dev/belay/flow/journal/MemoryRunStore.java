package dev.belay.flow.journal;

import static java.util.Objects.requireNonNull;

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
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Remembers runs as long as its process lives. Safe for any number of threads. */
public final class MemoryRunStore implements RunStore {
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by the lock. */
  private final Map<String, Book> books = new LinkedHashMap<>();

  /** Guarded by the lock. */
  private final Map<String, Cooldown> cooldowns = new LinkedHashMap<>();

  /** What is known of one run. */
  private static final class Book {
    private final String plan;
    private RunStatus run;
    private final Map<String, TaskStatus> tasks = new LinkedHashMap<>();
    private final Map<List<Object>, AttemptStatus> attempts = new LinkedHashMap<>();
    private final Map<List<Object>, TaskResult> results = new HashMap<>();
    private final Map<List<Object>, SessionNote> sessions = new LinkedHashMap<>();
    private final Map<List<Object>, Question> questions = new LinkedHashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private Optional<String> owner = Optional.empty();
    private Instant ownedUntil = Instant.MIN;

    Book(RunStatus run, String plan) {
      this.run = run;
      this.plan = plan;
    }

    void write(Change change) {
      switch (change) {
        case RunStatus status -> run = status;
        case TaskStatus status -> tasks.put(status.task(), status);
        case AttemptStatus attempt ->
            attempts.put(List.of(attempt.task(), attempt.number()), attempt);
        case TaskResult result -> results.put(List.of(result.task(), result.step()), result);
        case SessionNote note ->
            sessions.put(List.of(note.task(), note.step(), note.backend()), note);
        case Message message -> messages.add(message);
        case Question question ->
            questions.put(List.of(question.task(), question.number()), question);
      }
    }
  }

  /** Empty. */
  public MemoryRunStore() {}

  private <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  private <T> List<T> all(String run, java.util.function.Function<Book, Collection<T>> part) {
    return locked(() -> {
      Book book = books.get(run);
      return book == null ? List.of() : List.copyOf(part.apply(book));
    });
  }

  @Override
  public void begin(RunStatus run, String plan, List<TaskStatus> tasks) {
    var unused =
        locked(() -> {
          if (books.containsKey(run.run())) {
            throw new IllegalArgumentException("run %s is there".formatted(run.run()));
          }
          Book book = new Book(run, plan);
          tasks.forEach(book::write);
          return books.put(run.run(), book);
        });
  }

  @Override
  public void write(List<Change> changes) {
    var unused =
        locked(() -> {
          for (Change change : changes) {
            if (!books.containsKey(change.run())) {
              throw new IllegalArgumentException("there is no run %s".formatted(change.run()));
            }
          }
          changes.forEach(change -> requireNonNull(books.get(change.run())).write(change));
          return true;
        });
  }

  @Override
  public List<RunStatus> runs(int most) {
    return locked(() ->
        books.values().stream()
            .map(book -> book.run)
            .sorted(Comparator.comparing(RunStatus::started).reversed())
            .limit(most)
            .toList());
  }

  @Override
  public Optional<RunStatus> run(String run) {
    return locked(() -> Optional.ofNullable(books.get(run)).map(book -> book.run));
  }

  @Override
  public Optional<String> plan(String run) {
    return locked(() -> Optional.ofNullable(books.get(run)).map(book -> book.plan));
  }

  @Override
  public List<TaskStatus> tasks(String run) {
    return all(run, book -> book.tasks.values());
  }

  @Override
  public Map<String, Map<TaskState, Integer>> tallies(List<String> runs) {
    Map<String, Map<TaskState, Integer>> tallies = new LinkedHashMap<>();
    for (String run : runs) {
      for (TaskStatus task : tasks(run)) {
        tallies
            .computeIfAbsent(run, none -> new EnumMap<>(TaskState.class))
            .merge(task.state(), 1, Integer::sum);
      }
    }
    return tallies;
  }

  @Override
  public List<AttemptStatus> attempts(String run) {
    return all(run, book -> book.attempts.values()).stream()
        .sorted(Comparator.comparing(AttemptStatus::task).thenComparingInt(AttemptStatus::number))
        .toList();
  }

  @Override
  public List<Question> questions(String run) {
    return all(run, book -> book.questions.values()).stream()
        .sorted(Comparator.comparing(Question::asked))
        .toList();
  }

  @Override
  public List<Message> messages(String run, String task) {
    return all(run, book -> book.messages).stream()
        .filter(message -> message.task().equals(task))
        .toList();
  }

  @Override
  public List<SessionNote> sessions(String run) {
    return all(run, book -> book.sessions.values()).stream()
        .filter(note -> !note.session().isEmpty())
        .toList();
  }

  @Override
  public Optional<TaskResult> result(String run, String task, int step) {
    return locked(() ->
        Optional.ofNullable(books.get(run)).map(book -> book.results.get(List.of(task, step))));
  }

  @Override
  public boolean claim(String run, String owner, Instant now, Instant until) {
    return locked(() -> {
      Book book = books.get(run);
      if (book == null) {
        return false;
      }
      boolean free =
          book.owner.isEmpty() || book.owner.get().equals(owner) || !book.ownedUntil.isAfter(now);
      if (free) {
        book.owner = Optional.of(owner);
        book.ownedUntil = until;
      }
      return free;
    });
  }

  @Override
  public Optional<String> owner(String run) {
    return locked(() -> Optional.ofNullable(books.get(run)).flatMap(book -> book.owner));
  }

  @Override
  public void release(String run, String owner) {
    var unused =
        locked(() -> {
          Book book = books.get(run);
          if (book != null && book.owner.equals(Optional.of(owner))) {
            book.owner = Optional.empty();
          }
          return true;
        });
  }

  @Override
  public void request(Request request) {
    var unused =
        locked(() -> {
          Book book = books.get(request.run());
          if (book == null) {
            throw new IllegalArgumentException("there is no run %s".formatted(request.run()));
          }
          return book.requests.add(request);
        });
  }

  @Override
  public List<Request> takeRequests(String run) {
    return locked(() -> {
      Book book = books.get(run);
      if (book == null || book.requests.isEmpty()) {
        return List.of();
      }
      List<Request> all = List.copyOf(book.requests);
      book.requests.clear();
      return all;
    });
  }

  @Override
  public List<Cooldown> cooldowns() {
    return locked(() -> List.copyOf(cooldowns.values()));
  }

  @Override
  public void raise(Cooldown cooldown) {
    var unused =
        locked(() ->
            cooldowns.merge(
                cooldown.account(),
                cooldown,
                (known, next) -> next.until().isAfter(known.until()) ? next : known));
  }

  @Override
  public void endCooldown(String account) {
    var unused = locked(() -> Optional.ofNullable(cooldowns.remove(account)));
  }
}
