package dev.belay.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Measures all cells at 1, 2 and 4 threads and writes the tables. */
final class CoreRun {
  private static final List<Integer> THREADS = List.of(1, 2, 4);

  private final PrintStream out;
  private final Path page;

  CoreRun(PrintStream out, Path page) {
    this.out = out;
    this.page = page;
  }

  /** How long is measured. */
  private record Effort(int forks, int warmups, int iterations, int millis) {
    static final Effort QUICK = new Effort(1, 3, 5, 200);
    static final Effort FULL = new Effort(3, 5, 5, 400);

    String inWords() {
      return "%d fork%s, %d x %d ms warm-up, %d x %d ms measured"
          .formatted(forks, forks == 1 ? "" : "s", warmups, millis, iterations, millis);
    }
  }

  void run(List<String> wishes) throws RunnerException, IOException {
    Effort effort = wishes.contains("--quick") ? Effort.QUICK : Effort.FULL;
    int only = wishes.indexOf("--only") + 1;
    List<Subject> subjects = Subject.all();
    if (only > 0) {
      Pattern pattern = Pattern.compile(wishes.get(only));
      subjects =
          subjects.stream().filter(subject -> pattern.matcher(subject.toString()).find()).toList();
    }
    List<String> parts = new ArrayList<>(List.of(conditions(effort)));
    for (int threads : THREADS) {
      parts.add(new CoreTable(threads, measure(subjects, threads, effort)).markdown());
    }
    String text = String.join("\n\n", parts);
    out.println(text);
    if (only == 0) {
      new MarkedPage(page).write("core", text);
    }
  }

  private static List<RunResult> measure(List<Subject> subjects, int threads, Effort effort)
      throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(CoreBench.class.getName())
            .param("subject", subjects.stream().map(Subject::toString).toArray(String[]::new))
            .threads(threads)
            .forks(effort.forks())
            .warmupIterations(effort.warmups())
            .warmupTime(TimeValue.milliseconds(effort.millis()))
            .measurementIterations(effort.iterations())
            .measurementTime(TimeValue.milliseconds(effort.millis()))
            .addProfiler(GCProfiler.class)
            .jvmArgs("-Xms1g", "-Xmx1g", "-XX:+UseParallelGC");
    return List.copyOf(new Runner(options.build()).run());
  }

  private static String conditions(Effort effort) {
    return "Taken on %s: %s, %s %s, %d CPUs (%s), load average %.1f when it began."
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            effort.inWords(),
            System.getProperty("java.vm.vendor"),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            Machine.cpu(),
            Machine.load());
  }
}
