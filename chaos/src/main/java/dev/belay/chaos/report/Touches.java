package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.FaultPlan;
import dev.belay.chaos.Observation;
import dev.belay.chaos.Receipt;
import dev.belay.chaos.session.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which faults did strike, and where. Executors that give no receipts leave that open; of a session
 * without a single one, all faults are taken to have struck.
 */
final class Touches {
  private final boolean receipts;

  Touches(List<Trial.Seen> trials) {
    receipts = trials.stream().anyMatch(seen -> !seen.observation().receipts().isEmpty());
  }

  /** Whether it is known what did strike. */
  boolean known() {
    return receipts;
  }

  /** The places where faults of a plan did strike. */
  Set<Site> struck(FaultPlan plan, Observation seen) {
    Set<Site> sites = new TreeSet<>();
    if (!receipts) {
      return planned(plan);
    }
    for (Receipt receipt : seen.receipts()) {
      if (receipt.fault() < plan.size()) {
        sites.add(new Site(receipt.edge(), plan.faults().get(receipt.fault()).effect().kind()));
      }
    }
    return sites;
  }

  /** The places that faults of a plan were meant for and did not strike. */
  Set<Site> missed(FaultPlan plan, Observation seen) {
    Set<Site> sites = new TreeSet<>();
    for (int i = 0; receipts && i < plan.size(); i++) {
      int fault = i;
      if (seen.receipts().stream().noneMatch(receipt -> receipt.fault() == fault)) {
        sites.add(site(plan.faults().get(i)));
      }
    }
    return sites;
  }

  static Set<Site> planned(FaultPlan plan) {
    Set<Site> sites = new TreeSet<>();
    plan.faults().forEach(fault -> sites.add(site(fault)));
    return sites;
  }

  /** What of some places a plan means, where it means any caller. */
  static List<Site> within(FaultPlan plan, Set<Site> sites) {
    List<Site> within = new ArrayList<>();
    for (Site site : sites) {
      if (plan.faults().stream().anyMatch(fault -> means(fault, site))) {
        within.add(site);
      }
    }
    return within;
  }

  private static boolean means(Fault fault, Site site) {
    Edge edge = site.edge();
    return fault.effect().kind().equals(site.kind())
        && (fault.edge().equals(edge) || fault.edge().covers(edge.caller(), edge.callee()));
  }

  private static Site site(Fault fault) {
    return new Site(fault.edge(), fault.effect().kind());
  }
}
