package dev.belay.proxy.source;

import dev.belay.Check;
import dev.belay.http.ProxyAddress;
import dev.belay.http.ProxyAddress.Scheme;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ways in which lists write a proxy in one word. */
final class AddressForms {
  private static final int LONGEST = 4096;

  private static final Pattern HOST_FIRST =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+):([0-9]{1,5})(?::(.*))?");

  private AddressForms() {}

  /**
   * The proxy that a word names.
   *
   * @throws IllegalArgumentException that says what is wrong and shows neither user nor password
   */
  static ProxyAddress parse(String text, Scheme scheme) {
    Check.that(text.length() <= LONGEST, "is longer than %d characters", LONGEST);
    if (text.contains("://")) {
      return ProxyAddress.parse(text);
    }
    Matcher hostFirst = HOST_FIRST.matcher(text);
    int at = text.lastIndexOf('@');
    if (hostFirst.matches() && (at < 0 || isClearlyAHost(hostFirst.group(1)))) {
      String place = hostFirst.group(1) + ":" + hostFirst.group(2);
      String login = hostFirst.group(3);
      return login == null
          ? ProxyAddress.parse(scheme.text() + "://" + place)
          : withLogin(scheme, place, login);
    }
    return at < 0
        ? ProxyAddress.parse(scheme.text() + "://" + text)
        : withLogin(scheme, text.substring(at + 1), text.substring(0, at));
  }

  /** A user is seldom written like this. */
  private static boolean isClearlyAHost(String text) {
    return text.startsWith("[") || text.indexOf('.') > 0;
  }

  private static ProxyAddress withLogin(Scheme scheme, String place, String login) {
    int colon = login.indexOf(':');
    Check.that(colon >= 0 || scheme.isSocks4(), "has a user without a password");
    String user = colon < 0 ? login : login.substring(0, colon);
    String password = colon < 0 ? "" : login.substring(colon + 1);
    return withLogin(scheme, place, user, password);
  }

  /** A proxy with user and password as they are, not percent-encoded; none if both are empty. */
  static ProxyAddress withLogin(Scheme scheme, String place, String user, String password) {
    String start = scheme.text() + "://";
    return user.isEmpty() && password.isEmpty()
        ? ProxyAddress.parse(start + place)
        : ProxyAddress.parse(start + encoded(user) + ":" + encoded(password) + "@" + place);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
