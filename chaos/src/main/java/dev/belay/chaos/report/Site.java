package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import java.util.Comparator;

/**
 * A kind of fault at an edge: what a cell of the heat map stands for.
 *
 * @param edge the calls
 * @param kind what happens to them, such as {@code delay}
 */
public record Site(Edge edge, String kind) implements Comparable<Site> {
  private static final Comparator<Site> ORDER =
      Comparator.comparing(Site::edge).thenComparing(Site::kind);

  @Override
  public int compareTo(Site other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return edge + " " + kind;
  }
}
