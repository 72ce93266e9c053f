package dev.belay.chaos.report;

import dev.belay.chaos.Edge;
import dev.belay.chaos.Fault;
import dev.belay.chaos.trace.ServiceMap;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The services and their calls as a graph, with what is known of each call. */
final class MapChart {
  private static final double WIDTH = 118;
  private static final double HEIGHT = 34;
  private static final double ACROSS = 120;
  private static final double DOWN = 18;
  private static final double EDGE = 10;
  private static final int MOST_SERVICES = 120;
  private static final int NAME = 17;

  private final Markup page;
  private final HeatMap heat;

  /** How many calls were seen of the healthy system. */
  private final Map<Edge, Long> usual = new TreeMap<>();

  /** The calls where one fault is enough. */
  private final Set<Edge> alone;

  private final Map<String, Integer> apis = new TreeMap<>();
  private final Map<String, Place> places = new HashMap<>();

  private record Place(double x, double y) {}

  MapChart(Markup page, Report report, ServiceMap map) {
    this.page = page;
    this.heat = report.tried().heat();
    this.alone = alone(report.findings());
    map.services().forEach((name, service) -> apis.put(name, service.apis().size()));
    map.topology().forEach(link -> usual.put(new Edge(link.source(), link.target()), link.calls()));
  }

  private static Set<Edge> alone(List<Finding> findings) {
    Set<Edge> alone = new HashSet<>();
    for (Finding finding : findings) {
      List<Fault> faults = finding.plan().faults();
      if (faults.size() == 1 && finding.defect().minimal().isPresent()) {
        alone.add(faults.getFirst().edge());
      }
    }
    return alone;
  }

  void draw() {
    Set<Edge> edges = new TreeSet<>(usual.keySet());
    heat.edges().stream().filter(edge -> !isAny(edge)).forEach(edges::add);
    List<List<String>> columns = Layers.of(apis.keySet(), edges);
    if (edges.isEmpty() || columns.stream().mapToInt(List::size).sum() > MOST_SERVICES) {
      return; // nothing to see, or nothing that anybody could
    }
    int tallest = columns.stream().mapToInt(List::size).max().orElse(1);
    double height = 2 * EDGE + tallest * (HEIGHT + DOWN) - DOWN;
    for (int column = 0; column < columns.size(); column++) {
      List<String> names = columns.get(column);
      double top = (height - names.size() * (HEIGHT + DOWN) + DOWN) / 2;
      for (int i = 0; i < names.size(); i++) {
        places.put(
            names.get(i), new Place(EDGE + column * (WIDTH + ACROSS), top + i * (HEIGHT + DOWN)));
      }
    }
    double width = 2 * EDGE + columns.size() * (WIDTH + ACROSS) - ACROSS;
    page.open("figure", "class", "map").element("figcaption", "Services, and who calls whom");
    page.open("div", "class", "wide");
    page.drawing(width, height, "Services, and who calls whom", "services");
    edges.forEach(this::call);
    places.forEach(this::service);
    page.close().close();
    legend(edges);
    table(edges);
    page.close();
  }

  private static boolean isAny(Edge edge) {
    return edge.caller().equals(Edge.ANY) || edge.callee().equals(Edge.ANY);
  }

  /** The worst that is known of any kind of fault. */
  static Heat state(HeatMap heat, Edge edge) {
    return heat.kinds().stream()
        .map(kind -> heat.at(edge, kind))
        .max(Comparator.naturalOrder())
        .orElse(Heat.UNTESTED);
  }

  /** In words; a fault that breaks the system by itself is worse than one that needs another. */
  private String label(Edge edge) {
    Heat state = state(heat, edge);
    return state != Heat.FAILS
        ? state.label()
        : alone.contains(edge) ? "fails by itself" : "fails with others";
  }

  private String kind(Edge edge) {
    return state(heat, edge).word() + (alone.contains(edge) ? " alone" : "");
  }

