// The ways in which the system failed, each with the smallest plan that shows it.

import { Rows, h, mark, panel, say } from "./dom.js";
import { faultText, isOver, many, oddsText, score } from "./fault-words.js";

const HEADS = ["Failure", "Smallest plan", "Amplification", "Shows", "Hint"];

/** What the system did by itself, beyond what the faults did to it. */
const amplification = (defect) => score(defect.score?.discovery_score);

const shows = (defect) => oddsText(defect.minimal) ?? `in trial ${defect.trial}; not made smaller yet`;

/** `choose(trial)` hears of the defect that is to be shown, by the trial that found it. */
export function defectPanel(model, choose) {
  let chosen = null;
  const note = h("span", { class: "count" });
  const empty = h("p", { class: "empty" });
  const body = h("tbody", {});
  const rows = new Rows(body, (defect) => defect.trial, (made) => {
    const button = h("button", { type: "button", class: "quiet", onclick: () => choose(made.trial) });
    const cells = HEADS.map((head) => h("td", { "data-label": head }));
    cells[0].append(button);
    return {
      element: h("tr", { "data-trial": made.trial }, ...cells),
      update(defect) {
        mark(button, "aria-pressed", String(defect.trial === chosen));
        say(button, defect.signature);
        say(cells[1], (defect.minimal ?? defect.found).faults.map(faultText).join("\n"));
        say(cells[2], `${amplification(defect)} of 10`);
        say(cells[3], shows(defect));
        mark(cells[3], "title", defect.minimal ? "Wilson's interval at 95 %" : null);
        say(cells[4], defect.hints.map((hint) => `${hint.title} at ${hint.where}`)[0] ?? "no known pattern");
      },
    };
  });
  const table = h("div", { class: "scroll" }, h("table", { class: "defects" }, h("caption", { class: "hidden" }, "Defects of the session"),
    h("thead", {}, h("tr", {}, ...HEADS.map((head) => h("th", { scope: "col" }, head)))), body));
  const element = panel("defects", "Defects", [note], empty, table);

  return {
    element,
    update() {
      const defects = model.report?.defects ?? [];
      table.hidden = defects.length === 0;
      empty.hidden = defects.length > 0;
      say(note, defects.length > 0 ? many(defects.length, "defect") : "");
      const over = model.view !== null && isOver(model.view.status);
      say(empty, over ? "No failure was found. Start a session with more trials or another seed to look further." : "None has been found so far.");
      rows.show(defects);
    },
    select(trial) {
      chosen = trial;
      for (const row of body.children) mark(row.querySelector("button"), "aria-pressed", String(Number(row.dataset.trial) === trial));
    },
  };
}
