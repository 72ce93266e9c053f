package dev.belay.bench.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Who calls whom in a system drawn at random, and what is wrong with it.
 *
 * @param nodes all services, the front door first
 * @param apart what is wrong only if parts fail that have nothing to do with each other
 */
record AnyPlan(List<Node> nodes, List<Apart> apart) {

  /** What became of a call. */
  enum Came {
    ERROR,
    SLOW,
    BROKEN
  }

  /** In which way a call has to fail for a defect to show. */
  enum Way {
    ERROR,
    SLOW,
    BROKEN,
    ANY;

    boolean is(Came came) {
      return this == ANY || name().equals(came.name());
    }
  }

  /** What a defect does. */
  enum Harm {
    /** The request fails. */
    FAILS,
    /** What is answered is wrong. */
    LIES,
    /** The same is asked again and again. */
    STORMS,
    /** Others are not served any more. */
    STARVES
  }

  /** A defect of one step: its helpers fail, each in its way. */
  record Trap(Course.Plant plant, List<Way> ways, Harm harm) {
    boolean isSprung(List<Came> came) {
      for (int i = 0; i < ways.size(); i++) {
        if (!ways.get(i).is(came.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /** A defect of several steps of the front door: all are lost, or all take long. */
  record Apart(Course.Plant plant, List<Step> steps, Harm harm) {}

  /** Somebody who is asked, and for how long the answer is waited for. */
  record Helper(String name, long timeoutMillis) {}

  /** What a service does without, if none of its helpers answers. */
  record Step(List<Helper> helpers, Optional<Trap> trap) {
    /** From when on it takes long. */
    long longMillis() {
      return helpers.getFirst().timeoutMillis() * 7 / 10;
    }

    private long mostMillis() {
      return helpers.stream().mapToLong(Helper::timeoutMillis).sum();
    }
  }

  /** A service. */
  record Node(String name, long busyMillis, List<Step> steps) {}

  /** Draws one. */
  static final class Drawing {
    private static final String COMMON = "common";
    private static final int DEEPEST = 2;

    /** What is asked again and again must end while somebody waits. */
    private static final long STORM_MILLIS = 2_000;

    private final RandomGenerator random;
    private final boolean wrong;
    private final List<Node> nodes = new ArrayList<>();
    private int names;
    private int plants;
    private boolean lies;
    private boolean common;

    /**
     * A drawing.
     *
     * @param wrong whether anything is planted
     */
    Drawing(RandomGenerator random, boolean wrong) {
      this.random = random;
      this.wrong = wrong;
    }

    AnyPlan draw() {
      List<Step> steps = new ArrayList<>();
      for (int i = random.nextInt(5, 8); i > 0; i--) {
        steps.add(step(0));
      }
      if (common) {
        nodes.add(new Node(COMMON, 4, List.of()));
      }
      nodes.addFirst(new Node("front", 3, List.copyOf(steps)));
      return new AnyPlan(List.copyOf(nodes), apart(steps));
    }

    private boolean odds(double odds) {
      return random.nextDouble() < odds;
    }

    private Step step(int depth) {
      double drawn = random.nextDouble();
      int count = drawn < 0.45 ? 1 : drawn < 0.8 ? 2 : 3;
      List<Helper> helpers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        if (i > 0 && i == count - 1 && odds(0.25)) {
          common = true;
          helpers.add(new Helper(COMMON, 300));
        } else {
          helpers.add(helper(i == 0 && depth < DEEPEST && odds(0.35) ? depth + 1 : DEEPEST + 1));
        }
      }
      return new Step(List.copyOf(helpers), trap(helpers, depth));
    }

    private Helper helper(int depth) {
      String name = "s" + ++names;
      List<Step> steps = new ArrayList<>();
      for (int i = depth > DEEPEST ? 0 : random.nextInt(1, 3); i > 0; i--) {
        steps.add(step(depth));
      }
      nodes.add(new Node(name, random.nextLong(2, 12), List.copyOf(steps)));
      long below = steps.stream().mapToLong(Step::mostMillis).sum();
      return new Helper(name, below + random.nextLong(250, 900));
    }

    private Optional<Trap> trap(List<Helper> helpers, int depth) {
      int count = helpers.size();
      long most = helpers.stream().mapToLong(Helper::timeoutMillis).sum();
      if (!odds(0.5) || !wrong) {
        return Optional.empty();
      }
      List<Way> ways = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        double drawn = random.nextDouble();
        ways.add(
            drawn < 0.5 ? Way.ERROR : drawn < 0.8 ? Way.SLOW : drawn < 0.9 ? Way.BROKEN : Way.ANY);
      }
      Harm harm = Harm.FAILS;
      if (depth == 0 && most < STORM_MILLIS && ways.stream().allMatch(Way.SLOW::equals)) {
        harm = Harm.STORMS;
      } else if (depth == 0 && !lies && odds(0.2)) {
        harm = Harm.LIES;
        lies = true;
      }
      String kind = count == 1 ? "one fault" : "%d faults, one helper after another";
      return Optional.of(new Trap(plant(kind.formatted(count), count), ways, harm));
    }

    private Course.Plant plant(String kind, int order) {
      return new Course.Plant("%s, no. %d".formatted(kind, ++plants), kind, order);
    }

    /** Of the steps with one helper and nothing wrong. */
    private List<Apart> apart(List<Step> steps) {
      List<Step> free = new ArrayList<>();
      steps.stream()
          .filter(step -> step.trap().isEmpty() && step.helpers().size() == 1)
          .forEach(free::add);
      List<Apart> apart = new ArrayList<>();
      if (wrong && free.size() >= 2 && odds(0.4)) {
        List<Step> two = List.of(free.removeFirst(), free.removeFirst());
        apart.add(new Apart(plant("2 faults apart", 2), two, Harm.FAILS));
      }
      if (wrong && free.size() >= 3 && odds(0.5)) {
        apart.add(new Apart(plant("3 waits apart", 3), free.subList(0, 3), Harm.STARVES));
      }
      return List.copyOf(apart);
    }
  }
}
