package dev.belay.llm.correct;

import dev.belay.Check;
import dev.belay.llm.Message;
import dev.belay.llm.Part;
import dev.belay.llm.budget.Estimate;
import dev.belay.llm.check.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * What a model sees of its failed answers when it is asked again. The conversation of the caller
 * always stays whole; the newest failed answer always stays, cut if it must be. Immutable.
 *
 * @param shown failed answers that stay, each with its feedback, the newest ones; 1 or more
 * @param summarises whether what was wrong with the others is told with the newest feedback
 * @param mostTokens about so many tokens may be added to the caller's conversation, 100 or more;
 *     older answers go first
 */
public record HistoryPolicy(int shown, boolean summarises, long mostTokens) {
  private static final String CUT = " [...]";
  private static final int CHARACTERS_PER_TOKEN = 4;

  /** Only the newest failed answer: what it costs does not grow. */
  public static final HistoryPolicy LAST_ONLY = new HistoryPolicy(1, false, 100_000);

  /** All of them: what it costs grows with each. */
  public static final HistoryPolicy APPEND_ALL =
      new HistoryPolicy(Integer.MAX_VALUE, false, 100_000);

  /** The newest ones, and in a few words what was wrong with the others. */
  public static HistoryPolicy summarise(int shown) {
    return new HistoryPolicy(shown, true, 100_000);
  }

  /** Rejects values out of range. */
  public HistoryPolicy {
    Check.that(shown >= 1, "shown must be 1 or more, was %d", shown);
    Check.that(mostTokens >= 100, "most_tokens must be 100 or more, was %d", mostTokens);
  }

  /** The same under another ceiling. */
  public HistoryPolicy withMostTokens(long tokens) {
    return new HistoryPolicy(shown, summarises, tokens);
  }

  /** The conversation to be sent. */
  List<Message> messages(List<Message> asked, List<FailedAnswer> failed, Feedback feedback) {
    int first = Math.max(0, failed.size() - shown);
    List<Message> added = added(failed, first, feedback);
    while (first < failed.size() - 1 && tokens(added) > mostTokens) {
      added = added(failed, ++first, feedback);
    }
    long over = tokens(added) - mostTokens;
    if (over > 0) {
      added = List.of(cut(added.getFirst(), over), added.getLast());
    }
    return joined(asked, added);
  }

  private List<Message> added(List<FailedAnswer> failed, int first, Feedback feedback) {
    List<Problem> hidden = new ArrayList<>();
    if (summarises) {
      failed.subList(0, first).forEach(old -> hidden.addAll(old.problems()));
    }
    List<Message> added = new ArrayList<>();
    for (int i = first; i < failed.size(); i++) {
      FailedAnswer one = failed.get(i);
      List<Problem> earlier = i == failed.size() - 1 ? hidden : List.of();
      added.add(feedback.answer(one));
      added.add(Feedback.reply(one, feedback.text(one, earlier)));
    }
    return added;
  }

  private static long tokens(List<Message> messages) {
    return messages.stream().mapToLong(Estimate::tokens).sum();
  }

  /** Calls of tools stay whole: their results refer to them. */
  private static Message cut(Message answer, long tokens) {
    List<Part> parts = new ArrayList<>();
    for (Part part : answer.parts()) {
      if (part instanceof Part.Text text) {
        long keep = Math.max(0, text.text().length() - tokens * CHARACTERS_PER_TOKEN);
        parts.add(new Part.Text(text.text().substring(0, (int) keep) + CUT));
      } else {
        parts.add(part);
      }
    }
    return new Message(answer.role(), parts);
  }

  /** Two turns of the model in a row become one. */
  private static List<Message> joined(List<Message> asked, List<Message> added) {
    List<Message> all = new ArrayList<>(asked);
    Message last = asked.getLast();
    List<Message> rest = added;
    if (last.role() == Message.Role.ASSISTANT) {
      List<Part> parts = new ArrayList<>(last.parts());
      parts.addAll(added.getFirst().parts());
      all.set(all.size() - 1, new Message(Message.Role.ASSISTANT, parts));
      rest = added.subList(1, added.size());
    }
    all.addAll(rest);
    return all;
  }
}
