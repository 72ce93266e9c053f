package dev.belay.flow.run;

import dev.belay.flow.Placeholder;
import java.util.Optional;

/** Puts results into prompts. */
final class Prompts {
  /** Characters of a result that a prompt holds; all of it is in a file. */
  static final int LONGEST_RESULT = 20_000;

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
    return Placeholder.fill(
        prompt,
        wanted ->
            switch (wanted.part()) {
              case FILE -> results.file(wanted.task());
              case STATUS -> results.status(wanted.task());
              case RESULT ->
                  results
                      .text(wanted.task())
                      .map(text -> shortened(text, results.file(wanted.task())));
            });
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
