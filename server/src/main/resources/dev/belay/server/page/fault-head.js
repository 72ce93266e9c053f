// A session as a whole: how it stands, how far it is, and what can be done about it.

import { attempt, confirm, toast } from "./dialogs.js";
import { h, mark, panel, say } from "./dom.js";
import { clock, count, day, left, length, word } from "./format.js";
import { reportPath } from "./fault-api.js";
import { isOver, moodOf, planText, score, signOf } from "./fault-words.js";

const FORMATS = [["html", "HTML", "html"], ["markdown", "Markdown", "md"], ["json", "JSON", "json"]];
const REASON = "by hand on the page";

/** `acted()` hears when somebody has done something to the session here. */
export function headPanel(faults, model, acted) {
  const standing = h("p", { class: "standing", role: "status" });
  const rest = h("p", { class: "hint", id: "session-left" }); // changes by the second: not to be read out
  const fill = h("i", { class: "bar-fill" });
  const bar = h("div", { class: "bar-track fault-progress", role: "progressbar", "aria-label": "Trials", "aria-valuemin": 0 }, fill);
  const facts = h("dl", { class: "facts" });
  const problem = h("p", { class: "error", role: "alert" });
  const lost = h("div", { class: "run-lost", id: "session-lost", role: "alert", hidden: true });
  const lostText = h("span", {});
  lost.append(lostText, " ", h("button", { type: "button", onclick: () => model.retryNow() }, "Try now"));
  const stop = h("button", { type: "button", hidden: true, onclick: async () => {
    if (await confirm({ title: "Stop this session?", action: "Stop this session", keep: "Let it go on",
      text: "The trial that runs comes to its end. What was found stays; the session cannot go on later." })) await act("stop", "Stopping");
  } }, "Stop");
  const abort = h("button", { type: "button", hidden: true, title: "Takes its faults back at once", onclick: () => act("abort", "Its faults are taken back") }, "Abort now");
  const links = h("p", { class: "hint reports" });
  const empty = h("p", { class: "empty" });
  const content = h("div", { hidden: true }, standing, bar, rest, problem, facts, links);
  const element = panel("session", "Session", [stop, abort], lost, empty, content);
  const title = element.querySelector("h2");
  let told = "";

  async function act(what, done) {
    const { id } = model;
    [stop.disabled, abort.disabled] = [true, true];
    say(problem, "");
    try {
      await faults[what](id, REASON);
      toast(done);
    } catch (failure) {
      if (id === model.id) say(problem, failure.message);
    }
    [stop.disabled, abort.disabled] = [false, false];
    acted();
  }

  /** A link cannot bring a token, so that with one the file is fetched first. */
  function download(id, format, name) {
    return async (event) => {
      if (!faults.hasToken) return;
      event.preventDefault();
      await attempt(async () => {
        const address = URL.createObjectURL(await faults.file(id, format));
        h("a", { href: address, download: name }).click();
        setTimeout(() => URL.revokeObjectURL(address), 60_000);
      });
    };
  }

  function showLinks(view) {
    if (links.dataset.of === view.session_id) return;
    mark(links, "data-of", view.session_id);
    links.replaceChildren("Report: ", ...FORMATS.flatMap(([format, label, end], i) => {
      const name = `belay-chaos-${view.service_name}-${view.session_id.slice(0, 8)}.${end}`;
      return [i > 0 ? ", " : "", h("a", { href: reportPath(view.session_id, format), download: name, onclick: download(view.session_id, format, name) }, label)];
    }));
  }

  function factsOf(view) {
    const { progress, statistics, best_result: best } = view;
    return [
      ["Trials", `${count(progress.trials_completed)} of ${count(progress.max_trials)}`],
      ["Could not be made", progress.trials_failed || null],
      ["Defects", count(view.defects.length)],
      ["Best score", best ? `${score(statistics.best_score)} in trial ${best.trial_id}, under ${planText(best.fault_plan)}` : null],
      ["Mean score", best ? score(statistics.average_score) : null],
      ["Began", `${day(view.created_at)} ${clock(view.created_at)}`],
      ["Took", view.completed_at && view.started_at ? length((Date.parse(view.completed_at) - Date.parse(view.started_at)) / 1000) : null],
      ["Seed", view.seed], ["Id", view.session_id],
    ].filter(([, value]) => value !== null);
  }

  function update() {
    const { view } = model;
    lost.hidden = model.standing !== "lost";
    empty.hidden = view !== null;
    content.hidden = view === null;
    say(empty, model.id === null ? "Choose a session to see it, or start one." : model.standing === "gone" ? `There is no session ${model.id}.` : "…");
    say(title, view === null ? "Session" : `Session of ${view.service_name}`);
    stop.hidden = view === null || isOver(view.status) || view.status === "STOPPING";
    abort.hidden = view === null || isOver(view.status);
    tick();
    if (view === null) return;
    mark(standing, "data-mood", moodOf(view));
    mark(standing, "data-state", view.status.toLowerCase());
    mark(bar, "aria-valuemax", view.progress.max_trials);
    mark(bar, "aria-valuenow", view.progress.trials_completed);
    fill.style.width = `${view.progress.progress_percent}%`;
    showLinks(view);
    const now = factsOf(view);
    if (told !== JSON.stringify(now)) {
      told = JSON.stringify(now);
      facts.replaceChildren(...now.map(([name, value]) => h("div", {}, h("dt", {}, `${name} `), h("dd", {}, String(value)))));
    }
  }

  function remains(view) {
    if (isOver(view.status)) return "";
    if (view.progress.trials_completed === 0) return "The healthy system is looked at first.";
    if (view.estimated_remaining_sec === null) return "";
    const seconds = view.estimated_remaining_sec - Math.floor((performance.now() - model.viewedAt) / 1000);
    return `About ${length(Math.max(1, seconds))} left.`;
  }

  function tick() {
    if (model.standing === "lost") say(lostText, `The connection to this session is lost; trying again: ${left(model.retryAt - Date.now())}.`);
    const { view } = model;
    if (view === null) return;
    const why = view.paused ? `waits: ${view.paused}` : [word(view.status.toLowerCase()), view.stop_reason].filter(Boolean).join(": ");
    say(standing, `${signOf(view)} ${why}`);
    say(rest, remains(view));
    rest.hidden = rest.textContent === "";
  }

  return {
    element,
    update,
    tick,
    /** Another session: what was wrong with the last is of no interest. */
    clear() {
      say(problem, "");
      update();
    },
  };
}
