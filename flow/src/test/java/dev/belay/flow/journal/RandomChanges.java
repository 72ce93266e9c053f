package dev.belay.flow.journal;

import dev.belay.flow.AttemptStatus;
import dev.belay.flow.Change;
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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Any changes of one run, few enough things that they often meet. For one thread. */
final class RandomChanges {
  private static final List<String> TASKS = List.of("a", "b", "c");
  private static final List<String> TEXTS =
      List.of("", "x", "ß😀", "'\"\\", "a\nb", "z".repeat(5_000));

  private final RandomGenerator random;
  private final String run;

  private RandomChanges(RandomGenerator random, String run) {
    this.random = random;
    this.run = run;
  }

  /** Writes, none of them empty. */
  static List<List<Change>> of(RandomGenerator random, String run) {
    RandomChanges any = new RandomChanges(random, run);
    return IntStream.range(0, random.nextInt(1, 8)).mapToObj(i -> any.batch()).toList();
  }

  private List<Change> batch() {
    List<Change> batch = new ArrayList<>();
    int size = random.nextInt(1, 20);
    for (int i = 0; i < size; i++) {
      batch.add(change());
    }
    return batch;
  }

  private Change change() {
    return switch (random.nextInt(7)) {
      case 0 ->
          new RunStatus(
              run, text(), any(RunState.values()), text(), text(), at(), maybe(), spend());
      case 1 -> task();
      case 2 -> attempt();
      case 3 -> new TaskResult(run, any(TASKS), random.nextInt(3), text());
      case 4 -> new SessionNote(run, any(TASKS), random.nextInt(2), any(List.of("x", "y")), text());
      case 5 -> new Message(run, any(TASKS), text(), text(), at());
      default ->
          new Question(
              run,
              any(TASKS),
              random.nextInt(1, 3),
              text(),
              at(),
              random.nextBoolean() ? Optional.of(text()) : Optional.empty(),
              text());
    };
  }

  private TaskStatus task() {
    return new TaskStatus(
        run,
        any(TASKS),
        any(TaskState.values()),
        text(),
        outcome(),
        random.nextInt(9),
        random.nextInt(9),
        random.nextInt(9),
        maybe(),
        spend(),
        text(),
        maybe(),
        maybe());
  }

  private AttemptStatus attempt() {
    return new AttemptStatus(
        run,
        any(TASKS),
        random.nextInt(1, 12),
        random.nextInt(9),
        random.nextInt(9),
        text(),
        text(),
        at(),
        maybe(),
        outcome(),
        text(),
        spend(),
        text());
  }

  private Optional<OutcomeClass> outcome() {
    return random.nextBoolean() ? Optional.of(any(OutcomeClass.values())) : Optional.empty();
  }

  private Spend spend() {
    return new Spend(random.nextDouble(1e6), random.nextLong(Long.MAX_VALUE), random.nextLong(99));
  }

  private Optional<Instant> maybe() {
    return random.nextBoolean() ? Optional.of(at()) : Optional.empty();
  }

  /** Between 1970 and 2033. */
  private Instant at() {
    return Instant.ofEpochSecond(random.nextInt(2_000_000_000), random.nextInt(1_000_000_000));
  }

  private String text() {
    return any(TEXTS);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }

  private <T> T any(T[] list) {
    return list[random.nextInt(list.length)];
  }
}
