package dev.belay.llm.check.judge;

import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Texts that are judged, between marks that nobody can foresee, so that no text can end its own
 * quotation and speak to the judge.
 */
final class Exhibits {
  private static final int BYTES = 16;

  private Exhibits() {}

  static String quoted(Map<String, String> texts, RandomGenerator random) {
    String mark = mark(random);
    while (contains(texts, mark)) {
      mark = mark(random);
    }
    StringBuilder quoted = new StringBuilder();
    for (Map.Entry<String, String> text : texts.entrySet()) {
      quoted
          .append("<<%s %s>>\n".formatted(text.getKey(), mark))
          .append(text.getValue())
          .append("\n<<END %s %s>>\n".formatted(text.getKey(), mark));
    }
    return quoted.toString();
  }

  private static boolean contains(Map<String, String> texts, String mark) {
    return texts.values().stream().anyMatch(text -> text.contains(mark));
  }

  private static String mark(RandomGenerator random) {
    byte[] bytes = new byte[BYTES];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
