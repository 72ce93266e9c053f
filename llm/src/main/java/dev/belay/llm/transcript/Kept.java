package dev.belay.llm.transcript;

import dev.belay.llm.form.Redaction;
import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What of a line is kept: all but secrets, and of a long text its beginning. */
final class Kept {
  private static final String CUT = "…[cut: ";

  /** Of a run, by which it is known: no secret, whatever its name sounds like. */
  private static final String KEY = "key";

  private Kept() {}

  /** Secrets go first: a cut could leave a part of one that nobody knows for a secret. */
  static Json.Obj json(Json.Obj line, int longestText) {
    Json.Obj kept = Redaction.object(line);
    Optional<Json> key = line.get(KEY).map(Redaction::json);
    return cut(key.map(name -> kept.with(KEY, name)).orElse(kept), longestText);
  }

  private static Json.Obj cut(Json.Obj object, int longest) {
    Map<String, Json> members = new LinkedHashMap<>();
    object.members().forEach((name, value) -> members.put(name, cut(value, longest)));
    return new Json.Obj(members);
  }

  private static Json cut(Json value, int longest) {
    return switch (value) {
      case Json.Obj object -> cut(object, longest);
      case Json.Arr array ->
          Json.of(array.items().stream().map(item -> cut(item, longest)).toList());
      case Json.Str text -> Json.of(cut(text.value(), longest));
      case Json.Num number -> number;
      case Json.Bool bool -> bool;
      case Json.Null none -> none;
    };
  }

  private static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    // half a character would not survive the file
    int end = Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
    return text.substring(0, end) + CUT + text.length() + " characters]";
  }

  /** What stands for a conversation that does not fit. */
  static String tooLarge() {
    return CUT + "the whole conversation]";
  }

  /** Whether nothing was taken out of a text, as far as it shows. */
  static boolean isWhole(String text) {
    return !text.contains(Redaction.MARK) && !text.contains(CUT);
  }
}
