package dev.belay.process;

import java.util.Locale;
import java.util.Set;

/** What of our own environment a program gets to see. */
public enum Inherited {
  /** All of it, as a shell would do: for programs that the user has set up for themselves. */
  ALL,
  /** What a program needs to run at all; the rest may hold keys that are not its own. */
  HARMLESS;

  private static final Set<String> NAMES =
      Set.of(
          "HOME",
          "LANG",
          "LOGNAME",
          "NODE_EXTRA_CA_CERTS",
          "PATH",
          "SHELL",
          "SSL_CERT_DIR",
          "SSL_CERT_FILE",
          "TEMP",
          "TERM",
          "TMP",
          "TMPDIR",
          "TZ",
          "USER",
          // of Windows
          "APPDATA",
          "COMSPEC",
          "LOCALAPPDATA",
          "PATHEXT",
          "PROGRAMFILES",
          "SYSTEMDRIVE",
          "SYSTEMROOT",
          "USERNAME",
          "USERPROFILE");

  boolean includes(String name) {
    return this == ALL || NAMES.contains(name.toUpperCase(Locale.ROOT)) || name.startsWith("LC_");
  }
}
