// What is known of each kind of fault at each call, as a table.

import { h, panel, say } from "./dom.js";
import { HEATS, many } from "./fault-words.js";

const percent = (value) => `${value.toFixed(1)} %`;

/** How much was looked at, and what that says of the rest. */
function remains({ edge_pairs: pairs, quiet_random_trials: quiet, remaining_risk_at_95_percent: risk }) {
  return `Of all pairs of calls, ${pairs.struck} of ${pairs.of} (${percent(pairs.percent)}) were struck together. ` + (risk === undefined
    ? "No trial was drawn by chance since the last new failure, so that nothing can be said of what is left."
    : `The last ${many(quiet, "trial")} drawn by chance brought no new failure: with 95 % confidence, at most ${percent(100 * risk)} of such plans show one that is not known.`);
}

export function heatPanel(model) {
  const empty = h("p", { class: "empty" });
  const table = h("table", { class: "heat" });
  const frame = h("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": "What was tried" }, table);
  const legend = h("dl", { class: "heat-legend" }, ...HEATS.map(([state, sign, label, meaning]) =>
    h("div", {}, h("dt", { class: state }, `${sign} ${label}`), h("dd", {}, meaning))));
  const left = h("p", { class: "hint left" });
  const trust = h("p", { class: "hint trust" }, "The executor gave no receipts, so every fault of a plan counts as having struck.");
  const element = panel("heat", "What was tried", [], empty, frame, trust, legend, left);
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
      frame.hidden = legend.hidden = left.hidden = !any;
      if (any) say(left, remains(report.coverage));
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
