package dev.belay.bench.limits;

import dev.belay.Time;
import dev.belay.bench.program.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Measures each promise, says what came out as soon as it is known, and makes the table. */
public final class ChaosLimits {
  private static final Duration LEASE = Duration.ofSeconds(15);

  private final PrintStream out;

  /** Prints there. */
  public ChaosLimits(PrintStream out) {
    this.out = out;
  }

  /**
   * What came out.
   *
   * @param markdown the table
   * @param passed whether every bar is met
   */
  public record Outcome(String markdown, boolean passed) {
    static Outcome of(List<Limit> limits) {
      List<String> lines = new ArrayList<>();
      lines.add("| what | figure | bar | |");
      lines.add("|---|---|---|---|");
      limits.forEach(limit -> lines.add(limit.markdown()));
      return new Outcome(String.join("\n", lines), limits.stream().allMatch(Limit::met));
    }
  }

  /** Measures them all; about four minutes. */
  public Outcome run() throws Exception {
    Time time = Time.system();
    long begun = time.nanos();
    List<Limit> all = new ArrayList<>();
    Consumer<Limit> found =
        limit -> {
          out.printf("[%3d s] %s%n", (time.nanos() - begun) / 1_000_000_000, limit);
          all.add(limit);
        };
    Path folder = Files.createTempDirectory("belay-limits");
    try {
      out.println("proposing, scoring, writing down ...");
      new SearchLimits(folder).measure(found);
      found.accept(new ClientLimits().measure());
      live(folder, found);
    } finally {
      delete(folder);
    }
    return Outcome.of(all);
  }

  private void live(Path folder, Consumer<Limit> found) throws Exception {
    try (World world = new World(folder, LEASE, Duration.ZERO);
        Control control = new Control(world.control())) {
      Program server = null;
      Program plane = null;
      try {
        plane = world.openFronts();
        server = world.serve();
        out.println("ten sessions in a real server ...");
        new SessionLimits(world, control, server).measure(found);
        out.println("the data plane ...");
        new PlaneLimits(folder, world, control).measure(found);
        new Throughput(folder)
            .measure(world.control())
            .ifPresentOrElse(
                found, () -> out.println("throughput is not compared: install haproxy and gcc"));
        out.println("the executor ...");
        server = new ExecutorLimits(world, control).measure(server, found);
      } finally {
        if (server != null) {
          server.close();
        }
        if (plane != null) {
          plane.close();
        }
      }
    }
  }

  /** All of a folder, as far as it lets itself be deleted. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
        boolean unused = Files.deleteIfExists(file);
      }
    }
  }
}
