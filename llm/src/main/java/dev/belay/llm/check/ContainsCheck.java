package dev.belay.llm.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * {@code contains} and {@code not_contains}: texts occur in the answer, or do not.
 *
 * @param times how often a text must occur to count
 */
record ContainsCheck(String name, List<String> texts, Mode mode, int times, boolean exactCase)
    implements Validator {
  private static final int MOST_TIMES = 1_000_000;

  ContainsCheck {
    texts = List.copyOf(texts);
  }

  /** Which of the texts must occur. */
  enum Mode {
    ALL,
    ANY,
    NONE
  }

  static Validator contains(Params params) {
    return new ContainsCheck(
        "contains",
        texts(params, "required_text"),
        params.choice("match", Mode.ALL),
        params.whole("min_count", 1, 1, MOST_TIMES),
        params.flag("case_sensitive", false));
  }

  static Validator notContains(Params params) {
    Validator without =
        new ContainsCheck(
            "not_contains",
            texts(params, "forbidden_text"),
            Mode.NONE,
            1,
            params.flag("case_sensitive", false));
    if (!params.has("max_length")) {
      return without;
    }
    int most = params.whole("max_length", 1, 1, Integer.MAX_VALUE);
    return Groups.all(List.of(without, new LengthCheck(LengthCheck.Unit.CHARS, 0, most)));
  }

  private static List<String> texts(Params params, String name) {
    return params.has(name) ? params.texts(name) : params.texts("text");
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    String text = exactCase ? answer.text() : context.readings().folded(answer.text());
    List<String> there = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (String wanted : texts) {
      String needle = exactCase ? wanted : Texts.folded(wanted);
      (Texts.count(text, needle, times) >= times ? there : missing).add(wanted);
    }
    return switch (mode) {
      case ALL -> missing.isEmpty() ? Finding.valid(answer) : lacking(missing);
      case ANY -> there.isEmpty() ? lacking(missing) : Finding.valid(answer);
      case NONE ->
          there.isEmpty()
              ? Finding.valid(answer)
              : finding(there, "the answer contains: ", "Leave out");
    };
  }

  private Finding lacking(List<String> missing) {
    String often = times == 1 ? "" : " %d times".formatted(times);
    return mode == Mode.ALL
        ? finding(missing, "the answer does not contain%s: ".formatted(often), "Use")
        : finding(missing, "the answer contains none of%s: ".formatted(often), "Use one of");
  }

  private Finding finding(List<String> wrong, String message, String advice) {
    String list = wrong.stream().map(ContainsCheck::shown).collect(Collectors.joining(", "));
    return Finding.invalid(Problem.of(name, message + list, advice + " " + list + "."));
  }

  private static String shown(String text) {
    return "'" + Texts.shortened(text) + "'";
  }

  /** The answer without the texts that must not occur. */
  @Override
  public Optional<Answer> filter(Answer answer) {
    if (mode != Mode.NONE) {
      return Optional.empty();
    }
    String text = answer.text();
    for (String forbidden : texts) {
      text = without(text, forbidden);
    }
    return Optional.of(answer.withText(text));
  }

  private String without(String text, String forbidden) {
    String flags = exactCase ? "" : "(?i)";
    return com.google.re2j.Pattern.compile(flags + com.google.re2j.Pattern.quote(forbidden))
        .matcher(text)
        .replaceAll("");
  }
}
