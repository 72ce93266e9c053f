package dev.belay.llm.gateway;

import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The keys of the gateway's own clients. Safe for any number of threads. */
final class Keys {
  private static final String BEARER = "Bearer ";

  private final Map<String, String> keys;

  Keys(Map<String, String> keys) {
    this.keys = keys;
  }

  /** Whose key came along: an empty name if nobody needs one; nothing if it is nobody's. */
  Optional<String> owner(MultiMap headers) {
    if (keys.isEmpty()) {
      return Optional.of("");
    }
    byte[] brought = brought(headers).getBytes(StandardCharsets.UTF_8);
    String owner = null;
    // all are compared, so that the time taken tells nothing
    for (Map.Entry<String, String> key : keys.entrySet()) {
      if (MessageDigest.isEqual(key.getValue().getBytes(StandardCharsets.UTF_8), brought)) {
        owner = key.getKey();
      }
    }
    return Optional.ofNullable(owner);
  }

  private static String brought(MultiMap headers) {
    @Nullable String own = headers.get("x-api-key");
    if (own != null) {
      return own;
    }
    @Nullable String login = headers.get("authorization");
    return login != null && login.regionMatches(true, 0, BEARER, 0, BEARER.length())
        ? login.substring(BEARER.length()).strip()
        : "";
  }
}
