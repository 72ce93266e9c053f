package dev.belay.llm.form;

import dev.belay.llm.json.Json;
import java.util.ArrayList;
import java.util.List;
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
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char one = name.charAt(i);
      boolean upper = one >= 'A' && one <= 'Z';
      boolean afterLower = i > 0 && isLower(name.charAt(i - 1));
      if (!word.isEmpty() && ((upper && afterLower) || (!upper && !isLower(one)))) {
        words.add(word.toString());
        word.setLength(0);
      }
      if (upper || isLower(one)) {
        word.append(Character.toLowerCase(one));
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  private static boolean isLower(char one) {
    return (one >= 'a' && one <= 'z') || (one >= '0' && one <= '9');
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
