// The tasks of a run as a table: for those who do not see the drawing, and for plans too large for it.

import { Rows, h, mark, say } from "./dom.js";
import { count, word } from "./format.js";
import { moodOf, signOf, took } from "./run-words.js";

const STEP = 500;

/** `choose(task)` hears of what is to be shown beside it. */
export function taskTable(choose) {
  let shown = STEP;
  let all = [];
  let chosen = null;
  const body = h("tbody", {});
  const rows = new Rows(body, (task) => task.task, (made) => {
    const button = h("button", { type: "button", class: "quiet", onclick: () => choose(made.task) }, made.task);
    const cells = Array.from({ length: 5 }, () => h("td", {}));
    return {
      element: h("tr", { "data-task": made.task }, h("td", {}, button), ...cells),
      update(task) {
        mark(this.element, "data-mood", moodOf(task.state));
        mark(button, "aria-pressed", String(task.task === chosen));
        say(cells[0], `${signOf(task.state)} ${word(task.state)}`);
        say(cells[1], task.attempts);
        say(cells[2], took(task));
        say(cells[3], task.needs.join(", "));
        say(cells[4], task.why);
      },
    };
  });
  const note = h("span", { class: "count" });
  const more = h("button", { type: "button", onclick: () => { shown += STEP; draw(all); } }, "Show more");
  const element = h("div", {}, h("div", { class: "scroll tasks-scroll" }, h("table", { class: "tasks" }, h("caption", { class: "hidden" }, "Tasks of the run"),
    h("thead", {}, h("tr", {}, ...["Task", "State", "Attempts", "Took", "Needs", "Why"].map((title) => h("th", { scope: "col" }, title)))), body)),
  h("div", { class: "pages" }, note, more));

  function draw(tasks) {
    all = tasks;
    rows.show(tasks.slice(0, shown));
    more.hidden = tasks.length <= shown;
    say(note, `${count(Math.min(shown, tasks.length))} of ${count(tasks.length)} tasks`);
  }

  return {
    element,
    draw,
    select(task) {
      const before = chosen;
      chosen = task;
      for (const name of [before, task]) {
        const button = rows.get(name)?.element.querySelector("button");
        if (button) mark(button, "aria-pressed", String(name === chosen));
      }
    },
    update(changed) {
      for (const task of changed) rows.get(task.task)?.update(task);
    },
  };
}
