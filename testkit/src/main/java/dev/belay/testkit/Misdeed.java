package dev.belay.testkit;

import java.util.List;
import java.util.Set;

/** What a proxy does instead of its work. */
sealed interface Misdeed extends Behaviour {
  String CHALLENGE = "Basic realm=\"belay\"";

  int GENERAL_FAILURE = 1;
  int NOT_ALLOWED = 2;
  int HOST_UNREACHABLE = 4;
  int REFUSED = 5;
  int EXPIRED = 6;

  /** A "no" in both languages: an HTTP response, and a SOCKS5 reply code. */
  record Status(Response response, int code) implements Misdeed {}

  record Ban(Set<String> hosts) implements Misdeed {}

  record WrongCredentials() implements Misdeed {}

  record Hang(boolean tunnelsOnly) implements Misdeed {}

  record AtAccept(boolean resets) implements Misdeed {}

  record Garbage(List<byte[]> pieces) implements Misdeed {}

  record HalfLine() implements Misdeed {}
}
