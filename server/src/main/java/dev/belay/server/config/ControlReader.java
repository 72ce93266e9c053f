package dev.belay.server.config;

import dev.belay.server.config.BelayConfig.Budget;
import dev.belay.server.config.BelayConfig.Control;
import dev.belay.server.config.BelayConfig.Store;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import java.time.Duration;
import java.util.regex.Pattern;

/** Reads {@code control}, {@code store} and {@code budget}. */
final class ControlReader {
  static final Range<Integer> PORT = Range.of(0, 65535);
  static final Pattern HOST = Pattern.compile("[A-Za-z0-9.:_-]{1,253}");
  static final String HOST_FORM = "a host name or an address, without brackets";

  static final Pattern STORE_URL =
      Pattern.compile("sqlite:[^\\s:][^\\x00-\\x1f]*|postgresql://[^\\s/][^\\s]*");
  static final String STORE_URL_FORM = "sqlite:FILE or postgresql://HOST/DATABASE";

  static final Pattern INSTANCE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
  static final String INSTANCE_FORM = "1 to 64 letters, digits, underscores or hyphens";

  static final Range<Duration> HISTORY = Range.of(Duration.ofHours(24), Duration.ofDays(90));

  private static final Pattern TOKEN = Pattern.compile("[!-~]{0,4096}");

  private ControlReader() {}

  static Control control(Section section) {
    section.givenText("host", "SERVER_HOST");
    section.givenNumber("port", "SERVER_PORT", "");
    String host = section.text("host", HOST, HOST_FORM, "127.0.0.1");
    int port = section.whole("port", PORT, 8080);
    String token = section.secret("token", TOKEN, "visible ASCII without spaces", "");
    boolean strict = section.yesNo("strict_status_codes", false);
    section.close();
    if (!Loopback.is(host) && token.isEmpty()) {
      section.wrong(
          "host",
          "is %s, which others can reach: add control.token, or use 127.0.0.1".formatted(host));
      return new Control("127.0.0.1", port, token, strict);
    }
    return new Control(host, port, token, strict);
  }

  static Store store(Section section, boolean warmStart) {
    Store from = Store.at("sqlite:.belay/belay.db");
    Store store =
        new Store(
            section.secret("url", STORE_URL, STORE_URL_FORM, from.url()),
            section.text("instance", INSTANCE, INSTANCE_FORM, from.instance()),
            section.length("history", HISTORY, from.history()),
            warmStart);
    section.close();
    return store;
  }

  static Budget budget(Section section) {
    Budget from = Budget.DEFAULT;
    Range<Double> perSecond = Range.of(0.0, 1e6);
    Budget budget =
        new Budget(
            section.number("share", Range.of(0.0, 10.0), from.share()),
            section.number("reserve_per_second", perSecond, from.reservePerSecond()),
            section.whole("capacity", Range.of(1, 1_000_000), from.capacity()));
    section.close();
    return budget;
  }
}
