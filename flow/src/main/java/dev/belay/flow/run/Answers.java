package dev.belay.flow.run;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the answer of an agent says beside its result: a question, or a verdict. */
final class Answers {
  /** How an agent is told to ask. */
  static final String HOW_TO_ASK =
      """


      If you cannot go on without an answer, end with one line that begins with QUESTION: and says \
      what you need to know.\
      """;

  /** How an agent is told to judge. */
  static final String HOW_TO_JUDGE =
      """


      End with one line that is either VERDICT: APPROVE or VERDICT: CHANGES. Before it, say what \
      has to change.\
      """;

  private static final int LAST_LINES = 20;

  private static final Pattern QUESTION =
      Pattern.compile("(?i)^[\\s>*_#`]*QUESTION[*_`]*\\s*:\\s*[*_`]*(\\S.*)$");

  private static final Pattern VERDICT =
      Pattern.compile(
          "(?i)^[\\s>*_#`]*VERDICT[*_`]*\\s*:\\s*[*_`\"]*(APPROVED?|CHANGES|CHANGE|REJECT(?:ED)?)\\b.*$");

  private Answers() {}

  /** What a verdict asks for. */
  enum Judgement {
    APPROVE,
    CHANGES
  }

  /** The question with which an answer ends, with all lines that follow it. */
  static Optional<String> question(String text) {
    List<String> lines = text.strip().lines().toList();
    for (int at = lines.size() - 1; at >= Math.max(0, lines.size() - LAST_LINES); at--) {
      Matcher matcher = QUESTION.matcher(lines.get(at));
      if (matcher.matches()) {
        String rest = String.join("\n", lines.subList(at + 1, lines.size()));
        return Optional.of((matcher.group(1) + "\n" + rest).strip());
      }
    }
    return Optional.empty();
  }

  /** The last verdict of an answer. */
  static Optional<Judgement> judgement(String text) {
    List<String> lines = text.strip().lines().toList();
    for (int at = lines.size() - 1; at >= Math.max(0, lines.size() - LAST_LINES); at--) {
      Matcher matcher = VERDICT.matcher(lines.get(at));
      if (matcher.matches()) {
        String word = matcher.group(1).toUpperCase(Locale.ROOT);
        return Optional.of(word.startsWith("APPROVE") ? Judgement.APPROVE : Judgement.CHANGES);
      }
    }
    return Optional.empty();
  }
}
