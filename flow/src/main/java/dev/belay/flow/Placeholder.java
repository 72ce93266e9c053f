package dev.belay.flow;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What stands in a prompt for something of another task: {@code {{id}}} for its result, {@code
 * {{id.file}}} for the path of a file with all of it, {@code {{id.status}}} for how it ended.
 *
 * @param task the id of the task
 * @param part what of it is meant
 * @param text how it is written
 */
public record Placeholder(String task, Part part, String text) {
  private static final Pattern WRITTEN =
      Pattern.compile("\\{\\{\\s*([A-Za-z0-9][A-Za-z0-9._-]*?)(?:\\.(file|status))?\\s*}}");

  /** What of a task is meant. */
  public enum Part {
    /** Its result. */
    RESULT,
    /** The path of a file with its result. */
    FILE,
    /** How it ended. */
    STATUS
  }

  private static Placeholder of(MatchResult matcher) {
    Part part =
        switch (Optional.ofNullable(matcher.group(2)).orElse("")) {
          case "file" -> Part.FILE;
          case "status" -> Part.STATUS;
          default -> Part.RESULT;
        };
    return new Placeholder(matcher.group(1), part, matcher.group());
  }

  /** Those in a prompt, in order. */
  public static Stream<Placeholder> in(String prompt) {
    return WRITTEN.matcher(prompt).results().map(Placeholder::of);
  }

  /** A prompt with its placeholders replaced; what stands for nothing is left as it is. */
  public static String fill(String prompt, Function<Placeholder, Optional<String>> value) {
    return WRITTEN
        .matcher(prompt)
        .replaceAll(found -> {
          Placeholder placeholder = of(found);
          return Matcher.quoteReplacement(value.apply(placeholder).orElse(placeholder.text()));
        });
  }
}
