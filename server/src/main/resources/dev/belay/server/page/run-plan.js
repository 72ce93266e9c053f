// The plan of a run as it is carried out: as a drawing, or as a table.

import { choice, h, panel, say } from "./dom.js";
import { word } from "./format.js";
import { graph } from "./run-graph.js";
import { taskTable } from "./run-table.js";
import { LEGEND, isOver, moodOf, signOf } from "./run-words.js";

const MOST_DRAWN = 2000;

/** `choose(task)` hears of what is to be shown beside it. */
export function planPanel(model, choose) {
  const [drawing, table] = [graph(choose), taskTable(choose)];
  let wanted = "graph";
  let kind = null;
  const counts = h("span", { class: "count" });
  const empty = h("p", { class: "empty" });
  const kinds = choice("Show as", [["graph", "Graph"], ["table", "Table"]], wanted, (one) => { wanted = one; draw(); });
  const legend = h("ul", { class: "run-legend", "aria-label": "Signs" }, ...LEGEND.map((state) =>
    h("li", { "data-mood": moodOf(state) }, h("span", { class: "sign" }, signOf(state)), " ", word(state))));
  const element = panel("plan-of-run", "Tasks", [counts, drawing.tools, kinds], empty, drawing.element, table.element, legend);

  function draw() {
    const tasks = [...model.tasks.values()];
    const large = tasks.length > MOST_DRAWN;
    kind = tasks.length === 0 ? null : large ? "table" : wanted;
    empty.hidden = kind !== null;
    say(empty, model.id === null ? "Choose a run to see its tasks." : model.standing === "gone" ? "There is no such run." : "…");
    drawing.element.hidden = drawing.tools.hidden = kind !== "graph";
    table.element.hidden = kind !== "table";
    legend.hidden = kind === null;
    kinds.hidden = large || kind === null;
    if (kind === "graph") drawing.draw(tasks);
    if (kind === "table") table.draw(tasks);
    tally();
  }

  function tally() {
    const states = new Map();
    for (const { state } of model.tasks.values()) states.set(state, (states.get(state) ?? 0) + 1);
    say(counts, [...states].map(([state, number]) => `${number} ${word(state)}`).join(", "));
  }

  const shown = () => (kind === "graph" ? drawing : table);

  return {
    element,
    draw,
    select(task) {
      drawing.select(task);
      table.select(task);
    },
    update(names) {
      if (kind === null || names.size === 0) return;
      shown().update([...names].map((name) => model.tasks.get(name)).filter(Boolean));
      tally();
    },
    /** Those that go on take longer every second. */
    tick() {
      if (kind !== null) shown().update([...model.tasks.values()].filter((task) => task.started && !isOver(task.state)));
    },
  };
}
