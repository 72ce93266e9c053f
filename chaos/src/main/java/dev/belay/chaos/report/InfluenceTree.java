package dev.belay.chaos.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What makes trials bad, as a tree of maps, lists and values. */
final class InfluenceTree {
  private static final double PLACES = 1_000;

  private InfluenceTree() {}

  static Map<String, Object> write(Influence influence) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("target", influence.target());
    tree.put("trials", influence.trials());
    tree.put("explained", rounded(influence.explained()));
    tree.put("text", Words.influence(influence));
    tree.put("parts", influence.parts().stream().map(InfluenceTree::part).toList());
    influence.together().ifPresent(pair -> tree.put("together", together(pair)));
    return tree;
  }

  private static Map<String, Object> part(Influence.Part part) {
    Map<String, Object> tree = feature(part.feature(), part.at());
    tree.put("spread", rounded(part.spread()));
    tree.put("mean", rounded(part.mean()));
    tree.put("lines", part.lines().stream().map(InfluenceTree::rounded).toList());
    return tree;
  }

  private static Map<String, Object> feature(Feature feature, List<Double> at) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("name", feature.name());
    tree.put("type", feature.isCategory() ? "categorical" : "real");
    tree.put("values", at.stream().map(feature::text).toList());
    return tree;
  }

  private static Map<String, Object> together(Influence.Together pair) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("across", feature(pair.across(), pair.acrossAt()));
    tree.put("up", feature(pair.up(), pair.upAt()));
    tree.put("mean", pair.mean().stream().map(InfluenceTree::rounded).toList());
    tree.put("strength", rounded(pair.strength()));
    return tree;
  }

  private static List<Double> rounded(List<Double> numbers) {
    return numbers.stream().map(InfluenceTree::rounded).toList();
  }

  /** To three places: nobody reads more of them. */
  static double rounded(double number) {
    return Math.round(number * PLACES) / PLACES;
  }
}
