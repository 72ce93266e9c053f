package dev.belay.llm.form;

import dev.belay.llm.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which names of members promise a secret. */
final class SecretNames {
  private static final Set<String> SECRET =
      Set.of(
          "apikey",
          "xapikey",
          "token",
          "secret",
          "password",
          "passwd",
          "pwd",
          "authorization",
          "proxyauthorization",
          "authorizationtoken",
          "accesstoken",
          "authtoken",
          "clientsecret",
          "auth",
          "cookie",
          "credential",
          "credentials",
          "jwt",
          "signature",
          "bearer",
          "private");

  /** What a secret word says when one of these follows: how many, of which kind, what it is for. */
  private static final Set<String> ABOUT =
      Set.of("id", "name", "type", "cap", "limit", "count", "budget", "usage");

  /** A key of these opens nothing. */
  private static final Set<String> PLAIN_KEYS =
      Set.of("run", "cache", "primary", "foreign", "sort", "partition", "public");

  private static final Set<String> OF_SCHEMAS =
      Set.of("$ref", "anyOf", "oneOf", "allOf", "enum", "const", "properties", "items");

  private static final Set<String> TYPES =
      Set.of("string", "number", "integer", "boolean", "object", "array", "null");

  private SecretNames() {}

  /** The words of {@code api_key}, {@code X-Api-Key} or {@code accessToken}, in lower case. */
  static List<String> words(String name) {
    return List.of(
        name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .toLowerCase(Locale.ROOT)
            .split("[^a-z0-9]+", -1));
  }

  /** {@code api_key} and {@code accessToken}; not {@code max_tokens}, {@code key_id}. */
  static boolean isSecret(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      boolean last = i + 1 == words.size();
      if (SECRET.contains(words.get(i)) && (last || !ABOUT.contains(words.get(i + 1)))) {
        return true;
      }
      if (last
          && words.get(i).equals("key")
          && (i == 0 || !PLAIN_KEYS.contains(words.get(i - 1)))) {
        return true;
      }
    }
    return false;
  }

  /** A property of a schema that is called "token" is no secret itself. */
  static boolean isSchema(Json.Obj object) {
    boolean typed =
        object.get("type").orElse(new Json.Null()) instanceof Json.Str type
            && TYPES.contains(type.value());
    return typed || object.members().keySet().stream().anyMatch(OF_SCHEMAS::contains);
  }
}
