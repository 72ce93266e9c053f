// What failed, run by run, as the error reports have it.

import { Rows, h, panel, say } from "./dom.js";
import { clock, count, day, word } from "./format.js";

const MOST = 20;

export function errorPanel({ api, every }) {
  const list = h("ul", { class: "error-runs", "aria-label": "Runs with errors" });
  const rows = new Rows(list, (run) => run.run, run);
  const empty = h("p", { class: "hint" });
  const element = panel("model-errors", "Errors of runs", [], list, empty);

  function run(made) {
    const [total, classes, last] = [h("b", {}), h("span", {}), h("span", { class: "dim" })];
    return {
      element: h("li", { "data-run": made.run }, h("b", {}, made.run), " ", total, " ", classes, " ", last),
      update(now) {
        say(total, count(now.total));
        say(classes, Object.entries(now.by_class).map(([name, number]) => `${word(name.toLowerCase())} ${count(number)}`).join(", "));
        say(last, now.last ? `last ${day(now.last)} ${clock(now.last)}` : "");
      },
    };
  }

  async function load() {
    const answer = await api.find("llm/errors");
    list.hidden = answer === null || answer.runs.length === 0;
    empty.hidden = !list.hidden;
    say(empty, answer === null ? "Errors are not written down; llm.error_reports.dir in belay.yaml says where to." : "Nothing has failed.");
    if (answer !== null) rows.show(answer.runs.slice(0, MOST));
  }

  const poll = every(5000, load);
  return { element, stop: () => poll.stop() };
}
