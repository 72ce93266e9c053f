package dev.belay.flow.run;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts results into prompts. */
final class Prompts {
  /** Characters of a result that a prompt holds; all of it is in a file. */
  static final int LONGEST_RESULT = 20_000;

  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{\\s*([A-Za-z0-9][A-Za-z0-9._-]*?)(?:\\.(file|status))?\\s*}}");

  private Prompts() {}

  /** What a placeholder may stand for. */
  interface Results {
    /** The result of a task. */
    Optional<String> text(String id);

    /** The path of a file with all of it. */
    Optional<String> file(String id);

    /** How it ended. */
    Optional<String> status(String id);
  }

  /** A prompt with its placeholders replaced; what stands for nothing is left as it is. */
  static String filled(String prompt, Results results) {
    if (!prompt.contains("{{")) {
      return prompt;
    }
    Matcher matcher = PLACEHOLDER.matcher(prompt);
    StringBuilder filled = new StringBuilder();
    while (matcher.find()) {
      String part = Optional.ofNullable(matcher.group(2)).orElse("");
      Function<String, Optional<String>> source =
          switch (part) {
            case "file" -> results::file;
            case "status" -> results::status;
            default -> id -> results.text(id).map(text -> shortened(text, results.file(id)));
          };
      String value = source.apply(matcher.group(1)).orElse(matcher.group());
      matcher.appendReplacement(filled, Matcher.quoteReplacement(value));
    }
    return matcher.appendTail(filled).toString();
  }

  /** The beginning and the end of what is too long, and where the whole is. */
  static String shortened(String text, Optional<String> file) {
    if (text.length() <= LONGEST_RESULT) {
      return text;
    }
    int half = LONGEST_RESULT / 2;
    String where = file.map(path -> "; all of it is in " + path).orElse("");
    return "%s\n[… %d characters are left out%s …]\n%s"
        .formatted(
            text.substring(0, half),
            text.length() - 2 * half,
            where,
            text.substring(text.length() - half));
  }
}
