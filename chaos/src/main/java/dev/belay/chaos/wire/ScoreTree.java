package dev.belay.chaos.wire;

import dev.belay.chaos.score.Component;
import dev.belay.chaos.score.Dimension;
import dev.belay.chaos.score.Score;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Scores as trees. */
public final class ScoreTree {
  private ScoreTree() {}

  /** The tree of a score. */
  public static Map<String, Object> write(Score score) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("total_score", score.total());
    tree.put("bug_score", score.bug());
    tree.put("performance_score", score.performance());
    tree.put("structure_score", score.structure());
    tree.put("discovery_score", score.discovery());
    tree.put("components", write(score.components()));
    tree.put("amplified", write(score.amplified()));
    if (!score.warnings().isEmpty()) {
      tree.put("warnings", score.warnings());
    }
    return tree;
  }

  private static Map<String, Object> write(Map<Dimension, Component> parts) {
    Map<String, Object> tree = new LinkedHashMap<>();
    parts.forEach((dimension, part) -> {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("score", part.score());
      one.put("condition", part.condition());
      one.put("inputs", part.inputs());
      if (part.missing()) {
        one.put("missing", true);
      }
      tree.put(dimension.word(), one);
    });
    return tree;
  }

  /**
   * The score of a tree.
   *
   * @throws WireException if it is none; names the place
   */
  public static Score read(Tree tree) {
    for (String derived : new String[] {"bug_score", "performance_score", "structure_score"}) {
      double unused = tree.number(derived, 0, 10); // said again in the components
    }
    Score score =
        new Score(
            tree.number("total_score", 0, 10),
            tree.number("discovery_score", 0, 10),
            parts(tree.tree("components")),
            parts(tree.tree("amplified")),
            tree.texts("warnings"));
    tree.close();
    return score;
  }

  private static Map<Dimension, Component> parts(Tree tree) {
    Map<Dimension, Component> parts = new EnumMap<>(Dimension.class);
    for (Dimension dimension : Dimension.values()) {
      tree.maybeTree(dimension.word())
          .ifPresent(one -> {
            parts.put(
                dimension,
                new Component(
                    one.number("score", 0, 10),
                    one.text("condition"),
                    one.text("inputs"),
                    one.yesNo("missing", false)));
            one.close();
          });
    }
    tree.close();
    return parts;
  }
}
