package dev.belay.llm.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** Draws JSON of every kind, with strings that look like syntax. */
public final class AnyJson {
  private static final List<String> TRAPS =
      List.of(
          "http://example.com/a?b=c#d",
          "// no comment",
          "/* neither */",
          "it's",
          "key: value",
          "a, b, c",
          "{not: json}",
          "```json\n{}\n```",
          "True None NaN",
          "\\\"\\",
          "tab\there",
          "\u0000\u001f",
          "ünï 🎈 \u2028",
          "“curly” ‘quotes’",
          "");

  private AnyJson() {}

  public static Json value(RandomGenerator random) {
    return value(random, 4);
  }

  private static Json value(RandomGenerator random, int deepest) {
    return switch (random.nextInt(deepest > 0 ? 7 : 5)) {
      case 0 -> Json.of(string(random));
      case 1 -> Json.of(random.nextLong());
      case 2 -> new Json.Num(new BigDecimal(random.nextInt() + "e" + random.nextInt(-20, 20)));
      case 3 -> Json.of(random.nextBoolean());
      case 4 -> new Json.Null();
      case 5 -> {
        List<Json> items = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          items.add(value(random, deepest - 1));
        }
        yield Json.of(items);
      }
      default -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
          members.put(string(random), value(random, deepest - 1));
        }
        yield new Json.Obj(members);
      }
    };
  }

  private static String string(RandomGenerator random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(3); i > 0; i--) {
      text.append(TRAPS.get(random.nextInt(TRAPS.size())));
      text.append((char) ('a' + random.nextInt(26)));
      if (random.nextInt(4) == 0) {
        text.append("\"',:{}[]/".charAt(random.nextInt(9)));
      }
    }
    return text.toString();
  }
}
