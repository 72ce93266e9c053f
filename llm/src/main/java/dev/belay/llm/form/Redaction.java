package dev.belay.llm.form;

import com.google.re2j.Pattern;
import dev.belay.llm.json.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes out what must not be kept: values of members that are named like a secret, all values of
 * {@code env} and {@code headers}, and texts that look like a key. Safe for any number of threads.
 */
public final class Redaction {
  /** What stands where something was taken out. */
  public static final String MARK = "[redacted]";

  private static final Pattern KEY =
      Pattern.compile(
          "(?:\\b|_)sk-[A-Za-z0-9_-]{8,}|\\b(?:gsk|xai|hf|r8)[-_][A-Za-z0-9]{16,}|AIza[A-Za-z0-9_-]{20,}|gh[pousr]_[A-Za-z0-9]{20,}"
              + "|github_pat_[A-Za-z0-9_]{20,}|xox[abprs]-[A-Za-z0-9-]{10,}|AKIA[A-Z0-9]{16}"
              + "|eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*"
              + "|(?i:bearer|basic)[ \\t]+[A-Za-z0-9._~+/=-]{8,}"
              + "|(?i:(?:x-)?api[-_ ]?key|authorization|proxy-authorization|password|secret)"
              + "\\\\*[\"']?[ \\t]*[:=][ \\t]*\\\\*[\"']?(?i:(?:bearer|basic)[ \\t]+)?[^\\s\"',;}]{6,}");

  /** What stands before the host in an address. */
  private static final Pattern LOGIN =
      Pattern.compile("://[^/\\s:@\"']{0,200}:[^/\\s@\"']{1,500}@");

  /** A key in the query of an address. */
  private static final Pattern QUERY =
      Pattern.compile(
          "(?i)([?&](?:api[-_]?key|access[-_]?token|auth|token|secret|password|key|sig|signature)=)"
              + "[^&#\\s\"']{4,}");

  private static final Set<String> WHOLE = Set.of("env", "headers", "cookies");
  private static final Set<String> SECRET =
      Set.of(
          "apikey",
          "xapikey",
          "authorization",
          "proxyauthorization",
          "authorizationtoken",
          "accesstoken",
          "authtoken",
          "token",
          "password",
          "passwd",
          "secret",
          "clientsecret",
          "credentials",
          "cookie");

  private Redaction() {}

  /** A text without what looks like a key. */
  public static String text(String text) {
    String keyless = KEY.matcher(text).replaceAll("[redacted]");
    String anonymous = LOGIN.matcher(keyless).replaceAll("://[redacted]@");
    return QUERY.matcher(anonymous).replaceAll("$1[redacted]");
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
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    if (WHOLE.contains(plain) && value instanceof Json.Obj object) {
      Map<String, Json> names = new LinkedHashMap<>();
      object.members().keySet().forEach(key -> names.put(text(key), Json.of(MARK)));
      return new Json.Obj(names);
    }
    // A property of a schema that is called "token" is an object, and no secret itself.
    return SECRET.contains(plain) && value instanceof Json.Str ? Json.of(MARK) : json(value);
  }
}
