package dev.belay.bench;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jcstress.Main;

/** Hands over to jcstress, which leaves its results in the working directory. */
final class StressRun {
  private StressRun() {}

  static void run(List<String> wishes) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-r", "report"));
    arguments.addAll(
        wishes.contains("--quick")
            // one way to compile all actors, and threads wherever they run
            ? List.of("-m", "quick", "-sc", "false", "-af", "NONE")
            : List.of("-m", "default"));
    List<String> patterns = wishes.stream().filter(wish -> !wish.startsWith("--")).toList();
    arguments.addAll(List.of("-t", patterns.isEmpty() ? "dev.belay.bench" : patterns.getFirst()));
    Main.main(arguments.toArray(String[]::new));
  }
}
