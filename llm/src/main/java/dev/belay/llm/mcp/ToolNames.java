package dev.belay.llm.mcp;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32;

/** Names under which tools of servers are offered, such that every provider takes them. */
final class ToolNames {
  /** The shortest of what providers allow. */
  static final int LONGEST = 64;

  private static final String BETWEEN = "__";

  private ToolNames() {}

  /**
   * {@code server__tool}, the same each time; with a mark at its end where that would be too long,
   * or the name of another.
   */
  static String of(String server, String tool, Set<String> taken) {
    String plain = fit(server) + BETWEEN + fit(tool);
    plain = Character.isDigit(plain.charAt(0)) || plain.charAt(0) == '-' ? "t_" + plain : plain;
    if (plain.length() <= LONGEST && !taken.contains(plain)) {
      return plain;
    }
    String name = marked(plain, server + "\n" + tool);
    for (int again = 1; taken.contains(name); again++) {
      name = marked(plain, server + "\n" + tool + "\n" + again);
    }
    return name;
  }

  private static String fit(String name) {
    return name.replaceAll("[^A-Za-z0-9_-]", "_");
  }

  private static String marked(String plain, String of) {
    CRC32 sum = new CRC32();
    sum.update(of.getBytes(StandardCharsets.UTF_8));
    String mark = "_%08x".formatted(sum.getValue());
    return plain.substring(0, Math.min(plain.length(), LONGEST - mark.length())) + mark;
  }
}
