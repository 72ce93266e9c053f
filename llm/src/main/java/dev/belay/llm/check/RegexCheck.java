package dev.belay.llm.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Optional;

/**
 * {@code regex}: an expression occurs in the answer, or does not.
 *
 * @param whole whether it must match the whole answer
 * @param least how often it must occur; 0 together with {@code most} 0 means never
 */
record RegexCheck(Pattern pattern, boolean whole, int least, int most) implements Validator {
  private static final int NO_LIMIT = Integer.MAX_VALUE;

  static Validator of(Params params) {
    Pattern pattern = Patterns.compile(params, "pattern", params.text("flags", ""));
    boolean whole = params.flag("full_match", false);
    boolean negate = params.flag("negate", false);
    boolean counted = params.has("min_count") || params.has("max_count");
    if (counted && (whole || negate)) {
      throw params.bad(
          params.has("min_count") ? "min_count" : "max_count",
          "left out with full_match or negate");
    }
    int least = params.whole("min_count", params.has("max_count") ? 0 : 1, 0, NO_LIMIT);
    int most = params.whole("max_count", NO_LIMIT, 0, NO_LIMIT);
    if (least > most) {
      throw params.bad("min_count", "at most max_count, which is " + most);
    }
    return new RegexCheck(pattern, whole, negate ? 0 : least, negate ? 0 : most);
  }

  @Override
  public String name() {
    return "regex";
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    long count = count(answer.text());
    if (count >= least && count <= most) {
      return Finding.valid(answer);
    }
    String found =
        whole
            ? (most == 0
                ? "the answer as a whole matches /%s/"
                : "the answer as a whole does not match /%s/")
            : count == 0
                ? "nothing in the answer matches /%s/"
                : "/%s/ matches " + count + " times";
    return Finding.invalid(
        Problem.of(name(), found.formatted(Texts.shortened(pattern.pattern())), wanted()));
  }

  private String wanted() {
    if (most == 0) {
      return "Write nothing that matches it.";
    }
    String range =
        most == NO_LIMIT
            ? "at least %d times".formatted(least)
            : "%d to %d times".formatted(least, most);
    return whole ? "Write nothing but what matches it." : "Let it match " + range + ".";
  }

  private long count(String text) {
    Matcher matcher = pattern.matcher(text);
    if (whole) {
      return matcher.matches() ? 1 : 0;
    }
    // Whether it occurs needs one match; counting goes on only where a count was asked for.
    long enough = most == NO_LIMIT ? least : (long) most + 1;
    long count = 0;
    while (count < Math.max(1, enough) && matcher.find()) {
      count++;
    }
    return count;
  }

  /** The answer without the matches, if there must be none. */
  @Override
  public Optional<Answer> filter(Answer answer) {
    return most == 0 && !whole
        ? Optional.of(answer.withText(pattern.matcher(answer.text()).replaceAll("")))
        : Optional.empty();
  }
}
