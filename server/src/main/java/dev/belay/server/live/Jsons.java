package dev.belay.server.live;

import dev.belay.BreakerState;
import dev.belay.http.ProxyAddress;
import java.time.Duration;
import java.util.Locale;

/** How values are written in JSON, everywhere the same way. */
public final class Jsons {
  private Jsons() {}

  /** Seconds as a decimal. */
  public static double seconds(Duration length) {
    return length.getSeconds() + length.getNano() / 1e9;
  }

  /** The name of a constant in lower case. */
  public static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  /** The id of the proxy of this name; the name itself for what is no proxy. */
  public static String proxyId(String name) {
    return ProxyAddress.idOf(name).orElse(name);
  }

  /** {@code closed}, {@code open} or {@code half_open}. */
  public static String state(BreakerState state) {
    return switch (state) {
      case CLOSED, HELD_CLOSED -> "closed";
      case OPEN, HELD_OPEN -> "open";
      case HALF_OPEN -> "half_open";
    };
  }
}
