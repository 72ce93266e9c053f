package dev.belay.bench.optimizer;

import static dev.belay.bench.optimizer.Problem.number;
import static dev.belay.bench.optimizer.Problem.text;

import dev.belay.chaos.space.Condition;
import dev.belay.chaos.space.Constraint;
import dev.belay.chaos.space.Dimension;
import dev.belay.chaos.space.Inactive;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.Traits;
import dev.belay.chaos.space.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Systems that are healthy nearly everywhere; a variant says where they are not. */
final class Sparse {
  private static final String[] SERVICES = {"cart", "tax", "stock", "pay", "ship", "audit"};
  private static final String[] KINDS = {"delay", "abort", "reset"};

  private Sparse() {}

  static List<Problem> all(int variant) {
    return List.of(storm(variant), islands(variant), pairs(variant), queue(variant));
  }

  /** A delay between two time-outs, under load and with many retries, multiplies the calls. */
  private static Problem storm(int variant) {
    SplittableRandom random = new SplittableRandom(1000L + variant);
    double low = 400 + random.nextInt(1200);
    double high = low * (1.4 + 0.5 * random.nextDouble());
    int victim = random.nextInt(4);
    List<Dimension> dimensions =
        List.of(
            Dimension.Categorical.of("target", "cart", "tax", "stock", "pay"),
            Dimension.Categorical.of("kind", KINDS),
            new Dimension.Whole(Traits.named("delay"), 10, 5000, true),
            Dimension.Whole.of("share", 1, 100),
            Dimension.Whole.of("retries", 0, 6),
            Dimension.Whole.of("load", 10, 200),
            Dimension.Real.of("jitter", 0, 1),
            Dimension.Whole.of("replicas", 1, 8),
            Dimension.Categorical.of("region", "a", "b", "c"));
    SearchSpace space = SearchSpace.of(dimensions.toArray(Dimension[]::new));
    return new Problem(
        "storm",
        space,
        point -> {
          if (!text(point, "target").equals(SERVICES[victim])) {
            return 0;
          }
          if (!text(point, "kind").equals("delay")) {
            return text(point, "kind").equals("abort") && number(point, "share", 0) > 30 ? 2 : 0;
          }
          double delay = number(point, "delay", 0);
          double calls =
              number(point, "share", 0)
                  / 100
                  * number(point, "retries", 0)
                  * number(point, "load", 0)
                  / 200
                  * (1.2 - number(point, "jitter", 0));
          double slow = 4.5 * Math.min(1, delay / low);
          double window = delay >= low && delay <= high ? 1 : delay > high ? 0.3 : 0;
          return Math.min(10, slow + window * 9 * calls);
        },
        8,
        point -> 0,
        true);
  }

