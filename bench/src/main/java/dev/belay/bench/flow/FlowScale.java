package dev.belay.bench.flow;

import dev.belay.Time;
import dev.belay.flow.BackendSettings;
import dev.belay.flow.Plan;
import dev.belay.flow.RunLimits;
import dev.belay.flow.RunState;
import dev.belay.flow.RunStatus;
import dev.belay.flow.Task;
import dev.belay.flow.journal.MemoryRunStore;
import dev.belay.flow.journal.RunStore;
import dev.belay.flow.run.LocalEngine;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The time that the runner itself takes for each task of a large plan, and the memory that it takes
 * for many tasks at once. Agents do nothing, so that all of it is its own.
 */
public final class FlowScale {
  private static final int TASKS = 10_000;
  private static final int AT_ONCE = 1_000;

  private final PrintStream out;
  private final Supplier<RunStore> stores;

  /** Prints there; runs are remembered in memory. */
  public FlowScale(PrintStream out) {
    this.out = out;
    this.stores = MemoryRunStore::new;
  }

  /** Shapes of plans. */
  private enum Shape {
    /** One after the other. */
    CHAIN,
    /** All at once. */
    FAN,
    /** Each needs up to three of the hundred before it. */
    MESH
  }

  /** Measures all; gives a table. */
  public String run() throws IOException, InterruptedException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| plan of 10,000 tasks | whole run, s | own time per task, µs | processor per task, µs |");
    lines.add("|---|---|---|---|");
    for (int warm = 0; warm < 2; warm++) {
      for (Shape shape : Shape.values()) {
        var unused = measured(shape);
      }
    }
    for (Shape shape : Shape.values()) {
      lines.add(measured(shape));
      out.println(lines.getLast());
    }
    lines.add("");
    lines.add(memory());
    out.println(lines.getLast());
    return String.join("\n", lines);
  }

  private static Plan plan(Shape shape, int tasks, int atOnce) {
    Random random = new Random(7);
    Plan.Builder plan =
        Plan.named(shape.name())
            .backend(BackendSettings.of("idle", "command").command(List.of("idle")).build())
            .limits(new RunLimits(atOnce, Double.POSITIVE_INFINITY, Long.MAX_VALUE));
    for (int i = 0; i < tasks; i++) {
      Task.Builder task = Task.of("t" + i, "idle", "do it");
      switch (shape) {
        case CHAIN -> task.needs(i == 0 ? new String[0] : new String[] {"t" + (i - 1)});
        case FAN -> {
          // needs nothing
        }
        case MESH -> {
          for (int need = 0; i > 0 && need < 3; need++) {
            task.needs("t" + Math.max(0, i - 1 - random.nextInt(100)));
          }
        }
      }
      plan.task(task);
    }
    return plan.build();
  }

  private String measured(Shape shape) throws IOException, InterruptedException {
    Plan plan = plan(shape, TASKS, 64);
    Path files = Files.createTempDirectory("belay-flow");
    IdleBackend idle = new IdleBackend(Duration.ZERO);
    try (LocalEngine engine = LocalEngine.builder(stores.get(), any -> idle, files).build()) {
      Time time = Time.system();
      long cpu = cpuNanos();
      long start = time.nanos();
      RunStatus end = engine.await(engine.submit(plan, files));
      long took = time.nanos() - start;
      long used = cpuNanos() - cpu;
      if (end.state() != RunState.COMPLETED) {
        throw new IllegalStateException("the run ended as " + end);
      }
      return "| %s | %.2f | %.1f | %.1f |"
          .formatted(
              shape.name().toLowerCase(java.util.Locale.ROOT),
              took / 1e9,
              took / 1e3 / TASKS,
              used / 1e3 / TASKS);
    } finally {
      delete(files);
    }
  }

  private static long cpuNanos() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime()
        : 0;
  }

  private String memory() throws IOException, InterruptedException {
    Plan plan = plan(Shape.FAN, AT_ONCE, AT_ONCE);
    Path files = Files.createTempDirectory("belay-flow");
    IdleBackend idle = new IdleBackend(Duration.ofSeconds(3));
    try (LocalEngine engine = LocalEngine.builder(stores.get(), any -> idle, files).build()) {
      long before = heap();
      String run = engine.submit(plan, files);
      while (idle.mostAtOnce() < AT_ONCE) {
        Time.system().sleep(Duration.ofMillis(10).toNanos());
      }
      long during = heap();
      RunStatus end = engine.await(run);
      return "%,d tasks at work at once: %.1f MB of heap more than before, %.0f MB of heap in all, %.0f MB of the process; the run ended %s."
          .formatted(
              AT_ONCE,
              (during - before) / 1e6,
              during / 1e6,
              resident() / 1e6,
              end.state().name().toLowerCase(java.util.Locale.ROOT));
    } finally {
      delete(files);
    }
  }

  private static long heap() {
    System.gc();
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return heap.getUsed();
  }

  private static double resident() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    try (Stream<String> lines = Files.lines(status)) {
      return lines
          .filter(line -> line.startsWith("VmRSS:"))
          .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) * 1024)
          .findFirst()
          .orElse(Double.NaN);
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
