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
 * fails. Both sides are warmed up and then take turns, so that both see the same machine.
 */
final class LoadCriterion {
  private static final int AT_ONCE = 1_000;
  private static final Duration ORIGIN = Duration.ofMillis(200);
  private static final List<Double> WORLD = List.of(1., 1., 1., 1.);

  private final Effort effort;

  LoadCriterion(Effort effort) {
    this.effort = effort;
  }

  Finding measure() throws IOException, InterruptedException {
    LiveWorld.Rules full = rules(RetryPolicy.named("default").build(), true);
    LiveWorld.Rules bare = rules(RetryPolicy.named("default").maxAttempts(1).build(), false);
    Behaviour none = Behaviour.forward();
    try (LiveWorld with = LiveWorld.start(WORLD, none, ORIGIN, full);
        LiveWorld without = LiveWorld.start(WORLD, none, ORIGIN, bare)) {
      Requests guarded = new Requests(with.port());
      Requests plain = new Requests(without.port());
      for (int warmUp = 0; warmUp < 10; warmUp++) {
        round(guarded);
        round(plain);
      }
      return measured(guarded, plain);
    }
  }

  private Finding measured(Requests guarded, Requests plain) throws InterruptedException {
    List<Double> ratios = new ArrayList<>();
    double plainMillis = 0;
    int bad = 0;
    for (int i = 0; i < effort.rounds(); i++) {
      // whoever goes first alternates as well
      Round one = round(i % 2 == 0 ? guarded : plain);
      Round two = round(i % 2 == 0 ? plain : guarded);
      Round with = i % 2 == 0 ? one : two;
      Round without = i % 2 == 0 ? two : one;
      // of logarithms, because the mean of noisy ratios is above 1 even where nothing differs
      ratios.add(Math.log(with.meanMillis() / without.meanMillis()));
      plainMillis += without.meanMillis() / effort.rounds();
      bad += with.bad() + without.bad();
    }
    Interval added = Interval.of(ratios);
    double most = percent(added.high());
    String remark = most >= 5 && percent(added.low()) < 5 ? "; too noisy to tell" : "";
    return new Finding(
        "SC-006",
        "live, %d at once, %d pairs of rounds".formatted(AT_ONCE, effort.rounds()),
        "%.1f [%.1f, %.1f] %% added to %.0f ms, %d errors%s"
            .formatted(percent(added.mean()), percent(added.low()), most, plainMillis, bad, remark),
        "< 5 %, no errors",
        most < 5 && bad == 0);
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
