package dev.belay.server.config;

import dev.belay.settings.Section;

/** Finds two listeners that want one port: the second would not start. */
final class PortClash {
  private PortClash() {}

  /** What one listener wants. */
  record Port(Section section, String key, int number) {
    String path() {
      return section.pathOf(key);
    }

    void clashesWith(Port other) {
      section.wrong(
          key,
          "is %d, and so is %s; give each its own, or 0 for any free one"
              .formatted(number, other.path()));
    }
  }

  static void check(Port... ports) {
    for (int i = 0; i < ports.length; i++) {
      for (int j = 0; j < i; j++) {
        if (ports[i].number() == ports[j].number() && ports[i].number() != 0) {
          blame(ports[i], ports[j]);
        }
      }
    }
  }

  /** Whichever is written in the file. */
  private static void blame(Port later, Port earlier) {
    if (later.section().has(later.key())) {
      later.clashesWith(earlier);
    } else {
      earlier.clashesWith(later);
    }
  }
}
