package dev.belay.flow.run;

import dev.belay.flow.Question;
import dev.belay.flow.RunRefused;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Questions that people have to answer, and those who wait for it. Safe for any number of threads.
 */
final class AnswerDesk {
  private final ActiveRun run;
  private final Map<Key, Question> questions = new ConcurrentHashMap<>();

  private record Key(String task, int number) {}

  AnswerDesk(ActiveRun run) {
    this.run = run;
  }

  void asked(Question question) {
    questions.put(new Key(question.task(), question.number()), question);
  }

  /** The answer, once somebody gives it. */
  String await(Question question) throws StepFailed, InterruptedException {
    Key key = new Key(question.task(), question.number());
    long end = run.parts().time().nanos() + run.plan().questions().timeout().toNanos();
    while (true) {
      Question now = questions.getOrDefault(key, question);
      if (now.answer().isPresent()) {
        return now.answer().get();
      }
      long left = end - run.parts().time().nanos();
      if (left <= 0) {
        throw new StepFailed("nobody answered its question: " + question.text());
      }
      run.parts()
          .bell()
          .await(left, () -> questions.getOrDefault(key, question).answer().isPresent());
    }
  }

  /** Answers; the same answer twice is harmless. */
  void answer(String task, int number, String text, String by) {
    Key key = new Key(task, number);
    Question before = questions.get(key);
    if (before == null) {
      throw new RunRefused(
          RunRefused.Reason.UNKNOWN, "task %s has no question %d".formatted(task, number));
    }
    checkOpen(before, text);
    if (before.answer().isPresent()) {
      return;
    }
    Question answered = before.answered(text, by);
    run.commit(List.of(answered));
    hear(answered);
  }

  /** Refuses another answer to a question that has one. */
  static void checkOpen(Question question, String text) {
    if (question.answer().isPresent() && !question.answer().get().equals(text)) {
      throw new RunRefused(
          RunRefused.Reason.STATE,
          "question %d of task %s has been answered by %s already"
              .formatted(question.number(), question.task(), question.by()));
    }
  }

  /** A question has its answer, which is remembered already. */
  void hear(Question answered) {
    questions.put(new Key(answered.task(), answered.number()), answered);
    run.parts().bell().ring();
  }
}
