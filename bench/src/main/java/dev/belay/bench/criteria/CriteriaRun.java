package dev.belay.bench.criteria;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs all experiments, says what each found as soon as it is known, and makes the table. */
public final class CriteriaRun {
  static final String DEFINITIONS =
      """
      - **Transient failure**: one that another attempt of the same request, through the same proxy or another, may turn into a success: no connection, a broken one, no answer in time, a status the policy lists (502, 503, 504). In SC-001 and SC-003 each of ten proxies loses one attempt in five, each independent of the last.
      - **Degradation**: a proxy through which more than 70 % of attempts fail. In SC-002 three of ten do (75 %, 90 %, all), the others lose 2 %. Simulated at 20 requests/s: what a breaker still lets through does not grow with the load, so the share it saves does. Live, about 20 attempts are gone before the three breakers are open, however long the run is: of 250 requests breakers saved 75 %, which misses the bar, so 1,500 are sent.
      - **Wasted attempt**: an attempt, of any number, at a proxy that is degraded at that moment, whatever becomes of it. Probes of a half-open breaker count as wasted too.
      - **First retry** (SC-005): the second attempt of a request; its success rate is successes by number of those that were made. The ten proxies let 99 % to 5 % through.
      - **Within two retries** (SC-010): good requests that took at most three attempts, of all good requests, where six attempts were allowed; same proxies as SC-005.
      - **Added response time** (SC-006): mean time of 1,000 requests sent at once, against the same with one attempt and breakers that never open, in rounds that take turns; geometric mean, and the whole interval has to be below the bar. The control is a second plain side against the first: what the set-up itself brings in. The origin answers after 200 ms, nothing fails. All of it, proxies and clients included, shares the processors.
      - **Query** (SC-007): each answer the ledger gives to users, over 24 h; the median of 20 in a row right after filling it. At 10,000 attempts/h the bar is the criterion's; at 1,000,000/h it is our own, ten times as strict. The records of all hours, which the store asks for, hold every breakdown 25 times; they keep to the criterion's bar, not to our own.

      Baselines: SC-001 a single attempt, all else equal; SC-002 breakers that never open, all else equal, endpoints chosen at random in both (best-recent avoids bad proxies by itself, see below); SC-005 uniform random choice over the whole pool on every attempt, breakers that never open, and not even the proxy that has just failed left out.\
      """;

  private final PrintStream out;

  /** Prints there. */
  public CriteriaRun(PrintStream out) {
    this.out = out;
  }

  /**
   * What was found.
   *
   * @param findings one for each value with a bar
   * @param remark what has no bar
   */
  public record Outcome(List<Finding> findings, String remark) {
    /** Keeps a copy. */
    public Outcome {
      findings = List.copyOf(findings);
    }

    /** Whether every bar was met. */
    public boolean passed() {
      return findings.stream().allMatch(Finding::met);
    }

    /** For the page. */
    public String markdown(String conditions) {
      List<String> lines = new ArrayList<>();
      lines.add(conditions);
      lines.add("");
      lines.add("| criterion | how | value | bar | |");
      lines.add("|---|---|---|---|---|");
      findings.forEach(one -> lines.add(one.markdown()));
      lines.add("");
      lines.add(
          "Intervals are 95 % confidence over seeds; a simulated bar is met when the whole interval"
              + " meets it. Live values of SC-001 to 005 and 010 are single runs.");
      lines.add("");
      lines.add(remark);
      lines.add("");
      lines.add(DEFINITIONS.strip());
      return String.join("\n", lines);
    }
  }

  /**
   * Runs them all.
   *
   * @param quick fewer seeds, shorter runs, fewer requests
   */
  public Outcome run(boolean quick) throws IOException, InterruptedException {
    Effort effort = quick ? Effort.QUICK : Effort.FULL;
    out.println(DEFINITIONS);
    out.println();
    List<Finding> all = new ArrayList<>();
    Consumer<Finding> found =
        one -> {
          out.println(one);
          all.add(one);
        };
    SimulatedCriteria simulated = new SimulatedCriteria(effort);
    simulated.all().forEach(found);
    String remark = simulated.wastedByBestRecent();
    out.println(remark);
    new LiveCriteria(effort).all().forEach(found);
    new BreakerCriteria(effort).all().forEach(found);
    new LoadCriterion(effort).measure().forEach(found);
    new LedgerCriterion(effort).measure().forEach(found);
    return new Outcome(all, remark);
  }
}
