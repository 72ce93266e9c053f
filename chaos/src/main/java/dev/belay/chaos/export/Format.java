package dev.belay.chaos.export;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** How a plan can be written down. */
public enum Format {
  /** The document that fault executors take. */
  POLICY_YAML(".policy.yaml"),
  /** A shell script that applies the plan, asks, and takes the plan back. */
  CURL(".sh"),
  /** The source of a JUnit test that uses this library. */
  JUNIT(".java"),
  /** An experiment of Chaos Toolkit. */
  CHAOS_TOOLKIT(".chaos-toolkit.json"),
  /** Toxics of Toxiproxy. What it does not know is listed as left out. */
  TOXIPROXY(".toxiproxy.json"),
  /** Fault filters of Envoy. What it does not know is listed as left out. */
  ENVOY(".envoy.json");

  private final String ending;

  Format(String ending) {
    this.ending = ending;
  }

  /** Its name in documents and addresses, such as {@code chaos-toolkit}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a file in this format is called. */
  public String fileName(Reproducer what) {
    return this == JUNIT ? JUnitSource.className(what) + ending : what.name() + ending;
  }

  /**
   * The format of a name: {@code policy}, {@code curl}, {@code junit}, {@code chaostoolkit}, {@code
   * toxiproxy} or {@code envoy}; those of {@link #word} do, too.
   */
  public static Optional<Format> of(String name) {
    return Stream.of(values())
        .filter(format -> format.shortWord().equals(name) || format.word().equals(name))
        .findFirst();
  }

  /** The names that {@link #of} knows, the short ones. */
  public static List<String> words() {
    return Stream.of(values()).map(Format::shortWord).toList();
  }

  private String shortWord() {
    return this == POLICY_YAML ? "policy" : name().toLowerCase(Locale.ROOT).replace("_", "");
  }

  /** A plan in this format. */
  public String write(Reproducer what) {
    return switch (this) {
      case POLICY_YAML -> PolicyYaml.write(what);
      case CURL -> CurlScript.write(what);
      case JUNIT -> JUnitSource.write(what);
      case CHAOS_TOOLKIT -> ChaosToolkit.write(what);
      case TOXIPROXY -> Toxiproxy.write(what);
      case ENVOY -> EnvoyFilter.write(what);
    };
  }
}