  /** Six bugs by themselves, the first one mild and wide: categories and a range of a number. */
  private static Problem islands(int variant) {
    SplittableRandom random = new SplittableRandom(2000L + variant);
    List<Dimension> dimensions = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      dimensions.add(Dimension.Categorical.of("c" + i, "p", "q", "r", "s"));
    }
    for (int i = 0; i < 6; i++) {
      dimensions.add(Dimension.Real.of("n" + i, 0, 100));
    }
    record Bug(
        List<Integer> categories,
        List<String> levels,
        int number,
        double from,
        double to,
        double score) {
      boolean holds(Point point) {
        for (int i = 0; i < categories.size(); i++) {
          if (!text(point, "c" + categories.get(i)).equals(levels.get(i))) {
            return false;
          }
        }
        double at = Problem.number(point, "n" + number, 0);
        return at >= from && at <= to;
      }
    }
    List<Bug> bugs = new ArrayList<>();
    for (int bug = 0; bug < 6; bug++) {
      int first = random.nextInt(6);
      int next = (first + 1 + random.nextInt(5)) % 6;
      List<Integer> categories =
          switch (bug) {
            case 0 -> List.of(first);
            case 1, 2, 3 -> List.of(first, next);
            default -> List.of(first, (first + 1) % 6, (first + 3) % 6);
          };
      List<String> levels = new ArrayList<>();
      for (int i = 0; i < categories.size(); i++) {
        levels.add(List.of("p", "q", "r", "s").get(random.nextInt(4)));
      }
      double width = bug == 0 ? 60 : bug < 4 ? 18 : 25;
      double from = Math.min(75, 100 - width) * random.nextDouble();
      bugs.add(
          new Bug(
              categories,
              levels,
              random.nextInt(6),
              from,
              from + width,
              List.of(4.0, 7.0, 8.0, 8.0, 9.0, 10.0).get(bug)));
    }
    return new Problem(
        "islands",
        SearchSpace.of(dimensions.toArray(Dimension[]::new)),
        point ->
            bugs.stream().filter(bug -> bug.holds(point)).mapToDouble(Bug::score).max().orElse(0),
        9,
        point -> {
          int mask = 0;
          for (int i = 0; i < bugs.size(); i++) {
            mask |= bugs.get(i).score() >= 7 && bugs.get(i).holds(point) ? 1 << i : 0;
          }
          return mask;
        },
        true);
  }

  /** Two faults, the second one optional; only some pairs break what a fallback protects. */
  private static Problem pairs(int variant) {
    SplittableRandom random = new SplittableRandom(3000L + variant);
    Condition second = Condition.Compare.of("second", Condition.Operator.IS, Value.of("yes"));
    List<Dimension> dimensions = new ArrayList<>();
    dimensions.add(Dimension.Categorical.of("second", "no", "yes"));
    for (String at : List.of("a", "b")) {
      boolean isSecond = at.equals("b");
      List<Dimension> fault =
          List.of(
              Dimension.Categorical.of(at + "_edge", SERVICES),
              Dimension.Categorical.of(at + "_kind", KINDS),
              new Dimension.Whole(Traits.named(at + "_delay"), 50, 5000, true),
              Dimension.Whole.of(at + "_share", 1, 100),
              Dimension.Whole.of(at + "_start", 0, 2000));
      for (Dimension one : fault) {
        dimensions.add(isSecond ? conditional(one, second) : one);
      }
    }
    dimensions.add(Dimension.Whole.of("load", 1, 50));
    dimensions.add(Dimension.Categorical.of("client", "web", "app", "batch"));
    dimensions.add(Dimension.Categorical.of("cache", "on", "off"));
    dimensions.add(Dimension.Whole.of("replicas", 1, 8));
    dimensions.add(Dimension.Real.of("jitter", 0, 1));
    dimensions.add(Dimension.Categorical.of("zone", "a", "b", "c"));
    SearchSpace space =
        new SearchSpace(
            "pairs",
            dimensions,
            List.of(
                Constraint.parse("if second is yes then a_share <= 60 or b_share <= 60"),
                Constraint.parse("a_edge != audit or a_kind != reset")),
            Inactive.FILTER);
    int[][] deadly = new int[4][];
    for (int i = 0; i < deadly.length; i++) {
      int first = random.nextInt(6);
      deadly[i] =
          new int[] {
            first,
            random.nextInt(i < 2 ? 2 : 3),
            (first + 1 + random.nextInt(5)) % 6,
            random.nextInt(2)
          };
    }
    return new Problem(
        "pairs",
        space,
        point -> {
          double most = symptom(point, "a", deadly);
          if (text(point, "second").equals("yes")) {
            most = Math.max(most, symptom(point, "b", deadly));
            for (int[] pair : deadly) {
              most = Math.max(most, both(point, pair) ? down(point) : 0);
            }
          }
          return most;
        },
        9,
        point -> {
          int mask = 0;
          for (int i = 0; i < deadly.length; i++) {
            mask |= text(point, "second").equals("yes") && both(point, deadly[i]) ? 1 << i : 0;
          }
          return mask;
        },
        true);
  }

  private static Dimension conditional(Dimension dimension, Condition condition) {
    Traits traits = dimension.traits().when(condition);
    return switch (dimension) {
      case Dimension.Categorical category -> new Dimension.Categorical(traits, category.values());
      case Dimension.Real real -> new Dimension.Real(traits, real.min(), real.max(), real.log());
      case Dimension.Whole whole ->
          new Dimension.Whole(traits, whole.min(), whole.max(), whole.log());
    };
  }

  private static double down(Point point) {
    double shares = number(point, "a_share", 0) + number(point, "b_share", 0);
    return 7 + 3 * Math.min(1, shares / 140);
  }

  /** The first of a deadly pair makes the fallback work, which shows; the second alone does not. */
  private static double symptom(Point point, String at, int[][] deadly) {
    double most = 0;
    for (int[] pair : deadly) {
      if (is(point, at, pair[0], pair[1])) {
        double load = 0.3 + 0.7 * number(point, "load", 0) / 50;
        most = Math.max(most, 3.5 * load * number(point, at + "_share", 0) / 100);
      }
    }
    return most;
  }

  private static boolean both(Point point, int[] pair) {
    return (is(point, "a", pair[0], pair[1]) && is(point, "b", pair[2], pair[3]))
        || (is(point, "b", pair[0], pair[1]) && is(point, "a", pair[2], pair[3]));
  }

  private static boolean is(Point point, String at, int edge, int kind) {
    return text(point, at + "_edge").equals(SERVICES[edge])
        && text(point, at + "_kind").equals(KINDS[kind])
        && number(point, at + "_share", 0) >= 15
        && (kind != 0 || number(point, at + "_delay", 0) >= 300);
  }

  /** A queue before a few workers, simulated: what is slow fills it, what is refused returns. */
  private static Problem queue(int variant) {
    SplittableRandom random = new SplittableRandom(4000L + variant);
    double budget = 30 + random.nextInt(30);
    int weak = random.nextInt(4);
    List<Dimension> dimensions =
        List.of(
            Dimension.Categorical.of("edge", "a", "b", "c", "d"),
            Dimension.Categorical.of("kind", KINDS),
            new Dimension.Whole(Traits.named("delay"), 1, 2000, true),
            Dimension.Whole.of("share", 1, 100),
            Dimension.Whole.of("workers", 2, 16),
            Dimension.Whole.of("retries", 0, 4),
            Dimension.Real.of("arrivals", 0.3, 2.0),
            Dimension.Whole.of("limit", 5, 200),
            Dimension.Categorical.of("order", "fifo", "lifo"),
            Dimension.Real.of("backoff", 0, 1));
    return new Problem(
        "queue",
        SearchSpace.of(dimensions.toArray(Dimension[]::new)),
        point -> queue(point, budget, weak),
        9,
        point -> 0,
        true);
  }

  private static double queue(Point point, double budget, int weak) {
    boolean hit = "abcd".indexOf(text(point, "edge")) == weak || number(point, "share", 0) > 40;
    double slow =
        hit && text(point, "kind").equals("delay")
            ? number(point, "delay", 0) * number(point, "share", 0) / 100 / 20
            : 0;
    double refused =
        hit && !text(point, "kind").equals("delay") ? number(point, "share", 0) / 100 : 0;
    double service = 4 + slow;
    double backlog = 0;
    double lost = 0;
    double limit = number(point, "limit", 50);
    double again = 0;
    for (int tick = 0; tick < 100; tick++) {
      double arriving = number(point, "arrivals", 1) + again;
      backlog += arriving;
      double served = Math.min(backlog, number(point, "workers", 4) / service);
      backlog -= served;
      double dropped = Math.max(0, backlog - limit);
      backlog -= dropped;
      lost += dropped;
      again =
          (dropped + served * refused)
              * Math.min(1, number(point, "retries", 0) / 4)
              * (1 - 0.7 * number(point, "backoff", 0));
    }
    double wait = backlog * service / number(point, "workers", 4);
    return Math.min(10, 6 * Math.min(1, wait / (budget * 3)) + 4 * Math.min(1, lost / budget));
  }
}
