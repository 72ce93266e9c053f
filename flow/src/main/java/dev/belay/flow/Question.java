package dev.belay.flow;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that an agent wants to know. Immutable.
 *
 * @param run to which it belongs
 * @param task whose agent asks
 * @param number counted from 1 within the task
 * @param text what it wants to know
 * @param asked when
 * @param answer what it was told
 * @param by who told it; empty while nobody has
 */
public record Question(
    String run,
    String task,
    int number,
    String text,
    Instant asked,
    Optional<String> answer,
    String by)
    implements Change {
  /** Rejects nothing but nulls. */
  public Question {
    requireNonNull(run, "run");
    requireNonNull(task, "task");
    requireNonNull(text, "text");
    requireNonNull(asked, "asked");
    requireNonNull(answer, "answer");
    requireNonNull(by, "by");
  }

  /** The same with its answer. */
  public Question answered(String text, String who) {
    return new Question(run, task, number, this.text, asked, Optional.of(text), who);
  }
}
