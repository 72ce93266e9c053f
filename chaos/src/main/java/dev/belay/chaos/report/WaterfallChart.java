package dev.belay.chaos.report;

/** A trace as a picture, with what was struck marked. */
final class WaterfallChart {
  private static final double WIDTH = 520;
  private static final double NAMES = 190;
  private static final double ROW = 18;
  private static final double INDENT = 7;
  private static final double CHARACTER = 6.2;
  private static final double THINNEST = 1.5;

  private final Markup page;

  /** Nanoseconds that the whole width stands for; the same for pictures side by side. */
  private final long scale;

  WaterfallChart(Markup page, long scale) {
    this.page = page;
    this.scale = Math.max(1, scale);
  }

  void draw(String title, Waterfall trace) {
    page.open("figure");
    page.element("figcaption", "%s, %s".formatted(title, Words.nanos(trace.nanos())));
    page.open(
        "svg",
        "viewBox",
        "0 0 %s %s".formatted(Markup.number(WIDTH), Markup.number(ROW * trace.bars().size() + 4)),
        "role",
        "img",
        "aria-label",
        title);
    for (int i = 0; i < trace.bars().size(); i++) {
      bar(trace.bars().get(i), i * ROW);
    }
    page.close();
    if (trace.left() > 0) {
      page.element("p", "and " + Words.count(trace.left(), "more span"), "class", "none");
    }
    page.close();
  }

  private void bar(Waterfall.Bar bar, double y) {
    String fault = bar.fault().map(what -> ", struck by " + what).orElse("");
    String label = bar.name() + ", " + Words.nanos(bar.nanos()) + fault;
    double indent = Math.min(bar.depth() * INDENT, NAMES / 2);
    int room = (int) ((NAMES - indent) / CHARACTER);
    page.open("g");
    page.element("title", bar.error() ? label + ", failed" : label);
    page.element(
        "text",
        Words.cut(bar.name(), room),
        "class",
        "name",
        "x",
        Markup.number(indent),
        "y",
        Markup.number(y + ROW - 5));
    double wide = WIDTH - NAMES;
    double from = NAMES + wide * Math.clamp((double) bar.fromNanos() / scale, 0, 1);
    double width = Math.max(THINNEST, wide * Math.min(1, (double) bar.nanos() / scale));
    page.empty(
        "rect",
        "class",
        bar.error() ? "span error" : "span",
        "x",
        Markup.number(Math.min(from, WIDTH - THINNEST)),
        "y",
        Markup.number(y + 3),
        "width",
        Markup.number(Math.max(THINNEST, Math.min(width, WIDTH - from))),
        "height",
        Markup.number(ROW - 6));
    bar.fault()
        .ifPresent(what ->
            page.element(
                "text",
                "\u26a1 " + Words.cut(what, 24),
                "class",
                from > NAMES + wide / 2 ? "struck end" : "struck",
                "x",
                Markup.number(from > NAMES + wide / 2 ? from - 3 : from + 3),
                "y",
                Markup.number(y + ROW - 5)));
    page.close();
  }
}
