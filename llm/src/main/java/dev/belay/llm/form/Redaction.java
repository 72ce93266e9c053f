package dev.belay.llm.form;

import com.google.re2j.Pattern;
import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes out what must not be kept: values of members that are named like a secret, all values of
 * {@code env} and {@code headers}, and of texts what looks like a key. Takes linear time, whatever
 * the text. Safe for any number of threads.
 */
public final class Redaction {
  /** What stands where something was taken out. */
  public static final String MARK = "[redacted]";

  /** A pattern, and what takes the place of what it finds. */
  private record Rule(Pattern pattern, String instead) {}

  /** A whole block goes before anything inside of it is looked at. */
  private static final List<Rule> RULES =
      List.of(
          new Rule(
              Pattern.compile(
                  "-----BEGIN [A-Z ]*PRIVATE KEY[A-Z ]*-----(?s:.*?)(?:-----END[A-Z ]*-----|\\z)"),
              MARK),
          new Rule(Pattern.compile(keys()), MARK),
          new Rule(
              Pattern.compile("://[^/\\s:@\"']{0,200}:[^/\\s@\"']{1,500}@"), "://" + MARK + "@"),
          new Rule(
              Pattern.compile(
                  "(?i)((?:^|[?&;\\s\"'])(?:api[-_]?key|(?:access|refresh|auth)[-_]?token|auth|token"
                      + "|secret|password|passwd|pwd|key|sig|signature)[=:])[^&#\\s\"']{4,}"),
              "$1" + MARK));

  private static final Set<String> WHOLE = Set.of("env", "headers", "cookies");

  private Redaction() {}

  /** What keys of providers and logins look like. */
  private static String keys() {
    return String.join(
        "|",
        "(?:\\b|_)sk-[A-Za-z0-9_-]{8,}",
        "\\b(?:sk|pk|rk)_[A-Za-z0-9_-]{8,}",
        "\\b(?:gsk|xai|hf|r8|fw|pplx|csk|jina|tvly|tgp_v1|key)[-_][A-Za-z0-9]{16,}[A-Za-z0-9_-]*",
        "\\b(?:nvapi|lsv2_pt|bedrock-api-key)[-_][A-Za-z0-9_-]{16,}",
        "\\bdapi[a-f0-9]{32}",
        "\\bya29\\.[A-Za-z0-9_-]{16,}",
        "AIza[A-Za-z0-9_-]{20,}",
        "(?:AKIA|ASIA|ABSK)[A-Z0-9]{12,}[A-Za-z0-9+/=]*",
        "\\b(?:gh[pousr]|glpat|github_pat|xox[abeprs])[-_][A-Za-z0-9_-]{8,}",
        "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{4,}(?:\\.[A-Za-z0-9_-]*)?",
        "\\b(?i:bearer)\\s+[A-Za-z0-9._~+/=-]{6,}",
        "\\b(?i:basic)\\s+[A-Za-z0-9._~+/=-]{8,}",
        "(?i:(?:x-)?api[-_ ]?key|(?:proxy-)?authorization|password|passwd|secret"
            + "|(?:access|refresh|auth)[-_]?token)"
            + "\\\\*[\"']?[ \\t]*[:=][ \\t]*\\\\*[\"']?(?i:(?:bearer|basic)[ \\t]+)?"
            + "[^\\s\"',;}]{6,}");
  }

  /** A text without what looks like a key. */
  public static String text(String text) {
    String kept = text;
    for (Rule rule : RULES) {
      kept = rule.pattern.matcher(kept).replaceAll(rule.instead);
    }
    return kept;
  }

  /** An object without secrets; its shape stays. */
  public static Json.Obj object(Json.Obj from) {
    Map<String, Json> kept = new LinkedHashMap<>();
    from.members().forEach((name, value) -> kept.put(text(name), member(name, value)));
    return new Json.Obj(kept);
  }

  /** A value without secrets; its shape stays. */
  public static Json json(Json from) {
    return switch (from) {
      case Json.Obj object -> object(object);
      case Json.Arr array -> Json.of(array.items().stream().map(Redaction::json).toList());
      case Json.Str string -> Json.of(text(string.value()));
      case Json.Num number -> number;
      case Json.Bool bool -> bool;
      case Json.Null none -> none;
    };
  }

  private static Json member(String name, Json value) {
    List<String> words = SecretNames.words(name);
    boolean whole = words.size() == 1 && WHOLE.contains(words.getFirst());
    return switch (value) {
      case Json.Obj object when SecretNames.isSchema(object) -> object(object);
      case Json.Obj object when whole || SecretNames.isSecret(words) -> hidden(object);
      case Json.Arr array when whole -> hidden(array);
      case Json.Arr array when SecretNames.isSecret(words) -> Json.of(MARK);
      case Json.Str text when SecretNames.isSecret(words) -> Json.of(MARK);
      case Json.Num number when SecretNames.isSecret(words) -> Json.of(MARK);
      case Json other -> json(other);
    };
  }

  /** Its shape and its names alone. */
  private static Json hidden(Json value) {
    return switch (value) {
      case Json.Obj object -> {
        Map<String, Json> names = new LinkedHashMap<>();
        object.members().forEach((name, secret) -> names.put(text(name), hidden(secret)));
        yield new Json.Obj(names);
      }
      case Json.Arr array -> Json.of(array.items().stream().map(Redaction::hidden).toList());
      case Json.Str text -> Json.of(MARK);
      case Json.Num number -> Json.of(MARK);
      case Json.Bool bool -> bool;
      case Json.Null none -> none;
    };
  }
}
