package dev.belay.bench;

import dev.belay.bench.chaos.BetweenShop;
import dev.belay.bench.chaos.Race;
import dev.belay.bench.criteria.CriteriaRun;
import dev.belay.bench.flow.FlowScale;
import dev.belay.bench.limits.ChaosLimits;
import dev.belay.bench.limits.KillRun;
import dev.belay.bench.limits.SelfRun;
import dev.belay.bench.llm.Overhead;
import dev.belay.bench.optimizer.OptimizerRun;
import dev.belay.bench.real.RealShop;
import dev.belay.bench.report.LlmReports;
import dev.belay.examples.shop.Planted;
import dev.belay.testkit.Script;
import dev.belay.testkit.llm.Answer;
import dev.belay.testkit.llm.FaultyProvider;
import dev.belay.testkit.llm.LlmRequest;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** The measurements, by verb; started by {@code bench/run}. */
public final class BenchMain {
  private static final String USAGE =
      """
      core [--quick] [--only PATTERN]  speed beside the peers; --only prints and writes nothing
      memory                           bytes of a breaker beside the peers
      stress [--quick] [PATTERN]       what threads may see of each other
      criteria [--quick]               whether the success criteria are met
      llm-overhead [--quick]           what a checked call to a model costs beside a direct one
      llm-reports [--quick]            what calls to models do when things fail, into docs/reports
      flow                             what the runner of plans itself takes
      chaos [--quick]                  how many planted defects searches find in three kinds of
                                       systems; fails if a bar is not met in the shop
      chaos --seeds N --from SEED [--ground shop|home|any] [--belay]
                                       a part of it, which is printed and written nowhere
      chaos-between [--quick]          that of the shop with Belay between the services, and without
      chaos-real [--trials N] [--seed S] [--seeds K] [--between NAME,NAME]
                 [--parallel K] [--sound]
                                       the same in a shop of real processes, into docs/reports;
                                       --seeds runs a session for each of K seeds from S on;
                                       --between calls these services through Belay's own proxy;
                                       --parallel makes K trials at a time;
                                       --sound plants no defect, prints and writes nothing
      chaos-optimizer [--quick]        how soon proposers of trials find what is to be found
      chaos-limits                     whether the promises of the search for faults hold
      chaos-kill [--kills 50]          what is left of faults when their server is killed
      chaos-self [--trials 100] [--seeds 5]
                                       whether any faults make our own client of executors break its word
      llm-upstream                     a provider of models to measure gateways with; ends with its input
      llm-behaviour                    gateways before a provider that fails; bench/llm/run tells it which
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
      case "criteria" -> criteria(out, page, all.contains("--quick"));
      case "llm-overhead" -> overhead(out, page, all.contains("--quick"));
      case "llm-reports" ->
          System.exit(
              new LlmReports(out, Path.of("docs", "reports")).run(all.contains("--quick")) ? 0 : 1);
      case "flow" ->
          new MarkedPage(page).write("flow", conditions(false) + "\n\n" + new FlowScale(out).run());
      case "chaos-optimizer" -> optimizer(out, page, all);
      case "chaos" -> race(out, page, all);
      case "chaos-between" -> {
        int seeds = all.contains("--quick") ? 20 : 200;
        String tables = new BetweenShop(out, seeds).run();
        new MarkedPage(page)
            .write("chaos-between", conditions(all.contains("--quick")) + "\n\n" + tables);
      }
      case "chaos-limits" -> limits(page, "chaos-limits", new ChaosLimits(out).run());
      case "chaos-kill" ->
          limits(page, "chaos-kill", new KillRun(out, 11).run((int) number(all, "--kills", 50)));
      case "chaos-self" ->
          limits(
              page,
              "chaos-self",
              new SelfRun(out, (int) number(all, "--trials", 100))
                  .run((int) number(all, "--seeds", 5)));
      case "chaos-real" -> real(out, page, all);
      case "llm-upstream" -> upstream(out);
      case "llm-behaviour" -> LlmBehaviour.run(System.in, out);
      default -> {
        out.print(USAGE);
        System.exit(2);
      }
    }
  }

  private static void race(PrintStream out, Path page, List<String> all) throws Exception {
    boolean part = all.contains("--seeds");
    boolean quick = all.contains("--quick");
    int at = all.indexOf("--ground");
    Race.Result result =
        new Race(
                out,
                new Race.Field(
                    number(all, "--from", 3_000),
                    (int) number(all, "--seeds", quick ? 20 : 200),
                    at < 0 ? "" : all.get(at + 1),
                    all.contains("--belay")))
            .run();
    if (part) {
      out.println(result.markdown());
    } else {
      new MarkedPage(page).write("chaos", conditions(quick) + "\n\n" + result.markdown());
    }
    System.exit(result.met() ? 0 : 1);
  }

  private static void limits(Path page, String part, ChaosLimits.Outcome outcome)
      throws IOException {
    new MarkedPage(page).write(part, conditions(false) + "\n\n" + outcome.markdown());
    System.exit(outcome.passed() ? 0 : 1);
  }

  /** Answers everything at once, with a kilobyte of text; prints its port. */
  private static void upstream(PrintStream out) throws IOException {
    try (FaultyProvider provider =
        FaultyProvider.builder()
            .lenient()
            .start(Script.<LlmRequest, Answer>of(Answer.text("word ".repeat(200))))) {
      out.println(provider.uri().getPort());
      while (System.in.read() >= 0) {
        // whoever started it holds the other end
      }
    }
  }

  private static void criteria(PrintStream out, Path page, boolean quick) throws Exception {
    CriteriaRun.Outcome outcome = new CriteriaRun(out).run(quick);
    new MarkedPage(page).write("criteria", outcome.markdown(conditions(quick)));
    System.exit(outcome.passed() ? 0 : 1);
  }

  private static void overhead(PrintStream out, Path page, boolean quick) throws Exception {
    Overhead.Measured measured = new Overhead(out, quick).run();
    out.println(measured.summary());
    new MarkedPage(page).write("llm-overhead", conditions(quick) + "\n\n" + measured.markdown());
    System.exit(0);
  }

  /** With {@code tune FIRST COUNT NAME...} it prints a part of the race and writes nothing. */
  private static void optimizer(PrintStream out, Path page, List<String> all) throws Exception {
    boolean quick = all.contains("--quick");
    if (all.size() > 4 && all.get(1).equals("tune")) {
      new OptimizerRun(out)
          .tune(
              Integer.parseInt(all.get(2)),
              Integer.parseInt(all.get(3)),
              all.subList(4, all.size()));
      return;
    }
    String tables = new OptimizerRun(out).run(quick);
    new MarkedPage(page).write("chaos-optimizer", conditions(quick) + "\n\n" + tables);
  }

  private static void real(PrintStream out, Path page, List<String> all) throws Exception {
    boolean sound = all.contains("--sound");
    long seed = number(all, "--seed", 1);
    Set<String> between = names(all, "--between");
    RealShop.Run run =
        new RealShop.Run(
            (int) number(all, "--trials", 100),
            LongStream.range(seed, seed + number(all, "--seeds", 1)).boxed().toList(),
            sound ? Set.of() : EnumSet.allOf(Planted.class),
            between,
            (int) number(all, "--parallel", 1));
    RealShop.Result result = new RealShop(out, Path.of("bench", "target", "shop-real")).run(run);
    out.println(result.table());
    out.println();
    out.println(result.seeds());
    if (!sound) {
      MarkedPage marked = new MarkedPage(page);
      String head = conditions(false) + "\n\n";
      if (!between.isEmpty()) {
        marked.write("chaos-real-between", head + result.table());
      } else if (run.parallel() > 1) {
        marked.write(
            "chaos-real-parallel",
            head + "%d trials at a time.%n%n".formatted(run.parallel()) + result.seeds());
      } else if (run.seeds().size() > 1) {
        marked.write("chaos-real-seeds", head + result.seeds());
      } else {
        Path reports = Path.of("docs", "reports");
        Files.writeString(reports.resolve("shop-real.html"), result.html());
        Files.writeString(reports.resolve("shop-real.md"), result.markdown());
        marked.write("chaos-real", head + result.table());
      }
    }
    System.exit(0);
  }

  private static Set<String> names(List<String> all, String name) {
    int at = all.indexOf(name);
    return at < 0 || at + 1 == all.size() ? Set.of() : Set.of(all.get(at + 1).split(",", -1));
  }

  private static long number(List<String> all, String name, long otherwise) {
    int at = all.indexOf(name);
    return at < 0 || at + 1 == all.size() ? otherwise : Long.parseLong(all.get(at + 1));
  }

  private static String conditions(boolean quick) {
    return "Taken on %s%s: %s %s, %d CPUs (%s), load average %.1f at the end."
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            quick ? " with --quick" : "",
            System.getProperty("java.vm.vendor"),
            Runtime.version(),
            Runtime.getRuntime().availableProcessors(),
            Machine.cpu(),
            Machine.load());
  }
}
