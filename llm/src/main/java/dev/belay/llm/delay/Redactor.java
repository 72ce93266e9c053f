package dev.belay.llm.delay;

import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Takes secrets out of what is to be written down: by the name of a member, and by what a key looks
 * like wherever it stands. Cuts what is long and deep.
 */
final class Redactor {
  static final String HIDDEN = "[redacted]";

  private static final int LONGEST_VALUE = 200;
  private static final int LONGEST_TEXT = 20_000;
  private static final int DEEPEST = 5;
  private static final int MOST_MEMBERS = 200;

  private static final Set<String> SECRET_WORDS =
      Set.of(
          "key",
          "apikey",
          "token",
          "secret",
          "password",
          "passwd",
          "pwd",
          "authorization",
          "auth",
          "cookie",
          "credential",
          "credentials",
          "jwt",
          "signature",
          "bearer",
          "private");

  /** What keys of providers and logins look like. */
  private static final List<Pattern> SECRETS =
      List.of(
          Pattern.compile("\\b(?:sk|pk|rk|gsk|xai|hf|r8|key)[-_][A-Za-z0-9_-]{8,}"),
          Pattern.compile("\\bAIza[A-Za-z0-9_-]{20,}"),
          Pattern.compile("\\b(?:AKIA|ASIA)[A-Z0-9]{12,}"),
          Pattern.compile(
              "\\b(?:ghp|gho|ghs|ghu|glpat|github_pat|xox[abprs])[-_][A-Za-z0-9_-]{8,}"),
          Pattern.compile("\\beyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*)?"),
          Pattern.compile("(?i)\\b(?:bearer|basic)\\s+[A-Za-z0-9._~+/=-]{6,}"),
          Pattern.compile("(?<=://)[^/\\s:@]{1,200}:[^/\\s@]{1,200}(?=@)"),
          Pattern.compile(
              "(?i)(?<=[?&;\\s\"'](?:api[-_]?key|access[-_]?token|token|secret|password|key)[=:])"
                  + "[^&\\s\"']{4,}"),
          Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----[\\s\\S]*?(?:-----END|$)"));

  private Redactor() {}

  /** A text for people, without what looks like a key. */
  static String text(String text) {
    String bounded = cut(text, LONGEST_TEXT);
    for (Pattern secret : SECRETS) {
      bounded = secret.matcher(bounded).replaceAll(HIDDEN);
    }
    return bounded;
  }

  /** A value of a member, which is short. */
  static String value(String text) {
    return cut(text(text), LONGEST_VALUE);
  }

  static Json.Obj object(Json.Obj object) {
    return object(object, 1);
  }

  private static Json.Obj object(Json.Obj object, int depth) {
    Map<String, Json> members = new LinkedHashMap<>();
    for (Map.Entry<String, Json> member : object.members().entrySet()) {
      if (members.size() < MOST_MEMBERS) {
        String name = value(member.getKey());
        members.put(
            name, isSecret(member.getKey()) ? Json.of(HIDDEN) : json(member.getValue(), depth + 1));
      }
    }
    return new Json.Obj(members);
  }

  private static Json json(Json json, int depth) {
    return switch (json) {
      case Json.Obj object -> depth > DEEPEST ? Json.of("{…}") : object(object, depth);
      case Json.Arr array -> depth > DEEPEST ? Json.of("[…]") : array(array, depth);
      case Json.Str string -> Json.of(value(string.value()));
      case Json.Num number -> number;
      case Json.Bool bool -> bool;
      case Json.Null nothing -> nothing;
    };
  }

  private static Json.Arr array(Json.Arr array, int depth) {
    List<Json> items = new ArrayList<>();
    for (Json item : array.items()) {
      if (items.size() < MOST_MEMBERS) {
        items.add(json(item, depth + 1));
      }
    }
    return new Json.Arr(items);
  }

  /**
   * {@code api_key}, {@code X-Api-Key} and {@code accessToken}; not {@code max_tokens}, {@code
   * key_id}.
   */
  static boolean isSecret(String name) {
    String[] words =
        name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT)
            .split("[^a-z0-9]+", -1);
    for (int i = 0; i < words.length; i++) {
      boolean isName =
          i + 1 < words.length && (words[i + 1].equals("id") || words[i + 1].equals("name"));
      if (SECRET_WORDS.contains(words[i]) && !isName) {
        return true;
      }
    }
    return false;
  }

  private static String cut(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most - 1) + "…";
  }
}
