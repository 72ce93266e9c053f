package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

/**
 * The words of feedback to a model, so that it can be told in the language of its task. Immutable.
 *
 * @param headline with two {@code %d}: which attempt failed, and of how many
 * @param tool marks the line on the tool, with one {@code %s}: its name
 * @param instruction what to do with the tool if nobody says more, with one {@code %s}
 * @param earlier goes before what was wrong with answers that are not shown any more
 * @param question goes before the question
 * @param closing asks for a better answer
 * @param noAnswer stands for an answer in which nothing was said
 */
public record FeedbackWords(
    String headline,
    String tool,
    String instruction,
    String earlier,
    String question,
    String closing,
    String noAnswer) {

  /** English. */
  public static final FeedbackWords ENGLISH =
      new FeedbackWords(
          "Your response failed validation (attempt %d/%d). What is wrong with it:",
          "USE THIS TOOL NOW: %s",
          "Use %s to look up or check what you need before you answer.",
          "Earlier attempts failed for these reasons as well:",
          "The original request was:",
          "Please answer again, in full, and correct everything that is listed above.",
          "(no answer)");

  /** Rejects null, and words that cannot be filled in. */
  public FeedbackWords {
    requireNonNull(headline.formatted(1, 1), "headline");
    requireNonNull(tool.formatted(""), "tool");
    requireNonNull(instruction.formatted(""), "instruction");
    requireNonNull(earlier, "earlier");
    requireNonNull(question, "question");
    requireNonNull(closing, "closing");
    requireNonNull(noAnswer, "noAnswer");
  }
}
