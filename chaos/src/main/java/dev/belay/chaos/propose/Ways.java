package dev.belay.chaos.propose;

import dev.belay.chaos.space.Chart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** How each {@link Arm} finds a point, for one proposal. For one thread. */
final class Ways {
  private static final int ANYWHERE = 1000;
  private static final int NEARBY = 300;
  private static final int CLIMBS = 3;
  private static final int TREES = 70;

  /** Causes and likeness need fewer than expectations do. */
  private static final int FEWER_TREES = 40;

  private final Study study;
  private final Chart chart;
  private final boolean sparse;
  private final double confirmed;
  private final RandomGenerator random;
  private final List<Integer> ranking;
  private @Nullable Surrogate surrogate;

  Ways(Study study, boolean sparse, double confirmed, RandomGenerator random) {
    this.study = study;
    this.chart = study.chart;
    this.sparse = sparse;
    this.confirmed = confirmed;
    this.random = random;
    ranking = study.ranking();
  }

  /** A point, or nothing if the arm has none. */
  Optional<double[]> find(Arm arm) {
    return switch (arm) {
      case FOREST -> most(anywhere(), this::gains);
      case CLIMB -> climb(this::gains);
      case PROCESS -> process();
      case PARZEN -> Optional.of(univariate());
      case JOINT -> joint();
      case FUZZ -> fuzz();
      case DRILL -> new Drill(study, grown(FEWER_TREES), random).find();
      case COVER -> Optional.of(Coverage.ofTriples().best(study, random));
      case RANDOM -> Optional.of(study.fresh(random));
    };
  }

  private Surrogate surrogate() {
    Surrogate known = surrogate;
    if (known == null) {
      known = grown(TREES);
      surrogate = known;
    }
    return known;
  }

  private Surrogate grown(int trees) {
    Growth growth = (sparse ? Growth.CART : Growth.EXTRA).withTrees(trees);
    return Surrogate.of(study, growth, confirmed, random.nextLong());
  }

  private List<double[]> anywhere() {
    List<double[]> xs = new ArrayList<>(ANYWHERE);
    for (int i = 0; i < ANYWHERE; i++) {
      xs.add(chart.draw(random));
    }
    return xs;
  }

  private double[] gains(List<double[]> xs) {
    double[][] rows = new double[xs.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = chart.row(xs.get(i));
    }
    return surrogate().improvements(rows, rows.length);
  }

  /** The one with the most expected improvement that was not tried. */
  private Optional<double[]> most(List<double[]> xs, Gains model) {
    double[] gains = model.of(xs);
    Optional<double[]> best = Optional.empty();
    double most = -1;
    for (int i = 0; i < gains.length; i++) {
      if (gains[i] > most && study.isNew(xs.get(i))) {
        most = gains[i];
        best = Optional.of(xs.get(i));
      }
    }
    return best;
  }

  private Optional<double[]> process() {
    GaussianProcess process = GaussianProcess.of(study);
    return climb(xs -> xs.stream().mapToDouble(x -> process.improvement(chart.row(x))).toArray());
  }

  /** How much is expected of points. */
  private interface Gains {
    double[] of(List<double[]> xs);
  }

  private Optional<double[]> climb(Gains model) {
    List<double[]> xs = new ArrayList<>();
    int parents = Math.min(5, ranking.size());
    for (int i = 0; i < NEARBY; i++) {
      near(study.xs.get(ranking.get(i % parents)), 0.15).ifPresent(xs::add);
    }
    xs.addAll(anywhere().subList(0, NEARBY));
    Optional<double[]> best = most(xs, model);
    double width = 0.1;
    for (int climb = 0; climb < CLIMBS && best.isPresent(); climb++) {
      List<double[]> around = new ArrayList<>(List.of(best.get()));
      for (int i = 0; i < NEARBY / 3; i++) {
        near(best.get(), width).ifPresent(around::add);
      }
      best = most(around, model);
      width /= 2;
    }
    return best;
  }

  /** A copy with one to three dimensions changed, numbers by about {@code width}. */
  private Optional<double[]> near(double[] from, double width) {
    double[] x = from.clone();
    int changes = 1 + random.nextInt(3);
    for (int change = 0; change < changes; change++) {
      int i = random.nextInt(x.length);
      boolean jumps = chart.levels(i) > 0 || chart.isMark(i, x[i]);
      x[i] = jumps ? chart.draw(i, random) : moved(i, x[i], width);
    }
    return chart.settleFeasible(x, random) ? Optional.of(x) : Optional.empty();
  }

