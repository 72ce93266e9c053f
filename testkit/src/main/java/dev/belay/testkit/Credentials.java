package dev.belay.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.Optional;

/** A user name and a password. */
record Credentials(String user, String password) {
  static final Credentials NONE = new Credentials("", "");

  /** What a {@code Proxy-Authorization} says; none when it is not Basic. */
  static Credentials ofBasic(Optional<String> header) {
    if (header.isEmpty() || !header.get().regionMatches(true, 0, "Basic ", 0, 6)) {
      return NONE;
    }
    try {
      byte[] decoded = Base64.getDecoder().decode(header.get().substring(6).strip());
      String pair = new String(decoded, UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0
          ? NONE
          : new Credentials(pair.substring(0, colon), pair.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return NONE; // not Base64: no credentials at all
    }
  }

  /** Never the password. */
  @Override
  public String toString() {
    return "Credentials[" + user + "]";
  }
}