  private void call(Edge edge) {
    Place from = places.get(edge.caller());
    Place to = places.get(edge.callee());
    if (from == null || to == null) {
      return;
    }
    Heat state = state(heat, edge);
    boolean back = to.x() <= from.x();
    double x1 = from.x() + WIDTH;
    double y1 = from.y() + HEIGHT / 2;
    double x2 = to.x();
    double y2 = to.y() + HEIGHT / 2;
    double bend = back ? ACROSS : Math.max(ACROSS / 2, (x2 - x1) / 2);
    String path =
        "M%s %sC%s %s %s %s %s %s"
            .formatted(
                Markup.number(x1),
                Markup.number(y1),
                Markup.number(x1 + bend),
                Markup.number(y1),
                Markup.number(x2 - bend),
                Markup.number(y2),
                Markup.number(x2),
                Markup.number(y2));
    page.open("g", "class", "call " + kind(edge));
    page.element("title", "%s: %s, %s".formatted(edge, label(edge), calls(edge)));
    page.empty("path", "class", usual.containsKey(edge) ? "way" : "way seldom", "d", path);
    page.empty("circle", "cx", Markup.number(x2), "cy", Markup.number(y2), "r", "3.2");
    // near to the callee: there the ways of one caller are apart
    double at = 0.8;
    double rest = 1 - at;
    double x =
        rest * rest * rest * x1
            + 3 * rest * rest * at * (x1 + bend)
            + 3 * rest * at * at * (x2 - bend)
            + at * at * at * x2;
    double y =
        (rest * rest * rest + 3 * rest * rest * at) * y1 + (3 * rest * at * at + at * at * at) * y2;
    page.label("sign middle", x, y + 3.5, sign(state));
    page.close();
  }

  private String calls(Edge edge) {
    Long count = usual.get(edge);
    return count == null
        ? "called only while something fails"
        : Words.count((int) Math.min(Integer.MAX_VALUE, count), "call");
  }

  /** What colours say, for those who do not see them. */
  static String sign(Heat state) {
    return switch (state) {
      case FAILS -> "\u2717";
      case TOLERATED -> "\u2713";
      case UNCLEAR -> "?";
      case NEVER_STRUCK -> "\u25CB";
      case UNTESTED -> "\u00B7";
    };
  }

  private void service(String name, Place place) {
    int known = apis.getOrDefault(name, 0);
    page.open("g", "class", "service");
    page.element("title", known == 0 ? name : "%s, %s".formatted(name, Words.count(known, "API")));
    page.empty(
        "rect",
        "x",
        Markup.number(place.x()),
        "y",
        Markup.number(place.y()),
        "width",
        Markup.number(WIDTH),
        "height",
        Markup.number(HEIGHT),
        "rx",
        "6");
    page.label("middle", place.x() + WIDTH / 2, place.y() + HEIGHT / 2 + 4, Words.cut(name, NAME));
    page.close();
  }

  private void legend(Collection<Edge> edges) {
    page.open("p", "class", "states");
    Map<String, List<Edge>> byLabel = new TreeMap<>();
    edges.forEach(
        edge -> byLabel.computeIfAbsent(label(edge), none -> new ArrayList<>()).add(edge));
    byLabel.forEach((label, those) -> {
      Edge first = those.getFirst();
      String sign = sign(state(heat, first));
      String text = "%s %s (%d)".formatted(sign, label, those.size());
      page.element("span", text, "class", kind(first));
    });
    if (edges.stream().anyMatch(edge -> !usual.containsKey(edge))) {
      page.element("span", "dashed: called only while something fails", "class", "untested");
    }
    page.close();
  }

  private void table(Collection<Edge> edges) {
    List<List<String>> rows = new ArrayList<>();
    edges.forEach(
        edge -> rows.add(List.of(edge.caller(), edge.callee(), calls(edge), label(edge))));
    page.figures("The calls as a table", List.of("from", "to", "healthy", "faults"), rows);
  }
}
