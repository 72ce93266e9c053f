package dev.belay.llm.json;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds where in an answer JSON may stand: on its own, in a fenced block, or among words. */
public final class JsonFinder {
  private static final Set<String> JSON_LANGUAGES = Set.of("json", "jsonc", "json5", "jsonl");

  private JsonFinder() {}

  /**
   * The fenced block that most likely holds JSON: the first that says so, else the first that
   * begins like an object or an array. Empty if the text itself begins like one, because then the
   * block stands inside a string.
   */
  public static Optional<Fence> fence(String text) {
    return fences(text).stream().findFirst();
  }

  static List<Fence> fences(String text) {
    if (startsJson(text, 0)) {
      return List.of();
    }
    return Fence.in(text).stream()
        .filter(fence -> saysJson(fence) || startsJson(text, fence.start()))
        .sorted(Comparator.comparing(fence -> !saysJson(fence)))
        .toList();
  }

  private static boolean saysJson(Fence fence) {
    return JSON_LANGUAGES.contains(fence.language());
  }

  /** The first place in {@code text} from {@code from} on that looks like an object or an array. */
  static Optional<Integer> next(RepairText text, int from) {
    for (int at = from; at < text.text.length(); at++) {
      char c = text.at(at);
      if ((c == '{' && looksLikeObject(text, at)) || (c == '[' && looksLikeArray(text, at))) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  private static boolean startsJson(String text, int from) {
    RepairText in = new RepairText(text, 0, new RepairLog(text));
    char first = in.at(in.afterSpace(from));
    return first == '{' || first == '[';
  }

  private static boolean looksLikeObject(RepairText in, int at) {
    int next = in.afterSpace(at + 1);
    char c = in.at(next);
    if (c == '}' || RepairStrings.isQuote(c) || isComment(in, next)) {
      return true;
    }
    int end = in.afterName(next);
    char after = in.at(in.afterSpace(end));
    return end > next && (after == ':' || after == '=');
  }

  private static boolean looksLikeArray(RepairText in, int at) {
    int next = in.afterSpace(at + 1);
    char c = in.at(next);
    return c == ']'
        || c == '{'
        || c == '['
        || c == '-'
        || (c >= '0' && c <= '9')
        || RepairStrings.isQuote(c)
        || isComment(in, next)
        || RepairWords.isLiteral(in.text.substring(next, Math.min(in.afterName(next), next + 16)));
  }

  private static boolean isComment(RepairText in, int at) {
    return in.at(at) == '/' && (in.at(at + 1) == '/' || in.at(at + 1) == '*');
  }
}
