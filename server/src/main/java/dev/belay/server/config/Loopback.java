package dev.belay.server.config;

import java.util.regex.Pattern;

/** Tells addresses that only this machine can reach. */
final class Loopback {
  private static final Pattern ADDRESS = Pattern.compile("127(\\.\\d{1,3}){3}|localhost|::1");

  private Loopback() {}

  static boolean is(String host) {
    return ADDRESS.matcher(host).matches();
  }
}
