// The tasks of a run as a drawing: what needs what, from left to right, and how each stands.

import { h, mark, say, svg } from "./dom.js";
import { word } from "./format.js";
import { layers, place } from "./run-layout.js";
import { moodOf, signOf, took } from "./run-words.js";

const ROOMY = { width: 176, height: 46, across: 64, down: 16, edge: 12, letters: 19 };
const COMPACT = { width: 104, height: 20, across: 40, down: 5, edge: 8, letters: 12 };
const MOST_ROOMY = 300;
const MOST_EDGES = 4000; // more are one line
const ZOOMS = [0.25, 0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.6];

const cut = (text, letters) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text);

/** `choose(task)` hears of what is to be shown beside it. */
export function graph(choose) {
  let [size, drawn, users, columns] = [ROOMY, null, new Map(), []];
  let shape = null;
  let tasks = new Map();
  let nodes = new Map();
  let edges = [];
  let chosen = null;
  let stop = null;
  let zoom = ZOOMS.indexOf(1);
  const drawing = svg("svg", { class: "graph", role: "listbox", "aria-label": "Tasks", onkeydown: press });
  const frame = h("div", { class: "graph-frame" }, drawing);
  const tools = h("div", { class: "tools", role: "group", "aria-label": "Size of the drawing" },
    h("button", { type: "button", "aria-label": "Smaller", onclick: () => scale(zoom - 1) }, "−"),
    h("button", { type: "button", "aria-label": "Larger", onclick: () => scale(zoom + 1) }, "+"),
    h("button", { type: "button", onclick: fit }, "Fit"));

  /** All of a plan; if it is the plan that is drawn already, only how its tasks stand. */
  function draw(all) {
    const now = JSON.stringify(all.map((task) => [task.task, task.needs]));
    if (now === shape) {
      update(all);
      return;
    }
    shape = now;
    tasks = new Map(all.map((task) => [task.task, task]));
    size = all.length > MOST_ROOMY ? COMPACT : ROOMY;
    ({ columns, users } = layers(all));
    drawn = place(columns, size);
    mark(drawing, "viewBox", `0 0 ${drawn.width} ${drawn.height}`);
    mark(drawing, "data-compact", size === COMPACT ? "" : null);
    edges = [];
    for (const task of all) for (const need of task.needs) if (drawn.nodes.has(need)) edges.push({ need, task: task.task });
    nodes = new Map();
    const lines = edges.length > MOST_EDGES
      ? [svg("path", { class: "edge", d: edges.map(curve).join("") })]
      : edges.map((edge) => (edge.line = svg("path", { class: "edge", d: curve(edge), "data-from": edge.need, "data-to": edge.task })));
    // in the order in which they are read, so that the tree of a screen reader is that of the eye
    drawing.replaceChildren(svg("g", { "aria-hidden": "true" }, ...lines), ...columns.flat().map((task) => node(tasks.get(task))));
    if (!tasks.has(chosen)) chosen = null;
    stop = null;
    if (all.length > 0) stopAt(chosen ?? columns[0][0]);
    scale(zoom);
  }

  function curve({ need, task }) {
    const [from, to] = [drawn.nodes.get(need), drawn.nodes.get(task)];
    const [x, y, u, v] = [from.x + size.width, from.y + size.height / 2, to.x, to.y + size.height / 2];
    const bend = Math.max(size.across / 2, (u - x) / 2.5);
    return `M${x} ${y}C${x + bend} ${y} ${u - bend} ${v} ${u} ${v}`;
  }

  function node(task) {
    const { x, y } = drawn.nodes.get(task.task);
    const roomy = size === ROOMY;
    const sign = svg("text", { class: "sign", x: roomy ? 11 : 5, y: roomy ? 19 : 14 });
    const note = roomy ? svg("text", { class: "note", x: 28, y: 36 }) : null;
    const element = svg("g", { class: "node", role: "option", tabindex: "-1", "data-task": task.task, transform: `translate(${x} ${y})`,
      onclick: () => pick(task.task) },
      svg("title", {}, task.task), svg("rect", { width: size.width, height: size.height, rx: roomy ? 7 : 4 }), sign,
      svg("text", { class: "name", x: roomy ? 28 : 19, y: roomy ? 19 : 14 }, cut(task.task, size.letters)), note);
    nodes.set(task.task, { element, sign, note });
    show(task);
    return element;
  }

  function show(task) {
    const { element, sign, note } = nodes.get(task.task);
    mark(element, "data-state", task.state);
    mark(element, "data-mood", moodOf(task.state));
    mark(element, "aria-selected", String(task.task === chosen));
    mark(element, "aria-label", [task.task, word(task.state), task.attempts > 1 ? `${task.attempts} attempts` : "", task.ended ? took(task) : ""]
      .filter(Boolean).join(", "));
    say(sign, signOf(task.state));
    if (note) say(note, [word(task.state), task.attempts > 1 ? `×${task.attempts}` : "", took(task)].filter(Boolean).join(" · "));
  }

  function update(changed) {
    for (const task of changed) {
      if (!nodes.has(task.task)) continue;
      tasks.set(task.task, task);
      show(task);
    }
  }

  function pick(task) {
    select(task);
    nodes.get(task)?.element.focus({ preventScroll: true });
    choose(task);
  }

  function select(task) {
    const before = chosen;
    chosen = tasks.has(task) ? task : null;
    for (const name of [before, chosen]) if (nodes.has(name)) show(tasks.get(name));
    if (chosen !== null) stopAt(chosen);
    for (const { need, task: user, line } of edges) if (line) mark(line, "data-near", chosen !== null && [need, user].includes(chosen) ? "" : null);
  }

  /** The Tab key leads to one node, arrows from there to others. */
  function stopAt(task) {
    if (nodes.has(stop)) mark(nodes.get(stop).element, "tabindex", "-1");
    stop = task;
    mark(nodes.get(task).element, "tabindex", "0");
  }

  function press(event) {
    const task = event.target.dataset?.task;
    if (event.ctrlKey || event.metaKey || event.altKey || !task) return;
    if (event.key === "+" || event.key === "-") scale(zoom + (event.key === "+" ? 1 : -1));
    else if (event.key === "Enter" || event.key === " ") pick(task);
    else {
      const next = neighbour(task, event.key);
      if (!next) return;
      stopAt(next);
      nodes.get(next).element.focus({ preventScroll: true });
      nodes.get(next).element.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    event.preventDefault();
  }

  /** Up and down in a column; to the right what needs it, to the left what it needs, or else what is near. */
  function neighbour(task, key) {
    const { column, place: at, y } = drawn.nodes.get(task);
    const near = (names) => (names ?? []).filter((name) => drawn.nodes.has(name))
      .toSorted((a, b) => Math.abs(drawn.nodes.get(a).y - y) - Math.abs(drawn.nodes.get(b).y - y))[0];
    switch (key) {
      case "ArrowDown": return columns[column][at + 1];
      case "ArrowUp": return columns[column][at - 1];
      case "ArrowRight": return near(users.get(task)) ?? near(columns[column + 1]);
      case "ArrowLeft": return near(tasks.get(task).needs) ?? near(columns[column - 1]);
      case "Home": return columns[0][0];
      case "End": return columns.at(-1)[0];
      default: return undefined;
    }
  }

  function scale(step) {
    zoom = Math.min(ZOOMS.length - 1, Math.max(0, step));
    if (drawn === null) return;
    mark(drawing, "width", Math.round(drawn.width * ZOOMS[zoom]));
    mark(drawing, "height", Math.round(drawn.height * ZOOMS[zoom]));
  }

  function fit() {
    if (drawn === null) return;
    const most = Math.min(1, frame.clientWidth / drawn.width, Math.max(240, innerHeight * 0.55) / drawn.height);
    scale(ZOOMS.findLastIndex((one) => one <= most));
  }

  return {
    element: frame,
    tools,
    draw,
    select,
    /** These are different now. */
    update,
  };
}
