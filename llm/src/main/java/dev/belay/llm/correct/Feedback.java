package dev.belay.llm.correct;

import static java.util.Objects.requireNonNull;

import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.check.Problem;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells a model what is wrong with its answer: which attempt it was, every problem with its place
 * and what to do about it, the tool to use, the question, and what is wanted now, in this order.
 * Immutable.
 *
 * @param words in which it is told
 * @param maxAttempts answers that are asked for in all
 * @param tool to be named; {@link Escalation.ToolHelp#OFF} for none
 * @param question to be repeated; empty for none
 */
record Feedback(FeedbackWords words, int maxAttempts, Escalation.ToolHelp tool, String question) {
  private static final String SEE_ABOVE = "(see the first result)";

  Feedback {
    requireNonNull(words, "words");
    requireNonNull(tool, "tool");
    requireNonNull(question, "question");
  }

  /**
   * The text.
   *
   * @param earlier problems of answers that the model is not shown any more
   */
  String text(FailedAnswer failed, List<Problem> earlier) {
    StringBuilder text = new StringBuilder();
    text.append(words.headline().formatted(failed.attempt(), maxAttempts)).append('\n');
    int number = 0;
    for (String entry : entries(failed.problems())) {
      text.append(++number).append(". ").append(entry);
    }
    Set<String> past = entries(earlier);
    past.removeAll(entries(failed.problems()));
    if (!past.isEmpty()) {
      text.append('\n').append(words.earlier()).append('\n');
      past.forEach(entry -> text.append("- ").append(entry));
    }
    if (tool.after() > 0) {
      String instruction =
          tool.instruction().isBlank()
              ? words.instruction().formatted(tool.names())
              : tool.instruction();
      text.append('\n').append(words.tool().formatted(tool.names())).append('\n');
      text.append(instruction).append('\n');
    }
    if (!question.isBlank()) {
      text.append('\n').append(words.question()).append('\n').append(question).append('\n');
    }
    return text.append('\n').append(words.closing()).toString();
  }

  /** One for each different problem, in order. */
  private static Set<String> entries(List<Problem> problems) {
    Set<String> entries = new LinkedHashSet<>();
    for (Problem problem : problems) {
      StringBuilder entry = new StringBuilder(problem.message());
      if (!problem.pointer().isEmpty()) {
        entry.append(" (at ").append(problem.pointer()).append(')');
      }
      entry.append('\n');
      problem.suggestions().forEach(one -> entry.append("   - ").append(one).append('\n'));
      entries.add(entry.toString());
    }
    return entries;
  }

  /** The failed answer as the model gave it, but never empty. */
  Message answer(FailedAnswer failed) {
    List<Part> parts = new ArrayList<>();
    String text = failed.answer().text();
    if (!text.isBlank()) {
      parts.add(new Part.Text(text));
    }
    parts.addAll(failed.answer().toolCalls());
    if (parts.isEmpty()) {
      parts.add(new Part.Text(words.noAnswer()));
    }
    return new Message(Message.Role.ASSISTANT, parts);
  }

  /** The reply to it: results of its tool calls, flagged as errors, if it made any. */
  static Message reply(FailedAnswer failed, String text) {
    List<Part.ToolCall> calls = failed.answer().toolCalls();
    if (calls.isEmpty()) {
      return Message.user(text);
    }
    List<Part> results = new ArrayList<>();
    for (Part.ToolCall call : calls) {
      results.add(new Part.ToolResult(call.id(), results.isEmpty() ? text : SEE_ABOVE, true));
    }
    return new Message(Message.Role.TOOL, results);
  }
}
