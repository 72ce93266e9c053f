package dev.belay.chaos.report;

import dev.belay.chaos.propose.Forest;
import dev.belay.chaos.propose.Growth;
import dev.belay.chaos.propose.Samples;
import dev.belay.chaos.session.SessionView;
import dev.belay.chaos.session.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Learns from the trials of a session what makes them bad. For one thread. */
final class Learning {
  /** Of fewer there is nothing to learn. */
  static final int LEAST = 12;

  private static final int MOST = 400;
  private static final int SHOWN = 6;
  private static final int PAIRED = 4;
  private static final int BACKGROUND = 60;
  private static final int LINES = 20;
  private static final double FLAT = 0.05;
  private static final long SEED = 42;
  private static final Growth GROWTH = Growth.CART.withTrees(60);

  private final Features features;
  private final List<double[]> rows = new ArrayList<>();
  private final List<Double> targets = new ArrayList<>();
  private final List<double[]> background;
  private final Forest forest;

  private Learning(Features features, List<Trial> trials, boolean discovery) {
    this.features = features;
    for (Trial trial : trials) {
      rows.add(features.row(trial));
      targets.add(target(trial, discovery));
    }
    this.background = some(rows, BACKGROUND);
    this.forest = fit(IntStream.range(0, rows.size()).toArray());
  }

  /** What was learned; nothing if the trials are too few, or too much alike. */
  static Optional<Influence> of(SessionView session, List<Trial> all) {
    List<Trial> trials =
        some(all.stream().filter(trial -> trial.seen().isPresent()).toList(), MOST);
    boolean discovery = differ(trials, true);
    Features features = Features.of(session, trials);
    if (trials.size() < LEAST
        || features.all().isEmpty()
        || !(discovery || differ(trials, false))) {
      return Optional.empty();
    }
    return Optional.of(new Learning(features, trials, discovery).influence(discovery));
  }

  private static boolean differ(List<Trial> trials, boolean discovery) {
    return trials.stream().mapToDouble(trial -> target(trial, discovery)).distinct().count() > 1;
  }

  private static double target(Trial trial, boolean discovery) {
    return trial
        .seen()
        .map(seen -> discovery ? seen.score().discovery() : seen.score().total())
        .orElse(0.0);
  }

  /** At most so many of a list, from all over it. */
  private static <T> List<T> some(List<T> all, int most) {
    int size = Math.min(all.size(), most);
    return IntStream.range(0, size)
        .mapToObj(i -> all.get((int) ((long) i * all.size() / size)))
        .toList();
  }

  private Forest fit(int... chosen) {
    Samples samples = new Samples(features.levels());
    for (int i : chosen) {
      samples.add(rows.get(i), targets.get(i));
    }
    return Forest.fit(samples, GROWTH, SEED);
  }

  private Influence influence(boolean discovery) {
    List<Influence.Part> parts =
        IntStream.range(0, features.all().size())
            .mapToObj(this::part)
            .filter(part -> part.spread() >= FLAT)
            .sorted(Comparator.comparingDouble(Influence.Part::spread).reversed())
            .limit(SHOWN)
            .toList();
    return new Influence(
        discovery ? "discovery" : "total", rows.size(), explained(), parts, strongest(parts));
  }

  /** Each half of the trials foretold by the other. */
  private double explained() {
    double[] foretold = new double[rows.size()];
    for (int half = 0; half < 2; half++) {
      int rest = half;
      int[] known = IntStream.range(0, rows.size()).filter(i -> i % 2 != rest).toArray();
      Forest other = fit(known);
      for (int i = half; i < foretold.length; i += 2) {
        foretold[i] = other.predict(rows.get(i)).mean();
      }
    }
    double mean = targets.stream().mapToDouble(one -> one).average().orElse(0);
    double off = 0;
    double all = 0;
    for (int i = 0; i < foretold.length; i++) {
      off += Math.pow(targets.get(i) - foretold[i], 2);
      all += Math.pow(targets.get(i) - mean, 2);
    }
    return all == 0 ? 0 : 1 - off / all;
  }

  private Influence.Part part(int feature) {
    double[] grid = features.all().get(feature).grid();
    double[][] scores = new double[background.size()][grid.length];
    for (int at = 0; at < grid.length; at++) {
      double[] means = foretell(feature, grid[at], feature, grid[at]);
      for (int row = 0; row < means.length; row++) {
        scores[row][at] = means[row];
      }
    }
    List<Double> mean =
        IntStream.range(0, grid.length)
            .mapToObj(at -> Arrays.stream(scores).mapToDouble(row -> row[at]).average().orElse(0))
            .toList();
    List<List<Double>> lines =
        some(Arrays.asList(scores), LINES).stream().map(Learning::boxed).toList();
    return new Influence.Part(features.all().get(feature), boxed(grid), mean, lines);
  }

  /** What the forest expects of each row of the background, were two of its values others. */
  private double[] foretell(int feature, double value, int other, double otherValue) {
    double[][] changed = new double[background.size()][];
    for (int row = 0; row < changed.length; row++) {
      changed[row] = background.get(row).clone();
      changed[row][feature] = value;
      changed[row][other] = otherValue;
    }
    double[] means = new double[changed.length];
    forest.predict(changed, changed.length, means, new double[changed.length]);
    return means;
  }

  private static List<Double> boxed(double... values) {
    return Arrays.stream(values).boxed().toList();
  }

  private Optional<Influence.Together> strongest(List<Influence.Part> parts) {
    List<Influence.Part> first = parts.subList(0, Math.min(PAIRED, parts.size()));
    List<Influence.Together> pairs = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      for (int j = 0; j < i; j++) {
        pairs.add(together(first.get(j), first.get(i)));
      }
    }
    return pairs.stream().max(Comparator.comparingDouble(Influence.Together::strength));
  }

  private Influence.Together together(Influence.Part across, Influence.Part up) {
    int one = features.all().indexOf(across.feature());
    int other = features.all().indexOf(up.feature());
    List<List<Double>> mean = new ArrayList<>();
    double middle = 0;
    for (double y : up.at()) {
      List<Double> line = new ArrayList<>();
      for (double x : across.at()) {
        line.add(Arrays.stream(foretell(one, x, other, y)).average().orElse(0));
      }
      middle += line.stream().mapToDouble(value -> value).average().orElse(0) / up.at().size();
      mean.add(line);
    }
    return new Influence.Together(
        across.feature(), up.feature(), across.at(), up.at(), mean, strength(mean, middle));
  }

  /** The root of the mean square of what is left once each of the two has had its share. */
  private static double strength(List<List<Double>> mean, double middle) {
    int wide = mean.getFirst().size();
    double[] columns = new double[wide];
    mean.forEach(
        line -> IntStream.range(0, wide).forEach(x -> columns[x] += line.get(x) / mean.size()));
    double sum = 0;
    for (List<Double> line : mean) {
      double row = line.stream().mapToDouble(value -> value).average().orElse(0);
      for (int x = 0; x < wide; x++) {
        sum += Math.pow(line.get(x) - row - columns[x] + middle, 2);
      }
    }
    return Math.sqrt(sum / (wide * mean.size()));
  }
}
