package dev.belay.http;

import static java.util.Objects.requireNonNull;

import dev.belay.Check;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A user and a password. Immutable; prints the user only.
 *
 * @param user at least one character
 * @param password may be empty; never printed
 */
public record Credentials(String user, String password) {

  /** Rejects an empty user and control characters in either part. */
  public Credentials {
    requireNonNull(user, "user");
    requireNonNull(password, "password");
    Check.that(!user.isEmpty(), "user must not be empty");
    Check.that(
        !hasControl(user) && !hasControl(password),
        "user and password must not contain control characters");
  }

  /** The value of a {@code Proxy-Authorization} or {@code Authorization} header, in UTF-8. */
  String basic() {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static boolean hasControl(String text) {
    return text.chars().anyMatch(c -> c < ' ' || c == 0x7f);
  }

  @Override
  public String toString() {
    return "Credentials[user=" + user + "]";
  }
}
