// One defect: its plan, what is probably wrong, what the system did by itself, and its failing trace
// beside a healthy one.

import { h, panel, say } from "./dom.js";
import { faultText, many, oddsText, score } from "./fault-words.js";
import { waterfall } from "./fault-waterfall.js";

const LEGEND = [["span", "a call"], ["error", "failed"], ["struck", "struck by a fault"]];

function traces(defect) {
  const { healthy_trace: healthy, failing_trace: failing } = defect;
  if (!healthy && !failing) {
    return [h("p", { class: "empty" }, "No trace came in. Set ", h("code", {}, "chaos.traces_port"), " in belay.yaml and let the services send their spans there.")];
  }
  const scale = Math.max(defect.healthy_trace_ns ?? 0, defect.failing_trace_ns ?? 0);
  return [
    h("p", { class: "legend" }, ...LEGEND.map(([kind, label]) => [h("i", { class: kind }), label])),
    h("div", { class: "beside" },
      healthy ? waterfall("Healthy", healthy, defect.healthy_trace_ns, defect.healthy_trace_left, scale) : null,
      failing ? waterfall("Failing", failing, defect.failing_trace_ns, defect.failing_trace_left, scale) : null),
  ];
}

function doing(defect) {
  if (!defect.score) return [];
  const parts = Object.entries(defect.score.amplified).filter(([, part]) => !part.missing);
  return [
    h("h3", {}, `What the system did by itself: ${score(defect.score.discovery_score)} of 10`),
    h("p", { class: "hint" }, `In trial ${defect.shown_by_trial}; with what the faults did, ${score(defect.score.total_score)}.`),
    h("div", { class: "scroll" }, h("table", { class: "parts" }, h("tbody", {}, ...parts.map(([dimension, part]) =>
      h("tr", {}, h("th", { scope: "row" }, dimension), h("td", {}, score(part.score)), h("td", {}, part.condition), h("td", {}, part.inputs)))))),
  ];
}

function hints(defect) {
  if (defect.hints.length === 0) return [h("p", { class: "hint" }, "No known pattern fits: compare the traces.")];
  return defect.hints.map((hint) => h("p", { class: "advice" }, h("strong", {}, hint.title), " at ", h("code", {}, hint.where), `. ${hint.advice}`));
}

function about(defect) {
  const odds = oddsText(defect.minimal)?.replace("%)", "% at 95 % confidence)");
  const small = defect.minimal ? `made as small as it gets in ${many(defect.minimal.runs, "run")}` : "not made smaller yet";
  return `Found by trial ${defect.trial}; ${small}.${odds ? ` Shows ${odds}.` : ""}`;
}

export function detailPanel(model) {
  let trial = null;
  let drawn = "";
  let idle = true;
  const body = h("div", {});
  const element = panel("defect", "Defect", [], body);
  const title = element.querySelector("h2");

  function update() {
    const all = model.report?.defects ?? [];
    const defect = all.find((one) => one.trial === trial) ?? null;
    idle = all.length === 0;
    const text = JSON.stringify(defect);
    if (text === drawn) return;
    drawn = text;
    say(title, defect === null ? "Defect" : defect.signature);
    if (defect === null) {
      body.replaceChildren(h("p", { class: "empty" }, "Choose a defect to see its traces."));
      return;
    }
    body.replaceChildren(
      h("p", {}, about(defect)),
      h("ul", { class: "fault-plan", "aria-label": "Smallest plan" }, ...(defect.minimal ?? defect.found).faults.map((fault) => h("li", {}, h("code", {}, faultText(fault))))),
      ...hints(defect), ...doing(defect), h("h3", {}, "Traces"), ...traces(defect));
  }

  return {
    element,
    update,
    show(wanted) {
      trial = wanted;
      update();
    },
    /** Whether there is nothing to choose. */
    get idle() {
      return idle;
    },
    /** Somebody has chosen it, and is to see it. */
    reveal() {
      const { top } = element.getBoundingClientRect();
      if (top < 0 || top > innerHeight / 2) element.scrollIntoView({ block: "start" });
    },
  };
}
