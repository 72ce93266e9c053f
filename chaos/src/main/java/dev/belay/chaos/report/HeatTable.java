package dev.belay.chaos.report;

import dev.belay.chaos.Edge;

/** What is known of each kind of fault at each edge, as a table. */
final class HeatTable {
  private final Markup page;
  private final HeatMap heat;

  HeatTable(Markup page, HeatMap heat) {
    this.page = page;
    this.heat = heat;
  }

  void draw() {
    if (heat.edges().isEmpty() || heat.kinds().isEmpty()) {
      page.element("p", "No fault was planned.", "class", "none");
      return;
    }
    page.open("div", "class", "wide").open("table", "class", "heat");
    page.open("thead").open("tr");
    page.element("th", "edge");
    heat.kinds().forEach(kind -> page.element("th", kind));
    page.close().close();
    page.open("tbody");
    heat.edges().forEach(this::row);
    page.close().close().close();
    legend();
  }

  private void row(Edge edge) {
    page.open("tr");
    page.element("th", edge.toString());
    for (String kind : heat.kinds()) {
      Heat state = heat.at(edge, kind);
      page.element("td", state.label(), "class", state.word(), "title", state.meaning());
    }
    page.close();
  }

  private void legend() {
    page.open("dl", "class", "legend");
    for (Heat state : Heat.values()) {
      page.element("dt", "%s (%d)".formatted(state.label(), heat.count(state)));
      page.element("dd", state.meaning());
    }
    page.close();
  }
}
