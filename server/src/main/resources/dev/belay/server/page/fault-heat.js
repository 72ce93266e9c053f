// What is known of each kind of fault at each call, as a table.

import { h, panel, say } from "./dom.js";
import { HEATS } from "./fault-words.js";

export function heatPanel(model) {
  const empty = h("p", { class: "empty" });
  const table = h("table", { class: "heat" });
  const frame = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "What was tried" }, table);
  const legend = h("dl", { class: "heat-legend" }, ...HEATS.map(([state, sign, label, meaning]) =>
    h("div", {}, h("dt", { class: state }, `${sign} ${label}`), h("dd", {}, meaning))));
  const trust = h("p", { class: "hint trust" }, "The executor gave no receipts, so every fault of a plan counts as having struck.");
  const element = panel("heat", "What was tried", [], empty, frame, trust, legend);
  let drawn = "";

  function cell(state) {
    const [, sign, label, meaning] = HEATS.find(([name]) => name === state);
    return h("td", { class: state, title: meaning }, `${sign} ${label}`);
  }

  return {
    element,
    update() {
      const { report } = model;
      const rows = report?.heat_map ?? [];
      const kinds = Object.keys(rows[0]?.faults ?? {});
      const any = kinds.length > 0;
      empty.hidden = any;
      frame.hidden = legend.hidden = !any;
      trust.hidden = !any || report.receipts;
      say(empty, "No fault has been put in force yet.");
      const text = JSON.stringify(rows);
      if (!any || text === drawn) return;
      drawn = text;
      table.replaceChildren(h("caption", { class: "hidden" }, "Kinds of faults at calls between services"),
        h("thead", {}, h("tr", {}, ...["Call", ...kinds].map((kind) => h("th", { scope: "col" }, kind)))),
        h("tbody", {}, ...rows.map(({ from, service, faults }) =>
          h("tr", {}, h("th", { scope: "row" }, `${from}>${service}`), ...kinds.map((kind) => cell(faults[kind]))))));
    },
  };
}
