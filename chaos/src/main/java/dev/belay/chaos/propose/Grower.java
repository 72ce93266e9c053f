package dev.belay.chaos.propose;

import dev.belay.chaos.propose.Splitter.Span;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Grows trees one after the other over the same samples; for one thread. */
final class Grower {
  private final Ranked data;
  private final Growth growth;
  private final Splitter splitter;
  private final Split split = new Split();
  private final double[] weights;
  private final double[] sums;

  /** By sample: 1 if this tree has it, else 0. */
  private final int[] drawn;

  /** By sample: 1 if it goes to the left, else 0. */
  private final int[] left;

  /** The samples of this tree, so that those of a node lie side by side. */
  private final int[] rows;

  /** The same by feature, each in the order of its values; only where all cuts are looked at. */
  private final int[][] orders;

  private final int[] spare;
  private final int[] features;
  private final Deque<Task> tasks = new ArrayDeque<>();

  Grower(Ranked data, Growth growth) {
    this.data = data;
    this.growth = growth;
    splitter = new Splitter(data, growth);
    weights = splitter.weights;
    sums = splitter.sums;
    drawn = new int[data.size];
    left = new int[data.size];
    rows = new int[data.size];
    spare = new int[data.size];
    orders = new int[data.features][];
    features = new int[data.features];
    for (int feature = 0; feature < data.features; feature++) {
      boolean ordered = !growth.randomCuts() && data.levels[feature] == 0;
      orders[feature] = ordered ? new int[data.size] : new int[0];
    }
  }

  /** A node that is still to be split. */
  private record Task(int node, Span span, double weight, double sum) {}

  Tree grow(long seed) {
    RandomGenerator random = new SplittableRandom(seed);
    weigh(random);
    int count = 0;
    double weight = 0;
    double sum = 0;
    for (int sample = 0; sample < data.size; sample++) {
      drawn[sample] = weights[sample] > 0 ? 1 : 0;
      if (drawn[sample] > 0) {
        rows[count++] = sample;
        sums[sample] = weights[sample] * data.targets[sample];
        weight += weights[sample];
        sum += sums[sample];
      }
    }
    for (int feature = 0; feature < data.features; feature++) {
      features[feature] = feature;
      if (orders[feature].length > 0) {
        order(feature);
      }
    }
    Tree tree = new Tree();
    tasks.push(new Task(tree.node(), new Span(0, count), weight, sum));
    while (!tasks.isEmpty()) {
      grow(tree, tasks.pop(), random);
    }
    return tree.done();
  }

  /** The samples of this tree in the order of a feature; without a branch, as in {@link #part}. */
  private void order(int feature) {
    int[] order = orders[feature];
    int at = 0;
    for (int sample : data.orders[feature]) {
      order[at] = sample;
      at += drawn[sample];
    }
  }

  /** Draws by where a random number falls among the summed weights: a weight is a share of it. */
  private void weigh(RandomGenerator random) {
    if (!growth.bootstrap()) {
      System.arraycopy(data.weights, 0, weights, 0, data.size);
      return;
    }
    double[] reach = new double[data.size];
    double total = 0;
    for (int sample = 0; sample < data.size; sample++) {
      total += data.weights[sample];
      reach[sample] = total;
    }
    Arrays.fill(weights, 0);
    long draws = Math.max(1, Math.min(Math.round(total), 100_000));
    for (long draw = 0; draw < draws; draw++) {
      weights[sampleAt(random.nextDouble() * total, total, reach)]++;
    }
  }

  /** The first sample that reaches beyond a number: where it is if all weigh the same, or near. */
  private int sampleAt(double number, double total, double[] reach) {
    int at = Math.min((int) (number / total * data.size), data.size - 1);
    while (at > 0 && reach[at - 1] > number) {
      at--;
    }
    while (at < data.size - 1 && reach[at] <= number) {
      at++;
    }
    return at;
  }

  private void grow(Tree tree, Task task, RandomGenerator random) {
    Span span = task.span();
    double mean = task.sum() / task.weight();
    double squares = 0;
    for (int at = span.from(); at < span.to(); at++) {
      double off = data.targets[rows[at]] - mean;
      squares += weights[rows[at]] * off * off;
    }
    if (squares > 1e-12 * task.weight() && task.weight() >= 2.0 * growth.minLeaf()) {
      find(task, random);
      if (split.found()) {
        branch(tree, task);
        return;
      }
    }
    tree.leaf(task.node(), mean, Math.max(squares / task.weight(), growth.varianceFloor()));
  }

  /**
   * Tries features in random order until enough were tried and one was of use. A split need not
   * gain anything by itself: where only two features together matter, the first one gains nothing.
   */
  private void find(Task task, RandomGenerator random) {
    splitter.enter(task.weight(), task.sum());
    split.clear();
    Span span = task.span();
    int wanted = (int) Math.ceil(growth.featureShare() * data.features);
    for (int tried = 0; tried < data.features && (tried < wanted || !split.found()); tried++) {
      int other = tried + random.nextInt(data.features - tried);
      int feature = features[other];
      features[other] = features[tried];
      features[tried] = feature;
      boolean number = data.levels[feature] == 0;
      if (growth.randomCuts()) {
        if (number) {
          splitter.randomCut(feature, rows, span, random, split);
        } else {
          splitter.randomPart(feature, rows, span, random, split);
        }
      } else if (number) {
        splitter.bestCut(feature, orders[feature], span.from(), span.to(), split);
      } else {
        splitter.bestPart(feature, rows, span, split);
      }
    }
  }

  private void branch(Tree tree, Task task) {
    Span span = task.span();
    int middle = span.from();
    double weight = 0;
    double sum = 0;
    for (int at = span.from(); at < span.to(); at++) {
      int sample = rows[at];
      boolean goesLeft = split.goesLeft(data, sample);
      left[sample] = goesLeft ? 1 : 0;
      if (goesLeft) {
        middle++;
        weight += weights[sample];
        sum += sums[sample];
      }
    }
    double otherWeight = task.weight() - weight;
    double otherSum = task.sum() - sum;
    part(rows, span);
    if (Math.max(weight, otherWeight) >= 2.0 * growth.minLeaf()) { // else both are leaves
      for (int[] order : orders) {
        if (order.length > 0) {
          part(order, span);
        }
      }
    }
    int first = tree.node();
    int second = tree.node();
    if (data.levels[split.feature] == 0) {
      tree.cut(task.node(), split.feature, split.cut, first);
    } else {
      tree.part(task.node(), split.feature, split.mask, first);
    }
    tasks.push(new Task(second, new Span(middle, span.to()), otherWeight, otherSum));
    tasks.push(new Task(first, new Span(span.from(), middle), weight, sum));
  }

  /**
   * Moves the samples of the left side to the front, both sides in the order they had. Without a
   * branch: which side comes next cannot be foreseen.
   */
  private void part(int[] order, Span span) {
    int to = span.from();
    int kept = 0;
    for (int at = span.from(); at < span.to(); at++) {
      int sample = order[at];
      int goesLeft = left[sample];
      order[to] = sample;
      spare[kept] = sample;
      to += goesLeft;
      kept += 1 - goesLeft;
    }
    System.arraycopy(spare, 0, order, to, kept);
  }
}
