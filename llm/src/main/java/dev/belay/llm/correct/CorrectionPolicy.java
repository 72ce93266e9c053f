package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

import dev.belay.Backoff;
import dev.belay.Check;
import dev.belay.llm.McpServer;
import java.time.Duration;
import java.util.List;

/**
 * How a model is asked again when its answer does not stand. Has nothing to do with retries of
 * requests that got no answer. Immutable, safe for any number of threads.
 *
 * @param maxAttempts answers that are asked for, the first included, 1 to 100
 * @param escalation which help comes when; a person only if asked for
 * @param delay waits between two answers
 * @param history what the model sees of its failed answers
 * @param words in which it is told
 * @param repeatsQuestion whether it is told the question again
 * @param sameAnswers so many equal answers with equal faults in a row are no progress and end the
 *     call, unless more help is to come; 2 to 100, or 0 for never
 */
public record CorrectionPolicy(
    int maxAttempts,
    Escalation escalation,
    Backoff delay,
    HistoryPolicy history,
    FeedbackWords words,
    boolean repeatsQuestion,
    int sameAnswers) {

  /** Three answers, without help and without waiting. */
  public static final CorrectionPolicy DEFAULT = builder().build();

  /** One answer, and no other. */
  public static final CorrectionPolicy ONCE = builder().maxAttempts(1).build();

  /** Rejects values out of range, and thresholds that do not fit each other. */
  public CorrectionPolicy {
    requireNonNull(delay, "delay");
    requireNonNull(history, "history");
    requireNonNull(words, "words");
    Check.that(
        maxAttempts >= 1 && maxAttempts <= 100,
        "max_attempts must be 1 to 100, was %d",
        maxAttempts);
    Check.that(
        sameAnswers == 0 || (sameAnswers >= 2 && sameAnswers <= 100),
        "same_answers must be 0 (off) or 2 to 100, was %d",
        sameAnswers);
    escalation.fit(maxAttempts);
  }

  /** The same with another number of answers. */
  public CorrectionPolicy withMaxAttempts(int answers) {
    return new CorrectionPolicy(
        answers, escalation, delay, history, words, repeatsQuestion, sameAnswers);
  }

  /** Starts from the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects settings; each starts at its default, and {@link #build} checks them all. */
  public static final class Builder {
    private int maxAttempts = 3;
    private Escalation.ToolHelp tool = Escalation.ToolHelp.OFF;
    private Escalation.ModelHelp model = Escalation.ModelHelp.OFF;
    private int humanAfter;
    private Backoff delay = Backoff.custom(failure -> Duration.ZERO);
    private HistoryPolicy history = HistoryPolicy.LAST_ONLY;
    private FeedbackWords words = FeedbackWords.ENGLISH;
    private boolean repeatsQuestion = true;
    private int sameAnswers = 2;

    private Builder() {}

    /** Answers that are asked for, the first included, 1 to 100; default 3. */
    public Builder maxAttempts(int answers) {
      maxAttempts = answers;
      return this;
    }

    /** After so many failed answers the model is told of these servers' tools; default never. */
    public Builder toolAfter(int failures, McpServer... servers) {
      tool = new Escalation.ToolHelp(failures, "", "", List.of(servers));
      return this;
    }

    /** The same with all that can be said of the tool. */
    public Builder tool(Escalation.ToolHelp help) {
      tool = help;
      return this;
    }

    /** After so many failed answers another model, or route, is asked; default never. */
    public Builder modelAfter(int failures, String name) {
      model = new Escalation.ModelHelp(failures, name);
      return this;
    }

    /** After so many failed answers a person decides; default 0, never. */
    public Builder humanAfter(int failures) {
      humanAfter = failures;
      return this;
    }

    /** Waits between two answers; default none, since the provider is well. */
    public Builder delay(Backoff waits) {
      delay = waits;
      return this;
    }

    /** What the model sees of its failed answers; default the last one. */
    public Builder history(HistoryPolicy policy) {
      history = policy;
      return this;
    }

    /** In which words it is told; default English. */
    public Builder words(FeedbackWords language) {
      words = language;
      return this;
    }

    /** Whether it is told the question again; default yes. */
    public Builder repeatsQuestion(boolean repeats) {
      repeatsQuestion = repeats;
      return this;
    }

    /** So many equal answers in a row end the call; default 2, and 0 is never. */
    public Builder sameAnswers(int inARow) {
      sameAnswers = inARow;
      return this;
    }

    /**
     * The policy, checked.
     *
     * @throws IllegalArgumentException that names fields and values
     */
    public CorrectionPolicy build() {
      return new CorrectionPolicy(
          maxAttempts,
          new Escalation(tool, model, humanAfter),
          delay,
          history,
          words,
          repeatsQuestion,
          sameAnswers);
    }
  }
}
