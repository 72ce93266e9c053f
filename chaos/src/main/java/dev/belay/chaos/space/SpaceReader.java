package dev.belay.chaos.space;

import dev.belay.settings.ConfigException;
import dev.belay.settings.Node;
import dev.belay.settings.Place;
import dev.belay.settings.Section;
import dev.belay.settings.Source;
import dev.belay.settings.YamlTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads spaces from documents. JSON is read as the YAML that it is; lines in messages are those of
 * the text. All that is wrong with a document is told at once, each thing by its path, such as
 * {@code search_space.dimensions[2].bounds}.
 */
public final class SpaceReader {
  /** Read by others from the same document. */
  private static final List<String> NEIGHBOURS =
      List.of("version", "cold_start", "optimizer", "analysis");

  private static final Pattern ANY = Pattern.compile("(?s).*");

  private static final Map<String, Inactive> STRATEGIES =
      Map.of("expand", Inactive.EXPAND, "filter", Inactive.FILTER, "encode", Inactive.ENCODE);

  private SpaceReader() {}

  /**
   * Reads a document that is a space.
   *
   * @param file what messages call it
   * @param path what messages put before its keys; may be empty
   * @param text YAML or JSON
   * @throws ConfigException with all that is wrong
   */
  public static SearchSpace read(String file, String path, String text) {
    Source source = new Source(file, Map.of());
    Section section = new Section(source, path, YamlTree.read(source, text));
    Optional<SearchSpace> space = read(section);
    section.close();
    source.check();
    return space.orElseThrow(() -> source.failed(1, "holds no search space"));
  }

  /** Reads a section that is a space; nothing, and problems in its source, if it is none. */
  public static Optional<SearchSpace> read(Section section) {
    NEIGHBOURS.forEach(section::place);
    String name = section.text("name", ANY, "a name", "");
    var unused =
        section.text("description", Pattern.compile("(?s).{0,512}"), "at most 512 characters", "");
    Inactive inactive =
        section
            .place("conditional_strategy")
            .flatMap(it -> it.oneOf(STRATEGIES.keySet().stream().sorted().toList()))
            .map(STRATEGIES::get)
            .orElse(Inactive.EXPAND);
    List<Place> dimensionPlaces =
        section.place("dimensions").flatMap(it -> it.list("dimensions")).orElse(List.of());
    List<Place> constraintPlaces =
        section.place("constraints").flatMap(it -> it.list("constraints")).orElse(List.of());
    if (dimensionPlaces.isEmpty()) {
      section.wrong("dimensions", "must be a list of 1 to 20 dimensions");
      return Optional.empty();
    }
    List<Dimension> dimensions = new ArrayList<>();
    for (Place place : dimensionPlaces) {
      place.section().flatMap(DimensionReader::read).ifPresent(dimensions::add);
    }
    List<Constraint> constraints = new ArrayList<>();
    List<Place> enabledPlaces = new ArrayList<>();
    boolean readable = dimensions.size() == dimensionPlaces.size();
    for (Place place : constraintPlaces) {
      readable &= ConstraintReader.read(place, constraints);
      if (enabledPlaces.size() < constraints.size()) {
        enabledPlaces.add(place);
      }
    }
    if (!readable) {
      return Optional.empty();
    }
    try {
      return Optional.of(new SearchSpace(name, dimensions, constraints, inactive));
    } catch (SpaceException refused) {
      String message = String.valueOf(refused.getMessage());
      Part part = refused.part();
      if (part.index().isPresent()) {
        List<Place> places =
            part.key().equals(Part.CONSTRAINTS.key()) ? enabledPlaces : dimensionPlaces;
        places.get(part.index().getAsInt()).wrong(message);
      } else {
        section.wrong(part.key(), message);
      }
      return Optional.empty();
    }
  }

  /** The value that is written at a place. */
  public static Optional<Value> value(Place place) {
    if (!(place.node() instanceof Node.Scalar scalar)) {
      place.wrong("must be a text, a number, true or false; was " + place.node().what());
      return Optional.empty();
    }
    return switch (scalar.kind()) {
      case TEXT -> place.text(ANY, "a text").map(Value::of);
      case NUMBER -> place.number(dev.belay.settings.Range.of(-1e300, 1e300)).map(Value::of);
      case BOOLEAN -> place.yesNo().map(Value::of);
      case NULL -> {
        place.wrong("must be a text, a number, true or false; was nothing");
        yield Optional.empty();
      }
    };
  }
}
