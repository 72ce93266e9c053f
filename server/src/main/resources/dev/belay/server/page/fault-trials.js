// The last trials, the newest first, and what the guard did.

import { Rows, h, mark, panel, say } from "./dom.js";
import { clock, word } from "./format.js";
import { planText, score } from "./fault-words.js";

const SHOWN = 50;

function outcome(trial) {
  if (trial.applying) return ["busy", "● is tried now"];
  if (trial.status === "FAILED") return ["warn", `⊘ could not be made: ${trial.error}`];
  if (trial.signature === null) return ["good", "✓ held"];
  return ["bad", `✗ ${trial.new ? "new failure: " : ""}${trial.signature}`];
}

export function trialPanel(model) {
  const empty = h("p", { class: "empty" });
  const body = h("tbody", {});
  const rows = new Rows(body, (trial) => trial.trial_id, (made) => {
    const cells = ["Trial", "Plan", "Proposed by", "Score", "What happened"].map((head) => h("td", { "data-label": head }));
    return {
      element: h("tr", { "data-trial": made.trial_id }, ...cells),
      update(trial) {
        const [mood, what] = outcome(trial);
        mark(this.element, "data-mood", mood);
        [trial.trial_id, planText(trial.fault_plan), trial.arm, score(trial.score?.total_score), what].forEach((text, i) => say(cells[i], text));
      },
    };
  });
  const table = h("div", { class: "scroll trials-scroll", tabindex: "0", role: "group", "aria-label": "Last trials" }, h("table", { class: "trials" }, h("caption", { class: "hidden" }, "The last trials"),
    h("thead", {}, h("tr", {}, ...["Trial", "Plan", "Proposed by", "Score", "What happened"].map((head) => h("th", { scope: "col" }, head)))), body));
  const element = panel("trials", "Last trials", [], empty, table);

  return {
    element,
    update() {
      const last = model.trials.slice(-SHOWN).reverse();
      const all = model.applying ? [{ ...model.applying, applying: true }, ...last] : last;
      table.hidden = all.length === 0;
      empty.hidden = all.length > 0;
      say(empty, "No trial was made yet.");
      rows.show(all);
    },
  };
}

export function safetyPanel(model) {
  const list = h("ol", { class: "feed safety" });
  const rows = new Rows(list, (entry) => entry.key, (made) => ({
    element: h("li", { "data-kind": made.kind }, h("time", {}, clock(made.at)), h("b", {}, word(made.kind)), h("span", {}, made.detail)),
    update() {},
  }));
  const empty = h("p", { class: "empty" });
  const element = panel("safety", "Safety log", [], empty, list);

  return {
    element,
    update() {
      empty.hidden = model.safety.length > 0;
      say(empty, "The guard had nothing to do.");
      rows.show(model.safety.map((entry, i) => ({ ...entry, key: i })).slice(-SHOWN).reverse());
    },
  };
}
