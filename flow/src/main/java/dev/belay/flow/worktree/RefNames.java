package dev.belay.flow.worktree;

import dev.belay.Sha256;
import java.util.regex.Pattern;

/** Names of branches and directories from names that people gave. */
final class RefNames {
  /** What the branch with the merged work of a run is called; no task is. */
  static final String MERGED = "merged";

  private static final Pattern PLAIN =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*");
  private static final int LONGEST = 60;
  private static final int LONGEST_START = 50;
  private static final int HASH_BYTES = 4;

  private RefNames() {}

  /**
   * One component of a ref or path. What is plain stays as it is; other names lose what may not be
   * in one, and get a hash instead, so that different names stay different.
   */
  static String component(String name) {
    if (PLAIN.matcher(name).matches()
        && name.length() <= LONGEST
        && !name.endsWith(".lock")
        && !name.equals(MERGED)) {
      return name;
    }
    String plain = name.replaceAll("[^A-Za-z0-9]+", "-").replaceAll("^-|-$", "");
    String start =
        plain.isEmpty() ? "x" : plain.substring(0, Math.min(plain.length(), LONGEST_START));
    return start + "-" + Sha256.hex(name, HASH_BYTES);
  }
}
