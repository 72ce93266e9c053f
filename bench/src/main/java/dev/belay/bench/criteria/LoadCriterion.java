package dev.belay.bench.criteria;

import dev.belay.BreakerPolicy;
import dev.belay.RetryPolicy;
import dev.belay.select.RoundRobin;
import dev.belay.testkit.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * SC-006: what retry and breakers add to the response time of 1,000 requests at once when nothing
 * fails. Three sides are warmed up and then take turns, so that all see the same machine: the
 * guarded one, a plain one, and a second plain one, whose difference from the first is what the
 * set-up itself brings in.
 */
final class LoadCriterion {
  private static final int AT_ONCE = 1_000;
  private static final Duration ORIGIN = Duration.ofMillis(200);
  private static final List<Double> WORLD = List.of(1., 1., 1., 1.);
  private static final int GUARDED = 0;
  private static final int PLAIN = 1;
  private static final int CONTROL = 2;
  private static final int SIDES = 3;

  private final Effort effort;

  LoadCriterion(Effort effort) {
    this.effort = effort;
  }

  List<Finding> measure() throws IOException, InterruptedException {
    LiveWorld.Rules full = rules(RetryPolicy.named("default").build(), true);
    LiveWorld.Rules bare = rules(RetryPolicy.named("default").maxAttempts(1).build(), false);
    Behaviour none = Behaviour.forward();
    try (LiveWorld guarded = LiveWorld.start(WORLD, none, ORIGIN, full);
        LiveWorld plain = LiveWorld.start(WORLD, none, ORIGIN, bare);
        LiveWorld control = LiveWorld.start(WORLD, none, ORIGIN, bare)) {
      List<Requests> sides =
          List.of(
              new Requests(guarded.port()),
              new Requests(plain.port()),
              new Requests(control.port()));
      for (int warmUp = 0; warmUp < 10; warmUp++) {
        for (Requests side : sides) {
          round(side);
        }
      }
      return measured(sides);
    }
  }

  private List<Finding> measured(List<Requests> sides) throws InterruptedException {
    List<Double> guarded = new ArrayList<>();
    List<Double> control = new ArrayList<>();
    double plainMillis = 0;
    int bad = 0;
    for (int i = 0; i < effort.rounds(); i++) {
      Round[] rounds = new Round[SIDES];
      for (int turn = 0; turn < SIDES; turn++) {
        int side = (i + turn) % SIDES; // whoever goes first alternates as well
        rounds[side] = round(sides.get(side));
        bad += rounds[side].bad();
      }
      // of logarithms, because the mean of noisy ratios is above 1 even where nothing differs
      guarded.add(Math.log(rounds[GUARDED].meanMillis() / rounds[PLAIN].meanMillis()));
      control.add(Math.log(rounds[CONTROL].meanMillis() / rounds[PLAIN].meanMillis()));
      plainMillis += rounds[PLAIN].meanMillis() / effort.rounds();
    }
    String how = "live, %d at once, %d rounds".formatted(AT_ONCE, effort.rounds());
    String before = "added to %.0f ms, %d errors".formatted(plainMillis, bad);
    return List.of(
        finding("SC-006", how, Interval.of(guarded), before, bad == 0),
        finding("SC-006", how + ", control", Interval.of(control), before, bad == 0));
  }

  private static Finding finding(
      String id, String how, Interval added, String before, boolean clean) {
    double most = percent(added.high());
    String remark = most >= 5 && percent(added.low()) < 5 ? "; too noisy to tell" : "";
    String value =
        "%.1f [%.1f, %.1f] %% %s%s"
            .formatted(percent(added.mean()), percent(added.low()), most, before, remark);
    return new Finding(id, how, value, "< 5 %, no errors", most < 5 && clean);
  }

  private static double percent(double logarithm) {
    return 100 * (Math.exp(logarithm) - 1);
  }

  /** What a thousand requests came to. */
  private record Round(double meanMillis, int bad) {}

  private static Round round(Requests requests) throws InterruptedException {
    List<Requests.Answer> answers = requests.atOnce(AT_ONCE);
    double mean = answers.stream().mapToLong(Requests.Answer::nanos).average().orElse(0) / 1e6;
    return new Round(mean, (int) answers.stream().filter(one -> !one.good()).count());
  }

  private static LiveWorld.Rules rules(RetryPolicy policy, boolean breaks) {
    return new LiveWorld.Rules(
        policy, BreakerPolicy.DEFAULT, breaks, new RoundRobin(), event -> {});
  }
}
