package dev.belay.bench.criteria;

import java.util.ArrayList;
import java.util.List;

/** The pools of the experiments: for each proxy the share of attempts that it lets through. */
final class Worlds {
  /** Ten that lose one attempt in five, each independent of the last: transient failures. */
  static final List<Double> TRANSIENT = List.of(.8, .8, .8, .8, .8, .8, .8, .8, .8, .8);

  /** Three through which more than 70 % fail, among seven that work. */
  static final List<Double> DEGRADED = List.of(0., .1, .25, .98, .98, .98, .98, .98, .98, .98);

  /** From good to hopeless; 68 % on average. */
  static final List<Double> MIXED = List.of(.99, .98, .97, .95, .9, .8, .6, .4, .2, .05);

  private Worlds() {}

  /** Whether more than 70 % fail. */
  static boolean isHopeless(double successRate) {
    return 1 - successRate > 0.7;
  }

  static List<String> names(List<Double> world) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < world.size(); i++) {
      names.add("proxy-" + i);
    }
    return names;
  }
}
