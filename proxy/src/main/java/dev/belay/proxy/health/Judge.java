package dev.belay.proxy.health;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads from a judge's echo what a proxy told it. An echo that does not hold the mark which we sent
 * is none. Immutable.
 */
final class Judge {
  /** The header that carries the mark. */
  static final String MARK_HEADER = "X-Check-Mark";

  /** As headers, as keys of JSON, and as variables of CGI. */
  private static final Pattern TELLS_OF_A_PROXY =
      Pattern.compile(
          "(?<![a-z0-9])(http[-_])?(via|forwarded|forwarded[-_]for|x[-_]forwarded[-_][a-z]+"
              + "|x[-_]real[-_]ip|client[-_]ip|x[-_]client[-_]ip|proxy[-_]connection"
              + "|x[-_]proxy[-_][a-z]+|x[-_]forwarded|true[-_]client[-_]ip)\\b[\"']?\\s*(=>|[:=])");

  private final Set<Pattern> ownAddresses = new HashSet<>();

  /** One that knows these addresses of ours, or those of this machine if there are none. */
  Judge(Set<String> ownAddresses) {
    Set<String> known = ownAddresses.isEmpty() ? addressesOfThisMachine() : ownAddresses;
    known.forEach(address -> this.ownAddresses.add(whole(address)));
  }

  /** The address where it is not part of a longer one. */
  private static Pattern whole(String address) {
    String text = Pattern.quote(address.toLowerCase(Locale.ROOT));
    return address.indexOf(':') >= 0
        ? Pattern.compile("(?<![0-9a-f:])" + text + "(?![0-9a-f:])")
        : Pattern.compile("(?<![0-9.])" + text + "(?![0-9])(?!\\.[0-9])");
  }

  private static Set<String> addressesOfThisMachine() {
    try {
      Set<String> addresses = new HashSet<>();
      NetworkInterface.networkInterfaces()
          .flatMap(NetworkInterface::inetAddresses)
          .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
          .map(InetAddress::getHostAddress)
          .forEach(addresses::add);
      return addresses;
    } catch (SocketException unknown) {
      return Set.of(); // then nobody can be caught telling them
    }
  }

  /** What a proxy told, by the judge's answer to a request that carried the mark. */
  Anonymity read(String answer, String mark) {
    String echo = answer.toLowerCase(Locale.ROOT);
    if (!echo.contains(mark.toLowerCase(Locale.ROOT))) {
      return Anonymity.UNKNOWN;
    }
    if (ownAddresses.stream().anyMatch(address -> address.matcher(echo).find())) {
      return Anonymity.TRANSPARENT;
    }
    return TELLS_OF_A_PROXY.matcher(echo).find() ? Anonymity.ANONYMOUS : Anonymity.ELITE;
  }
}
