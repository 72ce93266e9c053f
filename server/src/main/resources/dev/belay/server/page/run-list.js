// The runs, the newest first, and how far each has come.

import { Rows, h, mark, panel, say } from "./dom.js";
import { count, clock as time, day, word } from "./format.js";
import { submitPlan } from "./run-submit.js";
import { isOver, moodOf, signOf, took } from "./run-words.js";

const STEP = 50;
const MOST = 500;

/** `choose(run)` hears of what is to be shown; `seen(run)` how the chosen one stands. */
export function listPanel({ api, every }, choose, seen) {
  let shown = STEP;
  let chosen = null;
  const list = h("ol", { class: "runs", "aria-label": "Runs" });
  const rows = new Rows(list, (run) => run.run, row);
  const empty = h("div", { class: "empty", hidden: true });
  const note = h("span", { class: "count", "aria-live": "polite" });
  const more = h("button", { type: "button", hidden: true, onclick: () => { shown = Math.min(MOST, shown + STEP); poll.now(); } }, "Show more");
  const submit = h("button", { type: "button", class: "primary", onclick: async () => {
    const run = await submitPlan(api);
    if (run === null) return;
    choose(run);
    poll.now();
  } }, "Submit a plan");
  const element = panel("runs", "Runs", [submit], list, empty, h("div", { class: "pages" }, note, more));

  function row(made) {
    const [sign, name] = [h("span", { class: "sign", "aria-hidden": "true" }), h("b", {})];
    const [state, far, length, began, id] = ["", "", "", "", ""].map(() => h("span", {}));
    const button = h("button", { type: "button", onclick: () => choose(made.run) },
      h("span", { class: "title" }, sign, name), h("span", { class: "about" }, state, far, length, began, id));
    let run = made;
    return {
      element: h("li", { "data-run": made.run }, button),
      update(now) {
        run = now;
        mark(button, "data-state", now.state);
        mark(button, "data-mood", moodOf(now.state));
        mark(button, "aria-pressed", String(now.run === chosen));
        say(sign, signOf(now.state));
        say(name, now.name || now.run);
        say(state, word(now.state));
        say(began, `${day(now.started)} ${time(now.started)}`);
        say(id, now.run);
        this.tick();
      },
      tick() {
        say(length, took(run));
        const states = Object.entries(run.tasks);
        const all = states.reduce((sum, [, tasks]) => sum + tasks, 0);
        const done = states.reduce((sum, [state, tasks]) => sum + (isOver(state) ? tasks : 0), 0);
        say(far, `${count(done)}/${count(all)} tasks`);
      },
    };
  }

  /** The chosen one comes on, as is told faster than the list is asked for. */
  function tell(run, tasks) {
    const tally = {};
    for (const task of tasks) tally[task.state] = (tally[task.state] ?? 0) + 1;
    rows.get(run.run)?.update({ ...run, tasks: tally });
  }

  async function load() {
    let runs = [];
    let problem = null;
    try {
      ({ runs } = await api.get(`runs?limit=${shown}`));
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      problem = failure.message;
    }
    rows.show(runs);
    list.hidden = runs.length === 0;
    empty.hidden = runs.length > 0;
    submit.disabled = problem !== null;
    if (problem !== null) empty.replaceChildren(h("strong", {}, problem));
    else if (runs.length === 0) {
      empty.replaceChildren(h("strong", {}, "No plan has been run."), h("p", {}, "Submit one here, or run ", h("code", {}, "belay run PLAN"), "."));
    }
    more.hidden = runs.length < shown || shown >= MOST;
    say(note, runs.length ? `${count(runs.length)} shown` : "");
    const mine = runs.find((run) => run.run === chosen);
    if (mine) seen(mine);
  }

  const clock = setInterval(() => { for (const one of rows.values()) one.tick(); }, 1000);
  const poll = every(2000, load);
  return {
    element,
    tell,
    reload: () => poll.now(),
    /** Marks one as the one that is shown. */
    mark(run) {
      chosen = run;
      for (const item of list.children) mark(item.firstChild, "aria-pressed", String(item.dataset.run === run));
    },
    stop() {
      clearInterval(clock);
      poll.stop();
    },
  };
}