  private double moved(int i, double at, double width) {
    double to = at + width * random.nextGaussian();
    double folded = to < 0 ? -to : to > 1 ? 2 - to : to;
    double step = chart.snap(i, folded);
    return step == at && Double.isFinite(chart.steps(i))
        ? chart.snap(i, at + (random.nextBoolean() ? 1 : -1) / Math.max(1, chart.steps(i) - 1))
        : step;
  }

  private double[] univariate() {
    int good = Math.clamp((int) Math.ceil(0.1 * ranking.size()), 1, 25);
    List<double[]> best = rows(ranking.subList(0, good));
    List<double[]> rest = rows(ranking.subList(good, ranking.size()));
    double[] x = new double[chart.dimensions()];
    for (int i = 0; i < x.length; i++) {
      Parzen dense = Parzen.of(chart, i, best);
      Parzen other = Parzen.of(chart, i, rest);
      double most = Double.NEGATIVE_INFINITY;
      for (int draw = 0; draw < 24; draw++) {
        double at = chart.snap(i, dense.draw(random));
        double gain = dense.logDensity(at) - other.logDensity(at);
        if (gain > most) {
          most = gain;
          x[i] = at;
        }
      }
    }
    return chart.settleFeasible(x, random) ? x : study.fresh(random);
  }

  private List<double[]> rows(List<Integer> trials) {
    return trials.stream().map(study.rows::get).toList();
  }

  /** A kernel over all dimensions on each good trial; good beside bad density at its draws. */
  private Optional<double[]> joint() {
    int good = Math.clamp((int) Math.ceil(0.1 * ranking.size()), 2, 15);
    List<double[]> best = rows(ranking.subList(0, good));
    List<double[]> rest = rows(ranking.subList(good, ranking.size()));
    double width = Math.max(0.06, 0.3 * Math.pow(best.size(), -0.25));
    Optional<double[]> found = Optional.empty();
    double most = Double.NEGATIVE_INFINITY;
    for (int draw = 0; draw < 64; draw++) {
      double[] x = study.xs.get(ranking.get(random.nextInt(good))).clone();
      for (int i = 0; i < x.length; i++) {
        boolean jumps = chart.levels(i) > 0 || chart.isMark(i, x[i]);
        x[i] =
            jumps
                ? random.nextInt(6) == 0 ? chart.draw(i, random) : x[i]
                : moved(i, x[i], width / 2);
      }
      if (chart.settleFeasible(x, random) && study.isNew(x)) {
        double[] row = chart.row(x);
        double gain = density(row, best, width) - density(row, rest, width);
        if (gain > most) {
          most = gain;
          found = Optional.of(x);
        }
      }
    }
    return found;
  }

  private double density(double[] row, List<double[]> rows, double width) {
    double sum = 1e-12;
    for (double[] other : rows) {
      double log = 0;
      for (int i = 0; i < row.length; i++) {
        boolean number =
            chart.levels(i) == 0 && !chart.isMark(i, row[i]) && !chart.isMark(i, other[i]);
        double off = number ? (row[i] - other[i]) / width : row[i] == other[i] ? 0 : 2;
        log -= off * off / 2;
      }
      sum += Math.exp(log);
    }
    return Math.log(sum / Math.max(1, rows.size()));
  }

  /** A trial with symptoms, the stronger and the less used the likelier, a little changed. */
  private Optional<double[]> fuzz() {
    double floor = study.worst();
    double[] energy = new double[study.size()];
    for (int i = 0; i < energy.length; i++) {
      double symptom = study.scores.get(i) - floor;
      int tries = 1;
      for (int j = 0; j < energy.length; j++) {
        tries += Likeness.of(chart, study.rows.get(i), study.rows.get(j)) > 0.75 ? 1 : 0;
      }
      energy[i] = symptom * symptom / tries;
    }
    if (Arrays.stream(energy).sum() <= 0) {
      return Optional.empty();
    }
    for (int tries = 0; tries < 10; tries++) {
      int parent = Roulette.spin(energy, random);
      Optional<double[]> child = near(study.xs.get(parent), 0.2).filter(study::isNew);
      if (child.isPresent()) {
        return child;
      }
    }
    return Optional.empty();
  }
}
