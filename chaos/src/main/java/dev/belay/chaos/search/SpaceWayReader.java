package dev.belay.chaos.search;

import dev.belay.chaos.space.OutsideSpace;
import dev.belay.chaos.space.Point;
import dev.belay.chaos.space.SearchSpace;
import dev.belay.chaos.space.SpaceReader;
import dev.belay.chaos.space.Value;
import dev.belay.settings.Place;
import dev.belay.settings.Range;
import dev.belay.settings.Section;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code cold_start} and {@code optimizer} of the document of a space. */
public final class SpaceWayReader {
  private static final Range<Double> ANY = Range.of(0.0, 1e6);

  private SpaceWayReader() {}

  /**
   * How a space is to be searched.
   *
   * @param file what messages call the document
   * @param path what messages put before its keys; may be empty
   * @param text the whole document, YAML or JSON
   * @param space the space that it describes
   * @param usual what holds where the document says nothing
   * @throws dev.belay.settings.ConfigException with all that is wrong, each thing by its path
   */
  public static SpaceWay read(
      String file, String path, String text, SearchSpace space, SpaceWay usual) {
    Source source = new Source(file, Map.of());
    Section document = new Section(source, path, YamlTree.read(source, text));
    boolean hasDesign = document.has("cold_start");
    boolean hasModel = document.has("optimizer");
    SpaceWay.Design design = usual.design().orElse(SpaceWay.Design.DEFAULT);
    Section cold = document.section("cold_start");
    int points = cold.whole("n_initial_points", Range.of(1, 1_000), design.points());
    boolean even =
        cold.oneOf("strategy", List.of("random", "lhs"), design.even() ? "lhs" : "random")
            .equals("lhs");
    List<Point> warm =
        cold.list("warm_start_points", "points", place -> point(place, space), List.of());
    cold.close();
    SpaceWay.Model model = model(document.section("optimizer"), hasModel);
    source.check();
    Optional<SpaceWay.Design> first =
        hasDesign || hasModel ? Optional.of(new SpaceWay.Design(points, even)) : usual.design();
    return document.build(() -> new SpaceWay(warm, first, model), SpaceWay.DEFAULT);
  }

  private static SpaceWay.Model model(Section section, boolean asked) {
    String unusedForest = section.oneOf("base_estimator", List.of("RF"), "RF");
    String unusedImprovement = section.oneOf("acq_func", List.of("EI"), "EI");
    Section more = section.section("acq_func_kwargs");
    double usual = SpaceWay.Model.Forest.USUAL_XI;
    Range<Double> range = Range.of(0.0, 10.0);
    double xi = section.number("xi", range, more.number("xi", range, usual));
    double unused = more.number("kappa", ANY, 0); // of another acquisition function
    more.close();
    section.close();
    return asked ? new SpaceWay.Model.Forest(xi) : new SpaceWay.Model.Several();
  }

  private static Optional<Point> point(Place place, SearchSpace space) {
    Optional<Section> there = place.section();
    if (there.isEmpty()) {
      return Optional.empty();
    }
    Section section = there.get();
    Map<String, Value> values = new LinkedHashMap<>();
    for (String name : section.keys()) {
      section.place(name).flatMap(SpaceReader::value).ifPresent(value -> values.put(name, value));
    }
    Point point = new Point(values);
    try {
      space.check(point);
      return Optional.of(point);
    } catch (OutsideSpace outside) {
      place.wrong("is no point of the space: " + outside.getMessage());
      return Optional.empty();
    }
  }
}
