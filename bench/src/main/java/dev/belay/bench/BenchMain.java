package dev.belay.bench;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** The measurements, by verb; started by {@code bench/run}. */
public final class BenchMain {
  private static final String USAGE =
      """
      core [--quick] [--only PATTERN]  speed beside the peers; --only prints and writes nothing
      memory                           bytes of a breaker beside the peers
      stress [--quick] [PATTERN]       what threads may see of each other
      """;

  private BenchMain() {}

  /** Runs one verb, in the root of the repository. */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<String> all = List.of(arguments);
    String verb = all.isEmpty() ? "" : all.getFirst();
    Path page = Path.of("docs", "benchmarks.md");
    switch (verb) {
      case "core" -> new CoreRun(out, page).run(all.subList(1, all.size()));
      case "memory" -> new BreakerMemory(out, page).run();
      case "stress" -> StressRun.run(all.subList(1, all.size()));
      default -> {
        out.print(USAGE);
        System.exit(2);
      }
    }
  }
}
