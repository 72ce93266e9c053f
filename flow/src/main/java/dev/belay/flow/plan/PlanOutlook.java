package dev.belay.flow.plan;

import dev.belay.Backoff;
import dev.belay.RetryPolicy;
import dev.belay.flow.Plan;
import dev.belay.flow.Role;
import dev.belay.flow.Task;
import dev.belay.flow.Workflow;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a plan comes to before it is run: in which order, by whom, and the worst that can happen.
 * Waits for accounts that rest and for backends that fail for everybody are not in it, since they
 * have no end of their own. Immutable.
 *
 * @param rows one for each task, in the order in which they can start
 * @param longestChain the worst time of the slowest row of needs, which no number of agents makes
 *     shorter
 * @param worst the worst time of the whole, by Graham's bound for list scheduling: {@code work / n
 *     + (1 - 1/n) · longestChain} for n attempts at once
 * @param attempts of all tasks at most
 * @param cost US dollars at most; infinite if something has no budget
 */
public record PlanOutlook(
    List<Row> rows, Duration longestChain, Duration worst, long attempts, double cost) {

  /** Keeps a copy. */
  public PlanOutlook {
    rows = List.copyOf(rows);
  }

  /**
   * One task.
   *
   * @param level how many have to come before it, in the longest row
   * @param task the task
   * @param backends those who do it, step by step, the best first
   * @param attempts at most
   * @param worst its time at most
   */
  public record Row(
      int level, Task task, List<List<String>> backends, long attempts, Duration worst) {
    /** Keeps a copy. */
    public Row {
      backends = backends.stream().map(List::copyOf).toList();
    }
  }

  /** The outlook of a plan. */
  public static PlanOutlook of(Plan plan) {
    List<Row> rows = new ArrayList<>();
    Map<String, Duration> ends = new HashMap<>();
    Duration work = Duration.ZERO;
    Duration longest = Duration.ZERO;
    long attempts = 0;
    double cost = 0;
    for (String id : plan.order()) {
      Row row = row(plan, plan.task(id));
      rows.add(row);
      Duration start =
          row.task().needs().stream()
              .map(need -> ends.getOrDefault(need, Duration.ZERO))
              .max(Duration::compareTo)
              .orElse(Duration.ZERO);
      Duration end = start.plus(row.worst());
      ends.put(id, end);
      longest = longest.compareTo(end) > 0 ? longest : end;
      work = work.plus(row.worst());
      attempts += row.attempts();
      cost += row.task().limits().cost();
    }
    int places = plan.limits().concurrency();
    Duration worst =
        work.dividedBy(places).plus(longest.multipliedBy(places - 1).dividedBy(places));
    return new PlanOutlook(
        rows,
        longest,
        worst.compareTo(longest) < 0 ? longest : worst,
        attempts,
        Math.min(cost, plan.limits().cost()));
  }

  private static Row row(Plan plan, Task task) {
    RetryPolicy policy = task.retry().orElse(plan.retry());
    List<Workflow.Step> steps = plan.steps(task);
    long passes = 0;
    for (int at = 0; at < steps.size(); at++) {
      passes += 1 + again(steps, at);
    }
    long attempts = passes * policy.maxAttempts();
    Duration step = task.limits().timeout().multipliedBy(policy.maxAttempts()).plus(waits(policy));
    List<List<String>> backends =
        steps.stream().map(Workflow.Step::role).map(plan::role).map(Role::backends).toList();
    return new Row(plan.level(task.id()), task, backends, attempts, step.multipliedBy(passes));
  }

  /** How often a step may be done once more, because one after it goes back to it or before it. */
  private static long again(List<Workflow.Step> steps, int at) {
    long most = 0;
    for (int from = at; from < steps.size(); from++) {
      Optional<Workflow.Loop> back = steps.get(from).back();
      if (back.isPresent() && back.get().to() <= at) {
        most = Math.max(most, back.get().rounds());
      }
    }
    return most;
  }

  private static Duration waits(RetryPolicy policy) {
    Backoff backoff = policy.backoff();
    Duration sum = Duration.ZERO;
    for (int failure = 0; failure < policy.maxAttempts() - 1; failure++) {
      Duration wait = backoff.delay(failure);
      sum = sum.plus(wait.compareTo(backoff.cap()) > 0 ? backoff.cap() : wait);
    }
    return sum;
  }
}
