package dev.belay.http;

import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Takes out of a message what was meant for the next hop only (RFC 9110, 7.6.1), in place. Safe for
 * any number of threads as far as the headers are.
 */
public final class HopHeaders {
  private static final List<String> ALWAYS =
      List.of("Connection", "Keep-Alive", "Proxy-Connection", "Transfer-Encoding", "TE", "Upgrade");

  // named in Connection, these still belong to the message: taking them out would change it
  private static final Set<String> KEPT =
      Set.of("host", "content-length", "content-type", "date", "cache-control");

  private HopHeaders() {}

  /** Whether there is anything to take out: most messages have nothing, and this is one pass. */
  private static boolean concerns(MultiMap headers) {
    for (Map.Entry<String, String> header : headers) {
      if (concerns(header.getKey())) {
        return true;
      }
    }
    return false;
  }

  private static boolean concerns(String name) {
    return switch (name.length()) {
      case 2 -> name.equalsIgnoreCase("TE");
      case 7 -> name.equalsIgnoreCase("Upgrade");
      case 10 -> name.equalsIgnoreCase("Connection") || name.equalsIgnoreCase("Keep-Alive");
      case 16, 18, 19, 25 -> name.regionMatches(true, 0, "Proxy-", 0, 6);
      case 17 -> name.equalsIgnoreCase("Transfer-Encoding");
      default -> false;
    };
  }

  /**
   * Makes a request fit for the next hop: no hop-by-hop headers, none that {@code Connection}
   * names, no {@code Proxy-Authorization}. {@code TE: trailers} stays.
   *
   * @param passUpgrade whether {@code Upgrade} goes through, with a {@code Connection} to match
   */
  public static void cleanRequest(MultiMap headers, boolean passUpgrade) {
    if (!concerns(headers)) {
      return;
    }
    boolean trailers = acceptsTrailers(headers);
    clean(headers, passUpgrade);
    headers.remove("Proxy-Authorization");
    if (trailers) {
      headers.set("TE", "trailers");
      headers.add("Connection", "TE");
    }
  }

  /**
   * Makes an answer fit for the previous hop. {@code Proxy-Authenticate} and {@code
   * Proxy-Authentication-Info} are taken out too: they are between us and our own proxy, and
   * neither log in our caller.
   *
   * @param passUpgrade whether {@code Upgrade} goes through, with a {@code Connection} to match
   */
  public static void cleanResponse(MultiMap headers, boolean passUpgrade) {
    if (!concerns(headers)) {
      return;
    }
    clean(headers, passUpgrade);
    headers.remove("Proxy-Authenticate");
    headers.remove("Proxy-Authentication-Info");
  }

  private static void clean(MultiMap headers, boolean passUpgrade) {
    List<String> upgrades = passUpgrade ? headers.getAll("Upgrade") : List.of();
    for (String line : headers.getAll("Connection")) {
      for (String token : line.split(",", -1)) {
        String name = token.strip();
        if (!name.isEmpty() && !KEPT.contains(name.toLowerCase(Locale.ROOT))) {
          headers.remove(name);
        }
      }
    }
    for (String name : ALWAYS) {
      headers.remove(name);
    }
    if (!upgrades.isEmpty()) {
      headers.set("Upgrade", upgrades);
      headers.set("Connection", "Upgrade");
    }
  }

  private static boolean acceptsTrailers(MultiMap headers) {
    for (String line : headers.getAll("TE")) {
      for (String token : line.split(",", -1)) {
        if (token.strip().equalsIgnoreCase("trailers")) {
          return true;
        }
      }
    }
    return false;
  }
}
