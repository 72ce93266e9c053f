package dev.belay.llm.check;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * {@code corpus}: the answer agrees with given sources, word by word.
 *
 * @param keywords what is looked for in the answer; none for each of its lines
 * @param grams all runs of words in the sources, for {@link Mode#GROUNDED}
 */
record CorpusCheck(
    Corpus corpus, Mode mode, List<String> keywords, Set<String> grams, int n, double threshold)
    implements Validator {
  private static final int MOST_TERMS = 1000;
  private static final int MOST_TOLD = 5;
  private static final Pattern QUOTE =
      Pattern.compile("\"([^\"\\n]+)\"|\u201C([^\u201D]+)\u201D|\u00AB([^\u00BB]+)\u00BB");

  /** What must be so. */
  enum Mode {
    /** Each term of the answer occurs in the sources. */
    KEYWORD_PRESENT,
    /** No term of the answer occurs in the sources. */
    KEYWORD_ABSENT,
    /** What stands in quotes occurs in the sources. */
    QUOTES,
    /** So much of what is said, in runs of words, occurs in the sources. */
    GROUNDED
  }

  static Validator of(Params params) {
    Corpus corpus = Corpus.of(params);
    Mode mode = params.choice("match", Mode.KEYWORD_PRESENT);
    int n = params.whole("n", 3, 1, 10);
    double threshold = params.number("threshold", 0.5, 0, 1);
    boolean grounded = mode == Mode.GROUNDED;
    return new CorpusCheck(
        corpus,
        mode,
        params.textsOrNone("keywords"),
        grounded ? corpus.grams(n) : Set.of(),
        n,
        threshold);
  }

  @Override
  public String name() {
    return "corpus";
  }

  @Override
  public Cost cost() {
    return Cost.MODEST;
  }

  @Override
  public Finding check(Answer answer, CheckContext context) {
    String text = answer.text();
    return Finding.of(
        answer,
        switch (mode) {
          case KEYWORD_PRESENT -> terms(terms(text), true);
          case KEYWORD_ABSENT -> terms(terms(text), false);
          case QUOTES -> terms(quotes(text), true);
          case GROUNDED -> grounded(Words.of(text)).stream().toList();
        });
  }

  private List<String> terms(String text) {
    if (keywords.isEmpty()) {
      return text.lines()
          .filter(line -> !Words.of(line).all().isEmpty())
          .limit(MOST_TERMS + 1L)
          .toList();
    }
    String words = Words.of(text).joined();
    return keywords.stream().filter(one -> words.contains(Words.of(one).joined())).toList();
  }

  private static List<String> quotes(String text) {
    List<String> quotes = new ArrayList<>();
    Matcher matcher = QUOTE.matcher(text);
    while (matcher.find() && quotes.size() <= MOST_TERMS) {
      for (int group = 1; group <= 3; group++) {
        if (matcher.group(group) != null) {
          quotes.add(matcher.group(group));
        }
      }
    }
    return quotes;
  }

  private List<Problem> terms(List<String> terms, boolean wanted) {
    if (terms.size() > MOST_TERMS) {
      return List.of(
          Problem.of(
              name(), "there are more than %d to look up".formatted(MOST_TERMS), "Say less."));
    }
    if (terms.isEmpty() && mode == Mode.KEYWORD_PRESENT) {
      return List.of(
          Problem.of(
              name(),
              "the answer names none of the keywords",
              "Use at least one of: " + Texts.shortened(String.join(", ", keywords)) + "."));
    }
    return terms.stream()
        .filter(term -> corpus.has(Words.of(term)) != wanted)
        .limit(MOST_TOLD)
        .map(term -> problem(term, wanted))
        .toList();
  }

  private Problem problem(String term, boolean wanted) {
    return wanted
        ? Problem.of(
            name(),
            "'%s' does not occur in the sources".formatted(Texts.shortened(term)),
            "Use the words of the sources.")
        : Problem.of(
            name(),
            "'%s' occurs in the sources, and must not".formatted(Texts.shortened(term)),
            "Leave it out.");
  }

  private Optional<Problem> grounded(Words words) {
    int all = words.all().size() - n + 1;
    if (all <= 0) {
      return corpus.has(words)
          ? Optional.empty()
          : Optional.of(problem(String.join(" ", words.all()), true));
    }
    int known = 0;
    List<String> strange = new ArrayList<>();
    for (int i = 0; i < all; i++) {
      String gram = words.gram(i, n);
      if (grams.contains(gram)) {
        known++;
      } else if (strange.size() < MOST_TOLD) {
        strange.add("'" + Texts.shortened(gram) + "'");
      }
    }
    double share = (double) known / all;
    return share >= threshold
        ? Optional.empty()
        : Optional.of(
            Problem.of(
                name(),
                String.format(
                    Locale.ROOT,
                    "%.0f %% of the answer is in the sources, and must be at least %.0f %%; not there: %s",
                    100 * share,
                    100 * threshold,
                    String.join(", ", strange)),
                "Stay with what the sources say."));
  }
}
