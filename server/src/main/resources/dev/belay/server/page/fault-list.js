// The sessions, the newest first, how far each has come and what it has found.

import { attempt } from "./dialogs.js";
import { Rows, h, mark, panel, say } from "./dom.js";
import { count, clock as time, day, length, word } from "./format.js";
import { startSession } from "./fault-start.js";
import { isOver, many, moodOf, score, signOf } from "./fault-words.js";

const STEP = 20;
const MOST = 500;

/** `choose(session)` hears of what is to be shown. */
export function listPanel({ every }, faults, halt, choose) {
  let shown = STEP;
  let chosen = null;
  let services = [];
  const list = h("ol", { class: "runs", "aria-label": "Sessions" });
  const rows = new Rows(list, (session) => session.session_id, row);
  const empty = h("div", { class: "empty", hidden: true });
  const note = h("span", { class: "count", "aria-live": "polite" });
  const more = h("button", { type: "button", hidden: true, onclick: () => { shown = Math.min(MOST, shown + STEP); poll.now(); } }, "Show more");
  const start = h("button", { type: "button", class: "primary", disabled: true, onclick: async () => {
    if (!(await attempt(async () => { services = await faults.services(); }))) return;
    const session = await startSession(faults, services);
    if (session === null) return;
    choose(session);
    poll.now();
  } }, "Start a session");
  const element = panel("sessions", "Sessions", [halt.inForce, halt.halt, start], list, empty, h("div", { class: "pages" }, note, more));

  function row(made) {
    const [sign, name] = [h("span", { class: "sign", "aria-hidden": "true" }), h("b", {}, made.service_name)];
    const fill = h("i", { class: "bar-fill" });
    const [state, far, best, found, left, began] = Array.from({ length: 6 }, () => h("span", {}));
    const button = h("button", { type: "button", onclick: () => choose(made.session_id) },
      h("span", { class: "title" }, sign, name), h("span", { class: "bar-track", "aria-hidden": "true" }, fill),
      h("span", { class: "about" }, state, far, best, found, left, began));
    return {
      element: h("li", { "data-session": made.session_id }, button),
      update(now) {
        const { progress, statistics } = now;
        mark(button, "data-state", now.status.toLowerCase());
        mark(button, "data-mood", moodOf(now));
        mark(button, "aria-pressed", String(now.session_id === chosen));
        say(sign, signOf(now));
        say(state, now.paused ? "waits" : word(now.status.toLowerCase()));
        say(far, `${count(progress.trials_completed)}/${count(progress.max_trials)} trials`);
        fill.style.width = `${progress.progress_percent}%`;
        say(best, statistics.best_score !== null ? `best score ${score(statistics.best_score)}` : "no score yet");
        say(found, many(now.defects.length, "defect"));
        say(left, isOver(now.status) || now.estimated_remaining_sec === null ? "" : `${length(now.estimated_remaining_sec)} left`);
        left.hidden = left.textContent === "";
        say(began, `${day(now.created_at)} ${time(now.created_at)}`);
      },
    };
  }

  function showEmpty(sessions, problem) {
    empty.hidden = sessions.length > 0 && problem === null;
    if (problem !== null) empty.replaceChildren(h("strong", {}, problem));
    else if (services.length === 0) {
      empty.replaceChildren(h("strong", {}, "No service can be tried."),
        h("p", {}, "Put one under ", h("code", {}, "chaos.services"), " of belay.yaml, then start ", h("code", {}, "belay serve -c belay.yaml"), " again."));
    } else {
      empty.replaceChildren(h("strong", {}, "No session has been started."),
        h("p", {}, "Start one here, or run ", h("code", {}, `belay chaos run ${services[0]}`), "."));
    }
  }

  async function load() {
    let sessions = [];
    let problem = null;
    try {
      if (services.length === 0) services = await faults.services(); // the server may have got some since
      [{ sessions }] = await Promise.all([faults.sessions(shown), halt.load()]);
    } catch (failure) {
      if (failure.status === undefined) throw failure;
      problem = failure.message;
    }
    rows.show(sessions);
    list.hidden = sessions.length === 0;
    start.disabled = problem !== null || services.length === 0 || halt.halted;
    mark(start, "title", halt.halted ? "All faults are halted" : null);
    showEmpty(sessions, problem);
    more.hidden = sessions.length < shown || shown >= MOST;
    say(note, sessions.length ? `${count(sessions.length)} shown` : "");
  }

  const poll = every(2000, load);
  return {
    element,
    reload: () => poll.now(),
    /** The chosen one comes on, as is told faster than the list is asked for. */
    tell(view) {
      rows.get(view.session_id)?.update(view);
    },
    /** Marks one as the one that is shown. */
    mark(session) {
      chosen = session;
      for (const item of list.children) mark(item.firstChild, "aria-pressed", String(item.dataset.session === session));
    },
    stop: () => poll.stop(),
  };
}
