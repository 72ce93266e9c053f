package dev.belay.llm.check;

import com.google.re2j.Pattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/** Forms of addresses; nothing is looked up. */
final class Addresses {
  private static final Pattern LOCAL =
      Pattern.compile("[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+(\\.[\\p{L}\\p{N}!#$%&'*+/=?^_`{|}~-]+)*");
  private static final Pattern DOMAIN =
      Pattern.compile(
          "([\\p{L}\\p{N}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])?\\.)+[\\p{L}]([\\p{L}\\p{N}-]{0,61}[\\p{L}\\p{N}])");
  private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

  private Addresses() {}

  static boolean isEmail(String text) {
    int at = text.lastIndexOf('@');
    return at >= 1
        && at <= 64
        && text.length() <= 254
        && LOCAL.matches(text.substring(0, at))
        && DOMAIN.matches(text.substring(at + 1));
  }

  static boolean isUrl(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      String authority = uri.getRawAuthority();
      return (scheme.equals("http") || scheme.equals("https"))
          && authority != null
          && (uri.getHost() != null || DOMAIN.matches(authority));
    } catch (URISyntaxException bad) {
      return false;
    }
  }

  static boolean isIpv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (String part : parts) {
      if (!Pattern.matches("0|[1-9][0-9]{0,2}", part) || Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  /** RFC 4291: eight groups, of which one run of zeros may be left out. */
  static boolean isIpv6(String text) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return groups(text) == 8;
    }
    if (text.indexOf("::", gap + 1) >= 0) {
      return false;
    }
    int before = gap == 0 ? 0 : groups(text.substring(0, gap));
    String tail = text.substring(gap + 2);
    int after = tail.isEmpty() ? 0 : groups(tail);
    boolean v4Before = text.substring(0, gap).indexOf('.') >= 0;
    return before >= 0 && after >= 0 && !v4Before && before + after <= 7;
  }

  /** How many groups there are, an IPv4 address at the end counting as two; -1 if one is none. */
  private static int groups(String text) {
    String[] parts = text.split(":", -1);
    int groups = 0;
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      if (last && parts[i].indexOf('.') >= 0 && isIpv4(parts[i])) {
        groups += 2;
      } else if (GROUP.matches(parts[i])) {
        groups++;
      } else {
        return -1;
      }
    }
    return groups;
  }
}
