package dev.belay.examples.shop.sim;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Match;
import dev.belay.chaos.Receipt;
import dev.belay.examples.shop.Ask;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Which calls the faults of a plan strike, and the receipts for those that were. */
final class Strikes {
  private final FaultPlan plan;
  private final RandomGenerator random;
  private final int[] matched;
  private final List<Receipt> receipts = new ArrayList<>();

  Strikes(FaultPlan plan, RandomGenerator random) {
    this.plan = plan;
    this.random = random;
    this.matched = new int[plan.size()];
  }

  /** The faults that strike a call at a moment after the beginning of the trial. */
  List<Fault> on(Edge call, Ask ask, String trace, long nanos) {
    List<Fault> struck = new ArrayList<>();
    for (int i = 0; i < matched.length; i++) {
      Fault fault = plan.faults().get(i);
      if (fault.edge().covers(call.caller(), call.callee())
          && nanos >= fault.startDelay().toNanos()
          && nanos < fault.startDelay().plus(plan.life()).toNanos()
          && means(fault.match(), ask)
          && (fault.percentage() == 100 || random.nextInt(100) < fault.percentage())) {
        int number = matched[i]++;
        if (number >= fault.hits().skip() && number - fault.hits().skip() < fault.hits().count()) {
          struck.add(fault);
          receipts.add(new Receipt(i, call, Optional.of(trace), nanos));
        }
      }
    }
    return struck;
  }

  private static boolean means(Match match, Ask ask) {
    return match.headers().isEmpty()
        && match.method().map(ask.method()::equals).orElse(true)
        && match.pathPrefix().map(ask.path()::startsWith).orElse(true);
  }

  List<Receipt> receipts() {
    return List.copyOf(receipts);
  }
}
