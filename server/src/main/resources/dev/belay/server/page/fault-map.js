// The services and who calls whom as a drawing, with the worst that is known of each call. What it
// says is in the table of what was tried, too.

import { h, mark, panel, svg } from "./dom.js";
import { HEATS, many } from "./fault-words.js";
import { layers, place } from "./run-layout.js";

const SIZE = { width: 118, height: 30, across: 84, down: 14, edge: 10 };
const MOST_SERVICES = 120;
const LETTERS = 16;
const SIGN_AT = 0.8; // of the way: near to the callee, the ways of one caller are apart
const ALONE = ["alone", "✗", "fails by itself", "a fault of this call is enough to break the system"];
const OTHERS = ["fails", "✗", "fails with others", "a part of a plan that breaks the system"];
const STATES = [ALONE, OTHERS, ...HEATS.filter(([state]) => state !== "fails")];

const key = (from, to) => JSON.stringify([from, to]);
const cut = (text) => (text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text);

/** Each call once: `{from, to, state, calls}`; `calls` is null if the healthy system never made it. */
export function callsOf({ service_map: map, heat_map: heat = [], defects = [] }) {
  const alone = new Set(defects.filter(({ minimal }) => minimal?.faults.length === 1)
    .map(({ minimal: { faults: [fault] } }) => key(fault.from, fault.service)));
  const all = new Map((map?.topology ?? []).map(({ source, target, call_count: calls }) =>
    [key(source, target), { from: source, to: target, state: "untested", calls }]));
  for (const { from, service: to, faults } of heat) {
    if (from === "*" || to === "*") continue;
    const state = HEATS.map(([name]) => name).find((name) => Object.values(faults).includes(name)) ?? "untested";
    const call = all.get(key(from, to)) ?? { from, to, calls: null };
    all.set(key(from, to), { ...call, state: state === "fails" && alone.has(key(from, to)) ? "alone" : state });
  }
  return [...all.values()];
}

/** The callers of each service, without the calls that close a circle. */
function tasksOf(calls) {
  const called = new Map();
  for (const { from, to } of calls) {
    for (const name of [from, to]) if (!called.has(name)) called.set(name, []);
    called.get(from).push(to);
  }
  const needs = new Map([...called.keys()].map((name) => [name, []]));
  const walked = new Set();
  const above = new Set();
  function walk(name) {
    walked.add(name);
    above.add(name);
    for (const next of called.get(name)) {
      if (!above.has(next)) needs.get(next).push(name);
      if (!walked.has(next)) walk(next);
    }
    above.delete(name);
  }
  const entered = new Set(calls.filter(({ from, to }) => from !== to).map(({ to }) => to));
  for (const name of called.keys()) if (!entered.has(name)) walk(name);
  for (const name of called.keys()) if (!walked.has(name)) walk(name);
  return [...needs].map(([task, all]) => ({ task, needs: all }));
}

function way(from, to) {
  const [x, y, u, v] = [from.x + SIZE.width, from.y + SIZE.height / 2, to.x, to.y + SIZE.height / 2];
  const bend = u <= x ? SIZE.across : Math.max(SIZE.across / 2, (u - x) / 2);
  const [a, b, c, d] = [(1 - SIGN_AT) ** 3, 3 * (1 - SIGN_AT) ** 2 * SIGN_AT, 3 * (1 - SIGN_AT) * SIGN_AT ** 2, SIGN_AT ** 3];
  return {
    path: `M${x} ${y}C${x + bend} ${y} ${u - bend} ${v} ${u} ${v}`,
    sign: { x: a * x + b * (x + bend) + c * (u - bend) + d * u, y: (a + b) * y + (c + d) * v + 4 },
  };
}

export function mapPanel(model) {
  const drawing = svg("svg", { class: "services", role: "img" });
  const frame = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "Services, and who calls whom" }, drawing);
  const legend = h("p", { class: "call-legend" });
  const element = panel("services", "Services", [], frame, legend);
  let shown = null;
  let drawn = "";
  let idle = true;

  function draw(calls, apis) {
    const { nodes, width, height } = place(layers(tasksOf(calls)).columns, SIZE);
    mark(drawing, "viewBox", `0 0 ${width} ${height}`);
    mark(drawing, "width", width);
    mark(drawing, "height", height);
    const counts = STATES.map(([state, sign, label, meaning]) => ({ state, sign, label, meaning, count: calls.filter((call) => call.state === state).length }))
      .filter(({ count }) => count > 0);
    const seldom = calls.filter(({ calls: usual }) => usual === null).length;
    mark(drawing, "aria-label", `${many(nodes.size, "service")}, ${many(calls.length, "call")}: ${counts.map(({ label, count }) => `${count} ${label}`).join(", ")}`);
    drawing.replaceChildren(
      ...calls.map(({ from, to, state, calls: usual }) => {
        const [, sign, label] = STATES.find(([name]) => name === state);
        const { path, sign: at } = way(nodes.get(from), nodes.get(to));
        return svg("g", { class: "call", "data-state": state },
          svg("title", {}, `${from}>${to}: ${label}, ${usual === null ? "called only while something fails" : many(usual, "call")}`),
          svg("path", { class: usual === null ? "seldom" : null, d: path }),
          svg("text", at, sign));
      }),
      ...[...nodes].map(([name, { x, y }]) => svg("g", { class: "service", transform: `translate(${x} ${y})` },
        svg("title", {}, apis[name] ? `${name}, ${many(apis[name], "API")}` : name),
        svg("rect", { width: SIZE.width, height: SIZE.height, rx: 6 }),
        svg("text", { x: SIZE.width / 2, y: SIZE.height / 2 + 4 }, cut(name)))));
    legend.replaceChildren(
      ...counts.map(({ state, sign, label, meaning, count }) => h("span", { "data-state": state, title: meaning }, `${sign} ${label} (${count})`)),
      ...(seldom > 0 ? [h("span", {}, `dashed: called only while something fails (${seldom})`)] : []));
  }

  return {
    element,
    update() {
      const { report } = model;
      if (report === shown) return;
      shown = report;
      const calls = report === null ? [] : callsOf(report);
      const names = new Set(calls.flatMap(({ from, to }) => [from, to]));
      idle = calls.length === 0 || names.size > MOST_SERVICES; // nothing to see, or nothing that anybody could
      const text = JSON.stringify(calls);
      if (idle || text === drawn) return;
      drawn = text;
      draw(calls, Object.fromEntries(Object.entries(report.service_map?.services ?? {}).map(([name, { apis }]) => [name, apis?.length ?? 0])));
    },
    /** Whether there is nothing to see. */
    get idle() {
      return idle;
    },
  };
}
