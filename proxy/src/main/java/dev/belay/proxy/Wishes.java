package dev.belay.proxy;

import dev.belay.RetryPolicy;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client says besides where it wants to go: by the headers {@code X-Belay-Policy}, {@code
 * X-Belay-Session}, {@code X-Belay-Region} and {@code X-Belay-Country}, or, where a tunnel hides
 * headers, in its proxy user name: {@code ann,policy=patient,session=42}.
 *
 * @param user who it says it is; empty if it does not say
 * @param password what proves it
 * @param words the wishes by name
 */
record Wishes(String user, String password, Map<String, String> words) {
  private static final String PREFIX = "x-belay-";
  private static final String[] NAMES = {"policy", "session", "region", "country"};
  private static final String[] HEADERS = headers();
  private static final int LONGEST = 256;
  private static final Wishes NONE = new Wishes("", "", Map.of());

  /** Reads the headers, and takes Belay's own out of them. */
  static Wishes take(MultiMap headers) {
    if (!hasAny(headers)) {
      return NONE;
    }
    String login = headers.get("Proxy-Authorization");
    Wishes wishes = login == null ? new Wishes("", "", new HashMap<>()) : basic(login);
    for (int i = 0; i < NAMES.length; i++) {
      String value = headers.get(HEADERS[i]);
      if (value != null) {
        wishes.words.put(NAMES[i], value);
        headers.remove(HEADERS[i]);
      }
    }
    return wishes;
  }

  /** One pass instead of a search for each: most requests have none. */
  private static boolean hasAny(MultiMap headers) {
    for (Map.Entry<String, String> header : headers) {
      String name = header.getKey();
      if (name.regionMatches(true, 0, PREFIX, 0, PREFIX.length())
          || name.equalsIgnoreCase("Proxy-Authorization")) {
        return true;
      }
    }
    return false;
  }

  /** Joined once. */
  private static String[] headers() {
    String[] headers = new String[NAMES.length];
    for (int i = 0; i < NAMES.length; i++) {
      headers[i] = PREFIX + NAMES[i];
    }
    return headers;
  }

  private static Wishes basic(String login) {
    if (!login.regionMatches(true, 0, "Basic ", 0, 6)) {
      return new Wishes("", "", new HashMap<>());
    }
    try {
      byte[] pair = Base64.getDecoder().decode(login.substring(6).strip());
      String text = new String(pair, StandardCharsets.UTF_8);
      int colon = text.indexOf(':');
      return colon < 0 ? of(text, "") : of(text.substring(0, colon), text.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return new Wishes("", "", new HashMap<>());
    }
  }

  /** From a user name that may carry wishes. */
  static Wishes of(String user, String password) {
    Map<String, String> words = new HashMap<>();
    String name = "";
    for (String part : user.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        name = part;
      } else {
        words.put(part.substring(0, equals), part.substring(equals + 1));
      }
    }
    return new Wishes(name, password, words);
  }

  /** What is wrong with them, if anything. */
  Optional<String> fault(Policies policies) {
    for (Map.Entry<String, String> word : words.entrySet()) {
      if (!isKnown(word.getKey())) {
        return Optional.of(
            "'%s' is not known here; use policy, session, region or country"
                .formatted(word.getKey()));
      }
      if (word.getValue().length() > LONGEST) {
        return Optional.of("'%s' is longer than %d characters".formatted(word.getKey(), LONGEST));
      }
    }
    String policy = words.get("policy");
    return policy == null || policies.named(policy).isPresent()
        ? Optional.empty()
        : Optional.of("there is no policy '%s'; there are %s".formatted(policy, policies.names()));
  }

  private static boolean isKnown(String word) {
    for (String name : NAMES) {
      if (name.equals(word)) {
        return true;
      }
    }
    return false;
  }

  RetryPolicy policy(Policies policies) {
    String name = words.get("policy");
    return name == null ? policies.standard() : policies.named(name).orElse(policies.standard());
  }

  String word(String name) {
    @Nullable String value = words.get(name);
    return value == null ? "" : value;
  }

  @Override
  public String toString() {
    return "Wishes[user=%s, words=%s]".formatted(user, words);
  }
}
